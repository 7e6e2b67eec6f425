"""Which image files are accepted."""

from __future__ import annotations

import pytest

from bridge.curriculum.images.formats import CONTENT_TYPES, MAX_IMAGE_BYTES, check_image
from bridge.curriculum.images.image_file import ImageFile, is_image_name, safe_name
from tests.curriculum.images.sample_images import sample_image

KINDS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}


def image(ending: str) -> bytes:
    return sample_image(KINDS[ending], size=(64, 64))


@pytest.mark.parametrize("ending", KINDS)
def test_every_kind_is_accepted_whole_and_refused_cut(ending: str) -> None:
    content = image(ending)
    assert check_image(f"a.{ending}", content) == ("", "")
    assert ImageFile(f"images/a.{ending}", content).content_type == CONTENT_TYPES[ending]
    for cut in (content[:-1], content[: len(content) // 2], content[:20]):
        assert "is damaged" in check_image(f"a.{ending}", cut)[0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG, which is refused"),
        ("a.png", b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "is an SVG, which is refused"),
        ("a.png", image("jpg"), "the file is a JPEG"),
        ("a.jpg", image("png"), "the file is a PNG"),
        ("a.png", b"", "is not a PNG, JPEG, GIF or WebP image"),
        ("a.bmp", sample_image("BMP"), "is not a PNG, JPEG, GIF or WebP image"),
        ("a.png", b"<html><script>alert(1)</script>", "is not a PNG, JPEG, GIF or WebP image"),
        ("a.png", image("png") + b"\0" * MAX_IMAGE_BYTES, "is larger than 512 KiB"),
        ("a.png", sample_image(size=(5000, 4000)), "has more than 16 million pixels"),
    ],
)
def test_what_is_refused(name: str, content: bytes, message: str) -> None:
    assert message in check_image(name, content)[0]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Plan de l’étage (2).PNG", "plan-de-l-etage-2.png"),
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\me\\Two steps.png", "two-steps.png"),
        ("x" * 200 + ".png", "x" * 76 + ".png"),
        ("....png", ""),
        ("ᓀᐦᐃᔭᐍᐏᐣ.png", ""),
    ],
)
def test_the_name_of_an_upload_is_made_safe(sent: str, stored: str) -> None:
    assert safe_name(sent, "png") == stored
    assert not stored or is_image_name(stored)


@pytest.mark.parametrize("name", ["a b.png", "é.png", ".png", "a.svg", "a/b.png", "a.png\n"])
def test_names_that_are_not_allowed(name: str) -> None:
    assert not is_image_name(name)
