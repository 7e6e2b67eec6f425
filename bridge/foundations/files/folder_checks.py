"""Whether the folder of files can be used, and whether anyone but the service could read it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

LOW_BYTES = 1024**3
"""Less free space than this is a warning."""
FULL_BYTES = 100 * 1024**2
"""With less free space than this, uploads may fail."""


@dataclass(frozen=True, slots=True)
class FolderProblem:
    """What is wrong with the folder. `is_error`: uploads fail, or files may become public."""

    is_error: bool
    what: str
    todo: str


def check_folder(folder: Path, served: Collection[Path]) -> Iterator[FolderProblem]:
    """Everything that is wrong with the folder of files, which may not exist yet.

    `served`: folders whose files are, or may be, sent to browsers.
    """
    place = folder.resolve()
    existing = next(each for each in (place, *place.parents) if each.is_dir())
    yield from _check_writing(place, existing)
    yield from _check_place(place, existing, served)
    yield from _check_space(existing)


def _check_writing(place: Path, existing: Path) -> Iterator[FolderProblem]:
    if existing != place and place.exists():
        yield FolderProblem(True, f"{place} is not a folder.", "Rename that file.")
        return
    try:
        with tempfile.TemporaryFile(dir=existing):
            return
    except OSError as error:
        what = f"{existing} is not writable: {error.strerror}."
        yield FolderProblem(True, what, "Give the user who runs the service the right to write.")


def _check_place(place: Path, existing: Path, served: Collection[Path]) -> Iterator[FolderProblem]:
    for each in served:
        if place.is_relative_to(each.resolve()):
            yield FolderProblem(
                True,
                f"{place} is below {each}, whose files browsers can get.",
                "Set `files.folder` to a folder outside it, and move the files there.",
            )
    for each in (place, *place.parents):
        if (each / ".git").exists() and not _is_ignored(place, existing):
            yield FolderProblem(
                False,
                f"{place} is in the repository {each}: a commit could publish people's files.",
                "Set `files.folder` to a folder outside it, or add it to .gitignore.",
            )


def _is_ignored(place: Path, existing: Path) -> bool:
    """Whether git ignores the folder. False if git isn't installed."""
    git = shutil.which("git")
    if git is None:
        return False
    command = [git, "-C", str(existing), "check-ignore", "--quiet", f"{place}/file"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def _check_space(existing: Path) -> Iterator[FolderProblem]:
    free = shutil.disk_usage(existing).free
    if free < LOW_BYTES:
        what = f"{existing} has {free // 1024**2} MB of free space."
        yield FolderProblem(free < FULL_BYTES, what, "Make room, or uploads will fail.")
