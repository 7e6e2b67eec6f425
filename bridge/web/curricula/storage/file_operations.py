"""Create, rename and delete curriculum files, and keep the list of milestones up to date."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from bridge.curriculum.editing.milestone_list import (
    CannotList,
    milestone_of,
    with_milestone,
    without_milestone,
)
from bridge.curriculum.editing.milestone_list import milestones_in as listed_in
from bridge.curriculum.library.folders import read_folder
from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import PROGRAMS_FILE, SESSIONS_FILE, TOP_FILE, Reading, read_text
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage.change_journal import open_folder, recover_all
from bridge.web.curricula.storage.curriculum_files import CurriculumFile, CurriculumFiles
from bridge.web.curricula.storage.file_changes import FileChange, apply_changes

FileOperationStatus = Literal["done", "taken", "wrong", "unlisted", "conflict"]
OTHER_CONTENTS = {
    SESSIONS_FILE: b"sessions: [{session: none, title: '-'}]",
    PROGRAMS_FILE: (
        b"programs: [{program: none, title: '-',"
        b" form: {fields: [{field: one, type: date, label: '-'}]},"
        b" rounds: [{round: one, opens: 2027-01-01, closes: 2027-01-01,"
        b" starts: 2027-01-01, ends: 2027-01-01}]}]"
    ),
}
"""The files without the topics and programs that there were."""


@dataclass(frozen=True, slots=True)
class FileOperationResult:
    """The outcome of an operation.

    `taken`: the name is already in use; `wrong`: it would cause `problems`; `unlisted`: the list
    of milestones can't be edited; `conflict`: the file has changed since the page was opened.
    `git_error`: why git failed, or ''.
    """

    status: FileOperationStatus
    problems: Sequence[Problem] = ()
    git_error: str = ""


def create_curriculum(
    services: Services,
    files: CurriculumFiles,
    folder: str,
    texts: dict[str, str],
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """Create a curriculum with these texts by file name.

    curriculum.yaml must come last: a folder counts as a curriculum only once it is there.
    """
    reading = read_text({name: text.encode() for name, text in texts.items()})
    if reading.errors:
        return FileOperationResult("wrong", reading.errors)
    path = files.root / folder
    recover_all(files.root, services.database)
    with suppress(FileExistsError):
        path.mkdir()
    with open_folder(path, services.database):
        if any(path.iterdir()):
            return FileOperationResult("taken")
        new_files = [
            CurriculumFile(path / name, folder, name, text.encode()) for name, text in texts.items()
        ]
        changes = [FileChange(None, file) for file in new_files]
        return FileOperationResult(
            "done", git_error=apply_changes(services, changes, actor, note, f"{folder}: {note}")
        )


def create_file(
    services: Services,
    files: CurriculumFiles,
    file: CurriculumFile,
    after: str | None,
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """Create a file. If it has a milestone, list it after another one (see `with_milestone`)."""
    with open_folder(file.path.parent, services.database):
        if os.path.lexists(file.path):
            return FileOperationResult("taken")
        key = milestone_of(file.text)
        top = files.open(file.folder, TOP_FILE)
        changes = [FileChange(None, replace(file, deleted=False))]
        try:
            if key and key not in listed_in(top.text):
                listed = with_milestone(top.text, key, after)
                changes.append(FileChange(top, top.with_text(listed)))
        except CannotList:
            return FileOperationResult("unlisted")
        return apply_if_valid(services, changes, actor, note)


def delete(
    services: Services,
    files: CurriculumFiles,
    file: CurriculumFile,
    base: str,
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """Delete a file, and remove its milestone from the list."""
    with open_folder(file.path.parent, services.database):
        current = files.open(file.folder, file.name)
        if current.digest != base:
            return FileOperationResult("conflict")
        if used := _broken_requirements(current):
            return FileOperationResult("wrong", used)
        changes = [FileChange(current, None)]
        top, key = files.open(file.folder, TOP_FILE), milestone_of(current.text)
        try:
            if key in listed_in(top.text) and not _is_in_another_file(files, current, key):
                changes.append(FileChange(top, top.with_text(without_milestone(top.text, key))))
        except CannotList:
            return FileOperationResult("unlisted")
        return apply_if_valid(services, changes, actor, note)


def rename(
    services: Services,
    files: CurriculumFiles,
    file: CurriculumFile,
    base: str,
    name: str,
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """Rename a file. Its content, and so every key in it, stays the same."""
    with open_folder(file.path.parent, services.database):
        current = files.open(file.folder, file.name)
        if current.digest != base:
            return FileOperationResult("conflict")
        path = current.path.with_name(name)
        if os.path.lexists(path):
            return FileOperationResult("taken")
        return apply_if_valid(
            services, [FileChange(current, replace(current, path=path, name=name))], actor, note
        )


def _broken_requirements(file: CurriculumFile) -> list[Problem]:
    """What needs the topics or programs in this file.

    Without the file, requirements could name any of them.
    """
    if file.name not in OTHER_CONTENTS:
        return []
    present = {*_read_with_changes(file, ()).errors}
    without = _read_with_changes(
        file, [FileChange(None, replace(file, content=OTHER_CONTENTS[file.name]))]
    )
    return [each for each in without.errors if each not in present and each.file != file.name]


def _is_in_another_file(files: CurriculumFiles, file: CurriculumFile, key: str) -> bool:
    """Whether another file holds the same milestone."""
    others = (name for name in files.list_files(file.folder) if name != file.name)
    return any(milestone_of(files.open(file.folder, name).text) == key for name in others)


def apply_if_valid(
    services: Services, changes: Sequence[FileChange], actor: Visitor, note: str
) -> FileOperationResult:
    """Apply the changes unless they would cause new errors in the curriculum."""
    file = changes[0].files[0]
    current_errors = {(each.file, each.message) for each in _read_with_changes(file, ()).errors}
    new_errors = _read_with_changes(file, changes).errors
    added = [each for each in new_errors if (each.file, each.message) not in current_errors]
    if added:
        return FileOperationResult("wrong", added)
    message = f"{file.folder}/{file.name}: {note}"
    try:
        return FileOperationResult(
            "done", git_error=apply_changes(services, changes, actor, note, message)
        )
    except FileExistsError:
        return FileOperationResult("taken")


def _read_with_changes(file: CurriculumFile, changes: Sequence[FileChange]) -> Reading:
    contents: dict[str, bytes | None] = {}
    for change in changes:
        contents |= {change.before.name: None} if change.before else {}
        contents |= {change.after.name: change.after.content} if change.after else {}
    return read_folder(file.root, "", contents)
