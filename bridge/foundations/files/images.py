"""Checks PNG and JPEG images: they can be decoded, aren't too large, and where they end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from bridge.foundations.files.file_types import FileRefused
from bridge.messages import Message

MAX_PIXELS = 64_000_000
"""More than a page scanned at 600 dots per inch. A decoded image may take 4 bytes a pixel."""
PNG_SIGNATURE_BYTES = 8
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In compressed data, FF 00 is a value and FF D0 … D7 restart the decoder."""


class Damaged(Exception):
    """The image ends too early, or isn't one."""


def check_png(content: bytes) -> int:
    """The size of the image without what follows its end. Raises FileRefused."""
    from PIL.PngImagePlugin import PngImageFile

    end = 0
    for position, kind, length in _png_chunks(content):
        if position == PNG_SIGNATURE_BYTES:
            if kind != b"IHDR" or length < 8:
                raise Damaged
            width, height = (content[position + n : position + n + 4] for n in (8, 12))
            _check_pixels(int.from_bytes(width), int.from_bytes(height))
        end = position + length + 12
    with PngImageFile(BytesIO(content[:end])) as image:
        image.load()
    return end


def _png_chunks(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Position, kind and length of each chunk up to the last one."""
    position, kind = PNG_SIGNATURE_BYTES, b""
    while kind != b"IEND":
        length = int.from_bytes(content[position : position + 4])
        kind = content[position + 4 : position + 8]
        if position + length + 12 > len(content):
            raise Damaged
        yield position, kind, length
        position += length + 12


def check_jpeg(content: bytes) -> int:
    """The size of the image without what follows its end. Raises FileRefused."""
    from PIL.JpegImagePlugin import JpegImageFile

    framed, end = False, 0
    for position, marker in _jpeg_segments(content):
        if marker in START_OF_FRAME:
            height, width = (content[position + n : position + n + 2] for n in (5, 7))
            _check_pixels(int.from_bytes(width), int.from_bytes(height))
            framed = True
        end = position + 2
    if not framed:
        raise Damaged
    with JpegImageFile(BytesIO(content[:end])) as image:
        image.load()
    return end


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Position and marker of each segment up to the end of the image."""
    position, marker = 2, 0
    while marker != END_OF_IMAGE:
        while content[position : position + 2] == b"\xff\xff":
            position += 1
        if position + 2 > len(content) or content[position] != 0xFF:
            raise Damaged
        marker = content[position + 1]
        yield position, marker
        if marker in STANDALONE_MARKERS:
            position += 2
            continue
        position += 2 + int.from_bytes(content[position + 2 : position + 4])
        if marker == START_OF_SCAN:
            found = NEXT_MARKER.search(content, position)
            if found is None:
                raise Damaged
            position = found.start()


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise Damaged
    if width * height > MAX_PIXELS:
        raise FileRefused(
            Message("The image has more than %(limit)s million pixels.", limit=MAX_PIXELS // 10**6),
            Message("Make it smaller, and upload that."),
        )
