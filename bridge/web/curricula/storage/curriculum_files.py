"""The curriculum files that the editor can list, open and check."""

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
from bridge.curriculum.library.folders import files_of, misnamed_folders, read_folder
from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import TOP_FILE, Reading
from bridge.resources import resource

FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.yaml\Z", re.ASCII)
"""Allowed names of files created in the editor."""


@dataclass(frozen=True, slots=True)
class CurriculumFile:
    """A file `name` in the folder of a curriculum, such as `welcome.yaml` or `images/steps.png`.

    `content` is its bytes. `deleted`: the file doesn't exist any more.
    """

    path: Path
    folder: str
    name: str
    content: bytes
    deleted: bool = False

    @property
    def root(self) -> Path:
        """The folder of the curriculum."""
        return self.path.parents[self.name.count("/")]

    @property
    def is_text(self) -> bool:
        """Whether it is a YAML file. Others are images."""
        return self.name.endswith(".yaml")

    @property
    def text(self) -> str:
        """The content with `\\n` line ends, read as Windows-1252 if it isn't UTF-8."""
        encoding = "utf-8-sig" if self.readable else "cp1252"
        return normalize_line_ends(self.content.decode(encoding, errors="replace"))

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def readable(self) -> bool:
        """Whether the content is UTF-8."""
        try:
            self.content.decode()
        except UnicodeDecodeError:
            return False
        return True

    def with_text(self, text: str) -> CurriculumFile:
        """The file with this text and its current kind of line ends."""
        windows = b"\r\n" in self.content
        content = (text.replace("\n", "\r\n") if windows else text).encode()
        return replace(self, content=content, deleted=False)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of checking a curriculum with one file's text replaced.

    `here`: problems in that file; `elsewhere`: problems in the curriculum's other files.
    """

    reading: Reading
    here: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return len(self.reading.errors)


class CurriculumFiles:
    """The folder of curricula: the configured one, or else the one that is shipped.

    `configured` is False for the shipped curricula, which are read-only.
    """

    def __init__(self, config: Config) -> None:
        self.configured = config.curricula is not None
        self.root = config.path(config.curricula) if config.curricula else resource("curricula")
        self._roles = config.role_labels

    @property
    def writable(self) -> bool:
        """Whether curricula can be saved: the folder is configured and writable."""
        return self.configured and os.access(self.root, os.W_OK)

    def may_write(self, folder: str) -> bool:
        """Whether this curriculum can be saved. A folder that is a symbolic link can't."""
        path = self.root / folder
        return self.writable and not path.is_symlink() and os.access(path, os.W_OK)

    def folders(self) -> list[str]:
        """The folder names of all curricula, sorted."""
        return sorted(file.parent.name for file in self.root.glob(f"*/{TOP_FILE}"))

    def list_files(self, folder: str) -> list[str]:
        """The YAML files of a curriculum, curriculum.yaml first. Leaves out symbolic links.

        Raises NotFound for an unknown folder.
        """
        if folder not in self.folders():
            raise NotFound
        names = (
            file.name
            for file in self.root.joinpath(folder).glob("*.yaml")
            if file.is_file() and not file.is_symlink() and not file.name.startswith(".")
        )
        return sorted(names, key=lambda name: (name != TOP_FILE, name))

    def open(self, folder: str, name: str) -> CurriculumFile:
        """Read a file. Raises NotFound unless `list_files` lists it."""
        if name not in self.list_files(folder):
            raise NotFound
        path = self.root / folder / name
        try:
            return CurriculumFile(path, folder, name, path.read_bytes())
        except OSError:
            raise NotFound from None

    def find_milestone(self, curriculum: str, milestone: str) -> tuple[str, str]:
        """The folder and the file of a milestone. Raises NotFound."""
        folders = (
            folder for folder, reading in self.readings()
            if (reading.curriculum.key if reading.curriculum else folder) == curriculum
        )  # fmt: skip
        begins = re.compile(rf"^milestone:\s*['\"]?{re.escape(milestone)}['\"]?\s*(#.*)?$", re.M)
        for folder in folders:
            for name in self.list_files(folder):
                if begins.search(self.open(folder, name).text):
                    return folder, name
        raise NotFound

    def absent(self, folder: str, name: str) -> CurriculumFile:
        """A file that doesn't exist, with no content. Raises NotFound for an invalid name."""
        self.list_files(folder)
        if not FILE_NAME.fullmatch(name):
            raise NotFound
        return CurriculumFile(self.root / folder / name, folder, name, b"", deleted=True)

    def links(self, folder: str) -> list[str]:
        """The YAML files of a curriculum that are symbolic links, which can't be edited."""
        found = self.root.joinpath(folder).glob("*.yaml")
        return sorted(file.name for file in found if file.is_symlink())

    def check(self, file: CurriculumFile, text: str | None = None) -> CheckResult:
        """Check the file's curriculum, with `text` instead of the file's content if given."""
        content = file.content if text is None else text.encode(errors="replace")
        reading = read_folder(file.path.parent, "", {file.name: content}, roles=self._roles)
        here = tuple(each for each in reading.problems if each.file == file.name)
        return CheckResult(reading, here, tuple(p for p in reading.problems if p.file != file.name))

    def names(self, file: CurriculumFile, text: str) -> Mapping[str, tuple[str, ...]]:
        """The names its curriculum defines, with `text` as the file's content."""
        content = text.encode(errors="replace")
        return referenced_names({**files_of(file.path.parent), file.name: content})

    def is_worse(self, file: CurriculumFile, text: str) -> bool:
        """Whether `text` has errors or causes new errors in other files."""
        checked = self.check(file, text)
        if any(each.severity == "error" for each in checked.here):
            return True
        return not set(checked.reading.errors) <= set(self.check(file).reading.errors)

    def readings(self) -> Iterator[tuple[str, Reading]]:
        """Every curriculum as it is on disk, with the name of its folder."""
        for folder in self.folders():
            yield folder, read_folder(self.root / folder, "", roles=self._roles)

    def misnamed(self) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """The folders without a curriculum.yaml that have a file like it, with their problems."""
        for folder in misnamed_folders(self.root):
            yield folder.name, read_folder(folder, "").problems


def normalize_line_ends(text: str) -> str:
    """Replace `\\r\\n` (which browsers send) and `\\r` with `\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
