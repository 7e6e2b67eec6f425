"""The icon and the picture of the site."""

from __future__ import annotations

import struct
import zlib
from html import escape

import pytest

from bridge.config import Colours
from bridge.web.layout import site_images
from tests.web.signed_in_users import SignedInUsers


@pytest.mark.parametrize(
    ("name", "letter"), [("Example", "E"), ("<éco>", "É"), ("“7” Union", "7"), ("&", "•")]
)
def test_the_icon_is_the_first_letter(name: str, letter: str) -> None:
    assert f">{letter}</text>" in site_images.icon(name, Colours())


def test_the_picture_is_a_valid_png_in_the_unions_colour() -> None:
    picture = site_images.preview(Colours(main="#102030"))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        kind, data = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", picture[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + data)
        chunks[kind], at = data, at + 12 + length
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (1200, 630)
    assert chunks[b"PLTE"].startswith(b"\x10\x20\x30")
    assert len(zlib.decompress(chunks[b"IDAT"])) == 630 * 1201


def test_every_page_names_them(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    page = browser.get("/welcome").text
    assert f'content="{users.config.service.url}/preview.png?v=' in page
    assert '<meta property="og:title" content="About the union">' in page
    assert page.count('name="theme-color"') == 2
    assert f'property="og:image:alt" content="{escape(users.config.union.name)}"' in page
    assert browser.get("/favicon.ico", follow_redirects=True).mimetype == "image/svg+xml"
    assert browser.get("/icon.svg").mimetype == "image/svg+xml"
    assert browser.get("/preview.png").mimetype == "image/png"
