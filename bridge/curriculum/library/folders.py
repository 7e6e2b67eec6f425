"""Read curricula from folders of YAML files and images."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from bridge.curriculum.checking.file_names import (
    begins_with,
    is_hidden,
    is_like_yaml,
    misnamed_tops,
)
from bridge.curriculum.images.formats import MAX_IMAGE_BYTES
from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import TOP_FILE, Reading, read_text
from bridge.curriculum.reading import source_text
from bridge.curriculum.reading.role_words import NO_LABELS, RoleLabels
from bridge.messages import Message, Quote

JOURNAL = ".stewardpath-changes"
"""The journal of changes in a folder. It exists while files are changed, and after a kill."""
BEGINNING = 65_536
"""How many bytes of a file are searched for what it is."""
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


def read_folder(
    folder: Path,
    place: str | None = None,
    changes: Mapping[str, bytes | None] | None = None,
    former: Mapping[str, bytes] | None = None,
    roles: RoleLabels = NO_LABELS,
) -> Reading:
    """Read the curriculum in a folder, with its images. Raises nothing.

    `place`: the prefix of file names in problems; by default the path of `folder`. `changes`: new
    content of files, to check before saving; None means as if the file were deleted. `former`: the
    files with which renamed keys are compared; by default those in the folder, without `changes`.
    `roles`: those that the configuration names, with their labels.
    """
    place = f"{folder.as_posix()}/" if place is None else place
    try:
        files, unread = files_of(folder), _unread_names(folder)
    except OSError as error:
        where = Path(error.filename or folder).as_posix()
        wrong = Message("It cannot be read: %(why)s.", why=Quote(error.strerror or ""))
        problem = Problem("error", where, 1, 1, "", wrong)
        return Reading(None, (problem,))
    before = former if former is not None else dict(files)
    files |= {name: content for name, content in (changes or {}).items() if content is not None}
    kept = {name: files[name] for name in files if (changes or {}).get(name, b"") is not None}
    return read_text(kept, place, links_out(folder), before, roles, unread)


def _unread_names(folder: Path) -> list[str]:
    """Files directly in the folder that are neither YAML nor images, such as `first-step.docx`."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if not is_like_yaml(path.name)
        and not is_hidden(path.name)
        and not path.name.lower().endswith(_IMAGES)
        and path.is_file()
    )


def unfinished_changes(curricula: Path) -> list[Path]:
    """Folders that a killed process was changing, or that a process is changing now."""
    return sorted(journal.parent for journal in curricula.glob(f"*/{JOURNAL}"))


def files_of(folder: Path) -> dict[str, bytes]:
    """File name -> content of a curriculum's files, including images. Raises OSError."""
    outside = links_out(folder)
    return {name: _content(path) for name, path in _paths(folder) if name not in outside}


def links_out(folder: Path) -> list[str]:
    """Names of YAML files that are symbolic links to outside the folder. They are not read."""
    links = (path for path in folder.glob("*") if is_like_yaml(path.name) and path.is_symlink())
    root = folder.resolve()
    return sorted(path.name for path in links if not path.resolve().is_relative_to(root))


def read_all(
    root: Path,
    former: Callable[[Path], Mapping[str, bytes] | None] = lambda _: None,
    roles: RoleLabels = NO_LABELS,
) -> list[Reading]:
    """Read every folder in `root` that has a curriculum.yaml, sorted by name.

    A folder whose curriculum.yaml has a wrong name or place, such as curriculum.yml, has a reading
    that says so. `former`: the files of a folder with which renamed keys are compared, if known.
    `roles`: those that the configuration names, with their labels.
    """
    folders = sorted(
        {path.parent for path in root.glob(f"*/{TOP_FILE}")} | set(misnamed_folders(root))
    )
    readings = []
    first: dict[str, Path] = {}
    for folder in folders:
        reading = read_folder(folder, former=former(folder), roles=roles)
        key = reading.curriculum.key if reading.curriculum else ""
        if key in first:
            reading = _with_duplicate_key(reading, key, folder, first[key])
        elif key:
            first[key] = folder
        readings.append(reading)
    return readings


def misnamed_folders(root: Path) -> list[Path]:
    """The folders in `root` that were probably meant to be curricula, without a curriculum.yaml.

    It has another name, is missing beside milestones, or is one folder further down.
    """
    folders = [each for each in root.glob("*/") if each.is_dir() and not each.name.startswith(".")]
    return sorted(each for each in folders if is_misnamed(each) or _is_without_top(each))


def is_misnamed(folder: Path) -> bool:
    """Whether a folder has a file that should be named curriculum.yaml, and has no such file."""
    return not (folder / TOP_FILE).exists() and bool(misnamed_tops(_beginnings(folder)))


def _is_without_top(folder: Path) -> bool:
    if (folder / TOP_FILE).exists():
        return False
    is_milestone = partial(begins_with, "milestone")
    is_deeper = any(not each.parent.is_symlink() for each in folder.glob(f"*/{TOP_FILE}"))
    return is_deeper or any(map(is_milestone, _beginnings(folder).values()))


def _beginnings(folder: Path) -> dict[str, bytes]:
    """How the YAML files directly in a folder begin; b'' for one that can't be read."""
    found = {}
    for path in folder.glob("*"):
        if is_like_yaml(path.name) and not path.is_dir():
            try:
                with path.open("rb") as file:
                    found[path.name] = b"" if path.is_symlink() else file.read(BEGINNING)
            except OSError:
                found[path.name] = b""
    return found


def _with_duplicate_key(reading: Reading, key: str, folder: Path, other: Path) -> Reading:
    lines = (folder / TOP_FILE).read_text("utf-8-sig").splitlines()
    found = [n for n, line in enumerate(lines, 1) if line.lstrip().startswith("curriculum:")]
    number = found[0] if found else 1
    problem = Problem(
        "error",
        (folder / TOP_FILE).as_posix(),
        number,
        1,
        lines[number - 1],
        Message(
            "The curriculum key `%(key)s` is used twice; the first is in %(place)s.",
            key=key,
            place=other.as_posix(),
        ),
        Message("give this one a different key"),
    )
    return replace(reading, curriculum=None, problems=(problem, *reading.problems))


def _paths(folder: Path) -> Iterator[tuple[str, Path]]:
    """The YAML files and images in and below a folder. Links to images are skipped.

    Those that are not read, because of their names or places, are reported.
    """
    for name in sorted(os.listdir(folder)):
        if is_like_yaml(name) and not (folder / name).is_dir():
            yield name, folder / name
    for parent, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            is_below = Path(parent) != folder and is_like_yaml(name)
            if (is_below or name.lower().endswith(_IMAGES)) and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path


def _content(path: Path) -> bytes:
    """A file's content, cut just above the size limit, so that a huge file isn't read whole."""
    with path.open("rb") as file:
        return file.read(max(source_text.MAX_FILE_BYTES, MAX_IMAGE_BYTES) + 1)
