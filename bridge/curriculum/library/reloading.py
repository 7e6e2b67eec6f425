"""The curricula in a folder, reloaded when their files change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from bridge.curriculum.library import last_valid
from bridge.curriculum.library.folders import read_all
from bridge.curriculum.library.renames import NO_RENAMES, ReadRenames, with_known_renames
from bridge.curriculum.model import Curriculum
from bridge.curriculum.problems import format_problem
from bridge.curriculum.reader import Reading
from bridge.errors import CurriculumError

Stamp = tuple[tuple[str, int, int], ...]


class Library(Sequence[Curriculum]):
    """All curricula in a folder, as the files are now.

    If an edit has errors, the last valid version stays in use and `problems` describes the errors.
    With `last_valid`, a folder of its own, that version is also kept for the next start. If there
    is no valid version, access raises CurriculumError with all problems.
    `known_renames`: reads the renames that the files may not say any more; None if it can't now, so
    that it is asked again at the next access.
    """

    def __init__(
        self,
        folder: Path,
        last_valid: Path | None = None,
        known_renames: ReadRenames = lambda: NO_RENAMES,
    ) -> None:
        self.folder = folder
        self._last_valid = last_valid
        self._known_renames = known_renames
        self._is_complete = False
        self.problems = ""
        self._stamp: Stamp | None = None
        self._curricula: tuple[Curriculum, ...] = ()

    def check(self) -> None:
        """Raise CurriculumError if the curricula cannot be used."""
        self._current()

    def current_problems(self) -> str:
        """The errors of the files now; '' if they are in use. Raises CurriculumError."""
        self._current()
        return self.problems

    def __iter__(self) -> Iterator[Curriculum]:
        return iter(self._current())

    def __len__(self) -> int:
        return len(self._current())

    @overload
    def __getitem__(self, index: int) -> Curriculum: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Curriculum]: ...
    def __getitem__(self, index: int | slice) -> Curriculum | Sequence[Curriculum]:
        return self._current()[index]

    def _current(self) -> tuple[Curriculum, ...]:
        stamp = self._files_stamp()
        if stamp != self._stamp:
            self._read()
            self._stamp, self._is_complete = stamp, False
        if not self._is_complete and (known := self._known_renames()) is not None:
            self._curricula = with_known_renames(self._curricula, known)
            self._is_complete = True
        return self._curricula

    def _files_stamp(self) -> Stamp:
        files = (path for path in sorted(self.folder.glob("*/**/*")) if path.is_file())
        return tuple((str(p), s.st_mtime_ns, s.st_size) for p in files for s in [p.stat()])

    def _read(self) -> None:
        readings = read_all(self.folder)
        self.problems = problems_in(readings)
        found = tuple(r.curriculum for r in readings if r.curriculum)
        if not self.problems and found:
            self._curricula = found
            if self._last_valid:
                last_valid.save(self.folder, self._last_valid)
            return
        if not self.problems:
            self.problems = f"there is no curriculum in {self.folder}."
        self._curricula = self._curricula or self._read_last_valid()
        if not self._curricula:
            raise CurriculumError(
                self.problems,
                todo="" if readings else "A curriculum is a subfolder with a curriculum.yaml.",
            )

    def _read_last_valid(self) -> tuple[Curriculum, ...]:
        """The version that was valid before the start; empty if there is none."""
        kept = last_valid.find(self._last_valid) if self._last_valid else None
        readings = read_all(kept) if kept else ()
        found = tuple(r.curriculum for r in readings if r.curriculum)
        return () if problems_in(readings) else found


def problems_in(readings: Sequence[Reading]) -> str:
    """The errors (not the warnings) as text for a person; '' if there are none."""
    errors = [format_problem(problem) for reading in readings for problem in reading.errors]
    return "the curricula have errors:\n" + "\n".join(errors) if errors else ""
