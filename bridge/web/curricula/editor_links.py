"""The way into the editor, to the line where a quiz or a question stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from flask import url_for

from bridge.curriculum.editing.source_locations import SourceLocation, source_locations
from bridge.curriculum.folders import files_of
from bridge.curriculum.reader import TOP_FILE, read_text
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles

Places = Mapping[tuple[str, str, str], tuple[str, SourceLocation]]
"""Curriculum, quiz and question ('' for the quiz) -> folder, and place in it."""


class EditorLinks:
    """Addresses for one visitor; '' for whoever may not edit, and for what is not found."""

    def __init__(self, services: Services) -> None:
        revisions = tuple(curriculum.revision for curriculum in services.curricula)
        root = CurriculumFiles(services.config).root
        self._places: Places = _places(root, revisions) if current_visitor().may_edit else {}

    def of(self, curriculum: str, quiz: str, question: str = "") -> str:
        """The address of the line where it begins; `question`: its key, '' for the quiz."""
        found = self._places.get((curriculum, quiz, question))
        if found is None:
            return ""
        folder, place = found
        return url_for("curricula.edit", folder=folder, file=place.file, _anchor=f"L{place.line}")


@lru_cache(maxsize=4)
def _places(root: Path, _revisions: tuple[str, ...]) -> Places:
    """Read once for each state of the curricula."""
    found: dict[tuple[str, str, str], tuple[str, SourceLocation]] = {}
    for folder in sorted(top.parent for top in root.glob(f"*/{TOP_FILE}")):
        files = files_of(folder)
        curriculum = read_text(files).curriculum
        if curriculum is not None:
            for key, place in source_locations(files).items():
                found[(curriculum.key, *key)] = (folder.name, place)
    return found
