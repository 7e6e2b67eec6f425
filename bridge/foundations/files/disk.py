"""The folder of files: readable by the service only, outside anything served."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bridge.foundations.files.file_types import FileStorageError

INCOMING, ORPHANS = "incoming", "orphans"
"""Subfolders of files that are being written, and of files set aside because they have no row."""


def new_name() -> str:
    """A random name that says nothing about the file."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file on the disk. `at`: when it was written, or set aside."""

    name: str
    at: datetime
    set_aside: bool


class FileFolder:
    """Files by name, in subfolders named after the first two characters.

    All methods raise FileStorageError if the folder can't be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: bytes) -> None:
        """Write a file so that after a crash it is there completely or not at all."""
        with self._errors():
            temporary, final = self._temporary(name), self._final(name)
            for folder in (temporary.parent, final.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(final)
            for folder in (final.parent, self.path):
                _sync_folder(folder)

    def read(self, name: str) -> bytes | None:
        """The content of a file, None if it is missing."""
        with self._errors():
            for path in (self._final(name), self.path / ORPHANS / name):
                with suppress(FileNotFoundError):
                    return path.read_bytes()
        return None

    def delete(self, name: str) -> None:
        """Delete a file and what a crash left of writing it. Does nothing if there is neither."""
        with self._errors():
            for path in self._places(name):
                path.unlink(missing_ok=True)

    def set_aside(self, name: str, now: datetime) -> None:
        """Move a file without a row away."""
        with self._errors():
            target = self.path / ORPHANS / name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            for path in (self._temporary(name), self._final(name)):
                with suppress(FileNotFoundError):
                    path.rename(target)
                    os.utime(target, (now.timestamp(), now.timestamp()))

    def take_back(self, name: str) -> None:
        """Move a file that was set aside back."""
        with self._errors(), suppress(FileNotFoundError):
            self._final(name).parent.mkdir(mode=0o700, exist_ok=True)
            (self.path / ORPHANS / name).rename(self._final(name))

    def all_files(self) -> Iterator[FoundFile]:
        """Every file, also unfinished ones and those that were set aside."""
        with self._errors():
            for path in sorted(self.path.glob("*/*")):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield FoundFile(path.name, at, path.parent.name == ORPHANS)

    def _places(self, name: str) -> tuple[Path, ...]:
        return self._temporary(name), self._final(name), self.path / ORPHANS / name

    def _temporary(self, name: str) -> Path:
        return self.path / INCOMING / name

    def _final(self, name: str) -> Path:
        return self.path / name[:2] / name

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FileStorageError(
                f"the folder of files can't be used ({error.strerror}).",
                where=str(self.path),
                todo="Check `files.folder`, its permissions and the space on the disk.",
            ) from None


def _sync_folder(path: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
