"""Small PDFs and images, and hostile ones, made from scratch."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

CATALOG = "/Type /Catalog /Pages 2 0 R"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>"


def stream(content: bytes, keys: str = "") -> bytes:
    """A stream object. `content` is compressed if `keys` names the filter."""
    head = f"<< {keys} /Length {len(content)} >>\nstream\n".encode()
    return head + content + b"\nendstream"


def pdf(catalog: str = "", *more: str | bytes, trailer: str = "", unlisted: str = "") -> bytes:
    """A PDF of one page. `catalog`: more keys of the catalog; `more`: objects from 5 on;
    `unlisted`: an object that the table doesn't have."""
    first = (f"<< {CATALOG} {catalog} >>", PAGES, PAGE, stream(b"BT ET"))
    content, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate((*first, *more), 1):
        offsets.append(len(content))
        body = each if isinstance(each, bytes) else each.encode("latin-1")
        content += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    content += unlisted.encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(offsets) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R "
    return content + f"{tail}{trailer} >>\nstartxref\n{len(content)}\n%%EOF\n".encode()


def pdf_with_object_stream(hidden: str, *, padding: int = 0) -> bytes:
    """A PDF whose fifth object is in a compressed object stream, and whose xref is a stream too.

    `padding`: bytes of spaces in the object stream, to make a bomb.
    """
    packed = zlib.compress(f"5 0 {hidden} ".encode() + b" " * padding, 9)
    keys = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    first = f"<< {CATALOG} /OpenAction 5 0 R >>"
    bodies = (first, PAGES, PAGE, stream(b"BT ET"), None, stream(packed, keys))
    content, rows = b"%PDF-1.7\n", [struct.pack(">BIH", 0, 0, 65535)]
    for number, each in enumerate(bodies, 1):
        if each is None:
            rows.append(struct.pack(">BIH", 2, 6, 0))
            continue
        rows.append(struct.pack(">BIH", 1, len(content), 0))
        body = each if isinstance(each, bytes) else each.encode()
        content += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    rows.append(struct.pack(">BIH", 1, len(content), 0))
    keys = "/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R"
    xref = b"7 0 obj\n" + stream(b"".join(rows), keys) + b"\nendobj\n"
    return content + xref + f"startxref\n{len(content)}\n%%EOF\n".encode()


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """A picture with many colours, so that it isn't only a header."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def png_of_size(width: int, height: int, *more: bytes) -> bytes:
    """A black PNG of this size, with `more` chunks before the pixels."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" * ((width + 7) // 8 + 1)) * height, 9)
    chunks = header + b"".join(more) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks
