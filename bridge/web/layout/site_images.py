"""The site's icon and the picture that is shown next to a link to it, in the union's colours."""

from __future__ import annotations

import struct
import zlib
from html import escape

from bridge.config import Colours
from bridge.mail.colours import readable_colour

WIDTH, HEIGHT = 1200, 630
"""What programs that show links expect."""
STEPS = 5
MARGIN = 100


def icon(name: str, colours: Colours) -> str:
    """An SVG: the first letter of the union's name."""
    letter = next((each for each in name if each.isalnum()), "•").upper()
    ground = readable_colour(colours.main, "#ffffff")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="6" fill="{ground}"/>'
        '<text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="bold"'
        f' font-size="20" fill="#fff">{escape(letter)}</text></svg>'
    )


def preview(colours: Colours) -> bytes:
    """A PNG of stairs, 1200 × 630: one colour for each pixel from a palette of two."""
    rows = (_row(y) for y in range(HEIGHT))
    palette = bytes.fromhex(colours.main[1:] + readable_colour("#ffffff", colours.main)[1:])
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _row(y: int) -> bytes:
    """One row of pixels: each step of the stairs is higher than the one before."""
    width, rise = (WIDTH - 2 * MARGIN) // STEPS, (HEIGHT - 2 * MARGIN) // STEPS
    filled = sum(
        HEIGHT - MARGIN - (step + 1) * rise <= y < HEIGHT - MARGIN for step in range(STEPS)
    )
    empty = MARGIN + (STEPS - filled) * width if filled else WIDTH
    return b"\0" * empty + b"\1" * (filled * width) + b"\0" * (WIDTH - empty - filled * width)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
