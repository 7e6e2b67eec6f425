"""An image of a curriculum, which its texts can show."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field
from functools import lru_cache

from bridge.curriculum.images.formats import CONTENT_TYPES, ENDINGS
from bridge.typography import without_accents

IMAGE_FOLDER = "images"
"""The folder, next to curriculum.yaml, with the images that texts can show."""
MAX_NAME_LENGTH = 80
DIGEST_LENGTH = 32
IMAGE_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]*\.(?:{'|'.join(ENDINGS)})", re.ASCII)
"""Names that are the same in YAML, in Markdown, in addresses and in Moodle."""
_OTHERS = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An image. `path`: from the curriculum's folder, such as `images/steps.png`."""

    path: str
    content: bytes = field(repr=False)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def digest(self) -> str:
        """The first hexadecimal digits of the content's SHA-256."""
        return _sha256(self.content)[:DIGEST_LENGTH]

    @property
    def moodle_hash(self) -> str:
        """The hash by which Moodle knows the content: SHA-1 (`lib/filestorage`), in hexadecimal."""
        return hashlib.sha1(self.content, usedforsecurity=False).hexdigest()

    @property
    def base64(self) -> str:
        return b64encode(self.content).decode()

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[ending_of(self.name)]


@lru_cache(maxsize=256)
def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def ending_of(name: str) -> str:
    """The ending of a file's name in lower case, without the dot; '' if there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_image_name(name: str) -> bool:
    """Whether an image may have this name."""
    return len(name) <= MAX_NAME_LENGTH and IMAGE_NAME.fullmatch(name) is not None


def image_path(name: str) -> str:
    """The path of the image with this name, from the curriculum's folder."""
    return f"{IMAGE_FOLDER}/{name}"


def safe_name(name: str, ending: str) -> str:
    """A valid name as similar as possible to that of an uploaded file; '' if nothing is left."""
    stem = without_accents(name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or name)
    kept = _OTHERS.sub("-", stem).strip("-_").lower()[: MAX_NAME_LENGTH - 1 - len(ending)]
    return f"{kept}.{ending}" if kept else ""
