"""The key that signs the pages' forms, if the operator sets none."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

FILE = Path("var/secret-key")
"""Next to the other files of the service."""


def kept_key(file: Path) -> str:
    """The key in `file`, created the first time: only its owner can read it.

    All processes that start at the same time get the same key. Raises OSError.
    """
    with suppress(FileNotFoundError):
        if key := file.read_text("ascii").strip():
            return key
        file.unlink()
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(temporary, file)
    finally:
        os.unlink(temporary)
    return file.read_text("ascii").strip()
