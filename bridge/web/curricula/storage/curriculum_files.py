"""The folder of curricula as the editor sees it: what can be opened is what is listed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from werkzeug.exceptions import NotFound

from bridge.config import Config
from bridge.curriculum.editing.referenced_names import referenced_names
from bridge.curriculum.folders import files_of, read_folder
from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import TOP_FILE, Reading
from bridge.resources import resource

FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.yaml\Z", re.ASCII)
"""What a file made here may be called."""


@dataclass(frozen=True, slots=True)
class CurriculumFile:
    """One file: `name` in `folder`, both from the listing. `text` has `\\n` as line end.

    `digest`: SHA-256 (hexadecimal) of the file's bytes; `readable`: whether it is UTF-8, and
    if it is not, `text` is what a Windows encoding makes of it. `gone`: it is there no more.
    """

    path: Path
    folder: str
    name: str
    content: bytes
    gone: bool = False

    @property
    def text(self) -> str:
        coding = "utf-8-sig" if self.readable else "cp1252"
        return unified(self.content.decode(coding, errors="replace"))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def readable(self) -> bool:
        try:
            self.content.decode()
        except UnicodeDecodeError:
            return False
        return True

    def with_text(self, text: str) -> CurriculumFile:
        """The file with a new text, which has the line ends that the file has."""
        windows = b"\r\n" in self.content
        content = (text.replace("\n", "\r\n") if windows else text).encode()
        return replace(self, content=content, gone=False)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the reader says of a curriculum with one file's text replaced.

    `here`: the problems of that file; `elsewhere`: those of its other files.
    """

    reading: Reading
    here: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return len(self.reading.errors)


class CurriculumFiles:
    """`writable` is False for the shipped curricula, and where the folder may not be written."""

    def __init__(self, config: Config) -> None:
        self.configured = config.curricula is not None
        self.root = config.path(config.curricula) if config.curricula else resource("curricula")

    @property
    def writable(self) -> bool:
        return self.configured and os.access(self.root, os.W_OK)

    def may_write(self, folder: str) -> bool:
        """Whether files of this curriculum may change: not where its folder is a link."""
        place = self.root / folder
        return self.writable and not place.is_symlink() and os.access(place, os.W_OK)

    def folders(self) -> list[str]:
        """The curricula, each the name of its folder."""
        return sorted(file.parent.name for file in self.root.glob(f"*/{TOP_FILE}"))

    def files(self, folder: str) -> list[str]:
        """The YAML files of one curriculum, curriculum.yaml first; links are not followed."""
        if folder not in self.folders():
            raise NotFound
        names = (
            file.name
            for file in self.root.joinpath(folder).glob("*.yaml")
            if file.is_file() and not file.is_symlink() and not file.name.startswith(".")
        )
        return sorted(names, key=lambda name: (name != TOP_FILE, name))

    def open(self, folder: str, name: str) -> CurriculumFile:
        """One file as it is now. Answers 404 for a name that is not listed."""
        if name not in self.files(folder):
            raise NotFound
        path = self.root / folder / name
        try:
            return CurriculumFile(path, folder, name, path.read_bytes())
        except OSError:
            raise NotFound from None

    def absent(self, folder: str, name: str) -> CurriculumFile:
        """A file that is not there. Answers 404 for a name that no file may have."""
        self.files(folder)
        if not FILE_NAME.fullmatch(name):
            raise NotFound
        return CurriculumFile(self.root / folder / name, folder, name, b"", gone=True)

    def links(self, folder: str) -> list[str]:
        """The YAML files of a curriculum that are links: read, perhaps, and never edited."""
        found = self.root.joinpath(folder).glob("*.yaml")
        return sorted(file.name for file in found if file.is_symlink())

    def check(self, sheet: CurriculumFile, text: str | None = None) -> CheckResult:
        """Its curriculum as the reader finds it, with this text in the file's place."""
        content = sheet.content if text is None else text.encode(errors="replace")
        reading = read_folder(sheet.path.parent, "", {sheet.name: content})
        here = tuple(each for each in reading.problems if each.file == sheet.name)
        return CheckResult(
            reading, here, tuple(p for p in reading.problems if p.file != sheet.name)
        )

    def names(self, sheet: CurriculumFile, text: str) -> Mapping[str, tuple[str, ...]]:
        """What its curriculum names, with this text in the file's place."""
        content = text.encode(errors="replace")
        return referenced_names({**files_of(sheet.path.parent), sheet.name: content})

    def is_worse(self, sheet: CurriculumFile, text: str) -> bool:
        """Whether this text has errors, or breaks other files that are right as it stands."""
        checked = self.check(sheet, text)
        if any(each.severity == "error" for each in checked.here):
            return True
        return not set(checked.reading.errors) <= set(self.check(sheet).reading.errors)

    def readings(self) -> Iterator[tuple[str, Reading]]:
        """Every curriculum by its folder, as it is on disk."""
        for folder in self.folders():
            yield folder, read_folder(self.root / folder, "")


def unified(text: str) -> str:
    """With `\\n` as line end: browsers send `\\r\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
