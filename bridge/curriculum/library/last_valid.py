"""A copy of the last valid curricula, so that the service can start while the files have errors.

Each copy is a folder of its own, and a file names the one to use. It's replaced in one step after
the copy is complete, so a kill at any moment leaves the former copy in use.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

POINTER = "current"


def save(curricula: Path, store: Path) -> None:
    """Keep a copy of all curricula. An error of the disk is ignored: the former copy stays."""
    with suppress(OSError):
        store.mkdir(parents=True, exist_ok=True)
        copy = Path(tempfile.mkdtemp(prefix="version-", dir=store))
        shutil.copytree(curricula, copy, dirs_exist_ok=True, ignore=_hidden)
        _point_to(store, copy.name)
        for other in store.glob("version-*"):
            if other != copy:
                shutil.rmtree(other, ignore_errors=True)


def find(store: Path) -> Path | None:
    """The folder of the last valid curricula; None if none was kept."""
    try:
        name = (store / POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    kept = store / name
    return kept if name and kept.is_dir() else None


def _point_to(store: Path, name: str) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=store, prefix=".")
    with os.fdopen(descriptor, "w", encoding="utf-8") as target:
        target.write(name)
        target.flush()
        os.fsync(target.fileno())
    os.replace(temporary, store / POINTER)


def _hidden(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".")]
