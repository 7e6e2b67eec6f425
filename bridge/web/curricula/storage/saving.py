"""Save a curriculum file without overwriting changes made by someone else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage.change_journal import open_folder
from bridge.web.curricula.storage.curriculum_files import CurriculumFile, CurriculumFiles
from bridge.web.curricula.storage.file_changes import FileChange, apply_changes

MAX_NOTE_LENGTH = 200
SaveStatus = Literal["saved", "same", "conflict"]


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The outcome of saving.

    `current`: the file as it is now; `git_error`: why git failed, or ''.
    """

    status: SaveStatus
    current: CurriculumFile
    git_error: str = ""


def save(
    services: Services,
    files: CurriculumFiles,
    file: CurriculumFile,
    text: str,
    base: str,
    actor: Visitor,
    note: str,
) -> SaveResult:
    """Save `text` if the file's SHA-256 is still `base`; otherwise report a conflict.

    If the file has this text already, as after a double click, there is nothing to do.

    Raises OSError if the file can't be written.
    """
    with open_folder(file.path.parent, services.database):
        current = files.open(file.folder, file.name)
        if current.text == text and current.readable:
            return SaveResult("same", current)
        if current.digest != base:
            return SaveResult("conflict", current)
        after = current.with_text(text)
        short_note = " ".join(note.split())[:MAX_NOTE_LENGTH]
        message = f"{current.folder}/{current.name}: {short_note or 'edited'}"
        return SaveResult(
            "saved",
            after,
            apply_changes(services, [FileChange(current, after)], actor, short_note, message),
        )
