"""Which image files are accepted, and whether a file is complete."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from functools import lru_cache

from bridge.curriculum.problems import VALID, Verdict
from bridge.messages import Message

MAX_IMAGE_BYTES = 512 * 1024
"""Maximum size of an image. Many learners read on a phone, and pay for what they load."""
MAX_PIXELS = 16_000_000
CONTENT_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
"""The type of an image, by the ending of its name."""
ENDINGS = tuple(CONTENT_TYPES)
USUAL_ENDINGS: Mapping[str, str] = {
    kind: kind.rpartition("/")[2].replace("jpeg", "jpg") for kind in CONTENT_TYPES.values()
}
CACHE_SIZE = 64
PNG = b"\x89PNG\r\n\x1a\n"
"""How every PNG begins."""
_CHUNK_FRAME_BYTES = 12
"""The bytes of a part of a PNG without its data."""
_GIF_END = b"\x3b"
_RIFF_HEADER_BYTES = 8
_SVG = (b"<svg", b"<?xml", b"<!doctype svg")
_BOM = b"\xef\xbb\xbf"


def content_type_of(content: bytes) -> str:
    """The type of an image, by how its content begins; '' if it is none that is accepted."""
    if content.startswith(PNG):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return ""


@lru_cache(maxsize=CACHE_SIZE)
def check_image(name: str, content: bytes) -> Verdict:
    """What is wrong with an image file, and what to do; VALID if nothing is.

    `name`: its name, for the messages. Its ending must say what the file is.
    """
    ending = name.rpartition(".")[2].lower()
    found = content_type_of(content)
    if ending == "svg" or (not found and content.removeprefix(_BOM).lower().startswith(_SVG)):
        scripts = Message("`%(path)s` is an SVG, which is refused: it can hold scripts.", path=name)
        return scripts, Message("save it as PNG or WebP")
    if not found or ending not in CONTENT_TYPES:
        wrong = Message("`%(name)s` is not a PNG, JPEG, GIF or WebP image.", name=name)
        return wrong, Message("save the image again as PNG or JPEG")
    if CONTENT_TYPES[ending] != found:
        kind = USUAL_ENDINGS[found]
        return (
            Message("The name `%(name)s` is wrong: the file is a %(kind)s.",
                    name=name, kind=found.rpartition("/")[2].upper()),
            Message("rename it, so that it ends with `.%(kind)s`", kind=kind),
        )  # fmt: skip
    return _check_content(name, content, found)


def _check_content(name: str, content: bytes, kind: str) -> Verdict:
    if len(content) > MAX_IMAGE_BYTES:
        limit = MAX_IMAGE_BYTES >> 10
        large = Message("`%(path)s` is larger than %(limit)s KiB.", path=name, limit=limit)
        return large, Message("save it at a smaller size")
    pixels = _pixels(content, kind)
    if not pixels:
        cut = Message("`%(path)s` is damaged: a part of the image is missing.", path=name)
        return cut, Message("copy or save the image again")
    if pixels > MAX_PIXELS:
        large = Message(
            "`%(path)s` has more than %(count)s million pixels.",
            path=name, count=MAX_PIXELS // 1_000_000,
        )  # fmt: skip
        return large, Message("save it at a smaller size")
    return VALID


def _pixels(content: bytes, kind: str) -> int:
    """The number of pixels of an image; 0 if it is damaged or incomplete."""
    from PIL import Image  # imported late: most texts show no images

    try:
        with Image.open(io.BytesIO(content), formats=[kind.rpartition("/")[2].upper()]) as image:
            pixels = image.width * image.height
            if pixels <= MAX_PIXELS:
                image.load()
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, Warning):
        return 0
    except Image.DecompressionBombError:
        return MAX_PIXELS + 1
    return pixels if _has_end(content, kind) else 0


def is_complete_png(content: bytes) -> bool:
    """Whether all parts of a PNG are there and undamaged, up to the one that ends it.

    Each part has its length, its type, its data and a checksum: PNG specification, section 5.3.
    """
    at = len(PNG)
    while at + _CHUNK_FRAME_BYTES <= len(content):
        length = int.from_bytes(content[at : at + 4])
        end = at + _CHUNK_FRAME_BYTES + length
        checked, checksum = content[at + 4 : end - 4], content[end - 4 : end]
        if end > len(content) or zlib.crc32(checked) != int.from_bytes(checksum):
            return False
        if checked[:4] == b"IEND":
            return True
        at = end
    return False


def _has_end(content: bytes, kind: str) -> bool:
    """Whether the parts of the file that Pillow doesn't need are there too."""
    if kind == "image/png":
        return is_complete_png(content)
    if kind == "image/gif":
        return content.rstrip(b"\0").endswith(_GIF_END)
    if kind == "image/webp":
        return len(content) >= int.from_bytes(content[4:8], "little") + _RIFF_HEADER_BYTES
    return True
