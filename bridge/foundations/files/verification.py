"""Decides what a file is, from its content alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from bridge.foundations.files.file_types import (
    AcceptedFile,
    FileRefused,
    FileType,
    check_size,
    detect_type,
    too_complex,
)
from bridge.messages import Message


def verify(content: bytes) -> AcceptedFile:
    """What the file is, and how much of it to store.

    Raises FileRefused, with the reason and what to do, if it isn't a complete PDF, PNG or JPEG
    without active content. Hostile files can take long and use much memory: see `isolation`.
    """
    check_size(len(content))
    kind = detect_type(content)
    check = _check_of(kind)
    try:
        return AcceptedFile(kind, check(content))
    except FileRefused:
        raise
    except (MemoryError, RecursionError):
        raise too_complex() from None
    except Exception:  # noqa: BLE001  (the libraries raise many types for damaged files)
        raise FileRefused(
            Message("The file is damaged or incomplete."),
            Message("Check that you can open it, and upload it again."),
        ) from None


def _check_of(kind: FileType) -> Callable[[bytes], int]:
    """The check that returns how much of a file to store.

    Each file is checked in a new process. It loads only the library of the file's type, because
    that takes longer than most checks.
    """
    match kind:
        case FileType.PDF:
            from bridge.foundations.files.pdf import check_pdf

            return check_pdf
        case FileType.PNG:
            from bridge.foundations.files.images import check_png

            return check_png
        case FileType.JPEG:
            from bridge.foundations.files.images import check_jpeg

            return check_jpeg
        case _:
            assert_never(kind)
