"""Decides what a file is, from its content alone."""

from __future__ import annotations

from bridge.foundations.files.file_types import (
    AcceptedFile,
    FileRefused,
    FileType,
    check_size,
    detect_type,
    too_complex,
)
from bridge.foundations.files.images import check_jpeg, check_png
from bridge.foundations.files.pdf import check_pdf
from bridge.messages import Message

CHECKS = {FileType.PDF: check_pdf, FileType.PNG: check_png, FileType.JPEG: check_jpeg}


def verify(content: bytes) -> AcceptedFile:
    """What the file is, and how much of it to store.

    Raises FileRefused, with the reason and what to do, if it isn't a complete PDF, PNG or JPEG
    without active content. Hostile files can take long and use much memory: see `isolation`.
    """
    check_size(len(content))
    kind = detect_type(content)
    try:
        return AcceptedFile(kind, CHECKS[kind](content))
    except FileRefused:
        raise
    except (MemoryError, RecursionError):
        raise too_complex() from None
    except Exception:  # noqa: BLE001  (the libraries raise many types for damaged files)
        raise FileRefused(
            Message("The file is damaged or incomplete."),
            Message("Check that you can open it, and upload it again."),
        ) from None
