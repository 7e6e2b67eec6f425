"""Small images, made when a test needs them."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image


@lru_cache
def sample_image(kind: str = "PNG", colour: str = "navy", size: tuple[int, int] = (8, 6)) -> bytes:
    """The content of an image file. `kind`: as Pillow names it."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()
