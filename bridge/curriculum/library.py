"""The curricula in a folder, read again when their files change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from bridge.curriculum.folders import read_all
from bridge.curriculum.model import Curriculum
from bridge.curriculum.problems import format_problem
from bridge.curriculum.reader import Reading
from bridge.errors import CurriculumError

Stamp = tuple[tuple[str, int, int], ...]


class Library(Sequence[Curriculum]):
    """All curricula of a folder, always as the files are now.

    While an edit is wrong, what was read before it stays (`problems` says what is wrong); a
    folder that is wrong at first raises CurriculumError with every problem.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems = ""
        self._stamp: Stamp | None = None
        self._curricula: tuple[Curriculum, ...] = ()

    def check(self) -> None:
        """Raises CurriculumError if the curricula cannot be used."""
        self._current()

    def __iter__(self) -> Iterator[Curriculum]:
        return iter(self._current())

    def __len__(self) -> int:
        return len(self._current())

    @overload
    def __getitem__(self, place: int) -> Curriculum: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Curriculum]: ...
    def __getitem__(self, place: int | slice) -> Curriculum | Sequence[Curriculum]:
        return self._current()[place]

    def _current(self) -> tuple[Curriculum, ...]:
        stamp = self._look()
        if stamp != self._stamp:
            self._read()
            self._stamp = stamp
        return self._curricula

    def _look(self) -> Stamp:
        files = (path for path in sorted(self.folder.glob("*/**/*")) if path.is_file())
        return tuple((str(p), s.st_mtime_ns, s.st_size) for p in files for s in [p.stat()])

    def _read(self) -> None:
        readings = read_all(self.folder)
        self.problems = problems_in(readings)
        found = tuple(r.curriculum for r in readings if r.curriculum)
        if not self.problems and found:
            self._curricula = found
        elif not self._curricula:
            raise CurriculumError(
                self.problems or f"there is no curriculum in {self.folder}.",
                todo="" if self.problems else "Each is a folder with a curriculum.yaml in it.",
            )


def problems_in(readings: Sequence[Reading]) -> str:
    """The errors (not the warnings), as lines for a person; '' if there is none."""
    errors = [format_problem(problem) for reading in readings for problem in reading.errors]
    return "the curricula have errors:\n" + "\n".join(errors) if errors else ""
