"""Links to the line in the editor where a quiz or question is defined."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from flask import url_for

from bridge.curriculum.editing.source_locations import SourceLocation, source_locations
from bridge.curriculum.library.folders import files_of
from bridge.curriculum.reader import TOP_FILE, read_text
from bridge.resources import resource
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor

Locations = Mapping[tuple[str, str, str], tuple[str, SourceLocation]]
"""(Curriculum, quiz, question or '' for the quiz) -> (folder, location in it)."""


class EditorLinks:
    """Editor links for the current visitor."""

    def __init__(self, services: Services) -> None:
        revisions = tuple(curriculum.revision for curriculum in services.curricula)
        config = services.config
        root = config.path(config.curricula) if config.curricula else resource("curricula")
        self._locations: Locations = (
            _locations(root, revisions) if current_visitor().may("curricula-edit") else {}
        )

    def of(self, curriculum: str, quiz: str, question: str = "") -> str:
        """The URL of the first line of a question, or of the quiz if `question` is ''.

        Returns '' if the visitor may not edit or nothing is found.
        """
        found = self._locations.get((curriculum, quiz, question))
        if found is None:
            return ""
        folder, location = found
        return url_for(
            "curricula.edit", folder=folder, file=location.file, _anchor=f"L{location.line}"
        )


@lru_cache(maxsize=4)
def _locations(root: Path, _revisions: tuple[str, ...]) -> Locations:
    """The locations in all curricula. Cached by revision, because reading the files is slow."""
    found: dict[tuple[str, str, str], tuple[str, SourceLocation]] = {}
    for folder in sorted(top.parent for top in root.glob(f"*/{TOP_FILE}")):
        files = files_of(folder)
        curriculum = read_text(files).curriculum
        if curriculum is not None:
            for key, location in source_locations(files).items():
                found[(curriculum.key, *key)] = (folder.name, location)
    return found
