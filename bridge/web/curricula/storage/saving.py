"""Saving a file: never over somebody else's words, whole or not at all, and kept for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage.curriculum_files import CurriculumFile, CurriculumFiles
from bridge.web.curricula.storage.file_changes import FileChange, apply_changes, folder_lock

NOTE = 200
SaveStatus = Literal["saved", "same", "conflict"]


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What came of saving. `there`: the file as it is now; `trouble`: why git has it not."""

    status: SaveStatus
    there: CurriculumFile
    trouble: str = ""


def save(
    services: Services,
    desk: CurriculumFiles,
    sheet: CurriculumFile,
    text: str,
    base: str,
    actor: Visitor,
    note: str,
) -> SaveResult:
    """Write `text` if the file is still the one with the SHA-256 `base`. Raises OSError."""
    with folder_lock(sheet.path.parent):
        there = desk.open(sheet.folder, sheet.name)
        if there.digest != base:
            return SaveResult("conflict", there)
        if there.text == text and there.readable:
            return SaveResult("same", there)
        after = there.with_text(text)
        said = " ".join(note.split())[:NOTE]
        message = f"{there.folder}/{there.name}: {said or 'edited'}"
        return SaveResult(
            "saved",
            after,
            apply_changes(services, [FileChange(there, after)], actor, said, message),
        )
