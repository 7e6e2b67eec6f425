"""Write files so that readers, also after a kill, see the old content or the new one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART_PATTERN = ".*.part"
"""Files that are being written. They stay after a kill."""


def create(path: Path, content: bytes) -> None:
    """Create a file. Raises FileExistsError if it exists, even as a symbolic link."""
    with _written(path.parent, content) as part:
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                raise FileExistsError(path) from None
            os.replace(part, path)


def put(path: Path, content: bytes) -> None:
    """Create or replace a file, and keep its permissions. Raises OSError."""
    with _written(path.parent, content) as part:
        with suppress(FileNotFoundError):
            os.chmod(part, path.stat().st_mode & 0o777)
        os.replace(part, path)


@contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    """A temporary file with this content, with the permissions of a new file."""
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        with part.open("xb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        yield part
    finally:
        part.unlink(missing_ok=True)
