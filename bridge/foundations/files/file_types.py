"""The types of files that are accepted, and the error for those that aren't."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bridge.errors import StewardpathError
from bridge.messages import Message

MAX_FILE_BYTES = 10 * 1024 * 1024


class FileType(StrEnum):
    """A type, decided by content."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"

    @property
    def mime_type(self) -> str:
        return "application/pdf" if self is FileType.PDF else f"image/{self.value}"

    @property
    def extension(self) -> str:
        return ".jpg" if self is FileType.JPEG else f".{self.value}"


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """An accepted file. Only its first `size` bytes are stored: what follows isn't part of it."""

    type: FileType
    size: int


class FileRefused(StewardpathError):
    """A file can't be accepted. `what` and `todo` are Messages for the person who sent it."""

    def __init__(self, what: Message, todo: Message) -> None:
        super().__init__(what, todo=todo)


class FileStorageError(StewardpathError):
    """The folder of files can't be read or written."""


def check_size(size: int) -> None:
    """Raises FileRefused if a file is empty or too large."""
    if size == 0:
        raise FileRefused(Message("The file is empty."), Message("Choose another file."))
    if size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024**2
        raise FileRefused(
            Message("The file is larger than %(limit)s MB.", limit=limit),
            Message("Choose a smaller one, for example a photo with fewer pixels."),
        )


def detect_type(content: bytes) -> FileType:
    """The type that the first bytes show. Raises FileRefused for any other."""
    for start, kind in STARTS.items():
        if content.startswith(start):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise FileRefused(
            Message("This photo is in the HEIC format."),
            Message("Save it as JPEG, or take a screenshot of it, and upload that."),
        )
    raise FileRefused(
        Message("This is not a PDF, PNG or JPEG file."),
        Message("Save it as one of these, and upload that."),
    )


def too_complex() -> FileRefused:
    """The error for a file whose check takes too much time or memory."""
    return FileRefused(
        Message("The file is too complex to check."),
        Message("Print it to a new PDF, or make the image smaller, and upload that."),
    )


STARTS = {
    b"%PDF-": FileType.PDF,
    b"\x89PNG\r\n\x1a\n": FileType.PNG,
    b"\xff\xd8\xff": FileType.JPEG,
}
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"})
