"""New files, files renamed, files deleted: with the list of milestones kept in step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bridge.curriculum.editing.milestone_list import (
    CannotList,
    milestone_of,
    with_milestone,
    without_milestone,
)
from bridge.curriculum.editing.milestone_list import milestones_in as listed_in
from bridge.curriculum.folders import read_folder
from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import TOP_FILE, Reading, read_text
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage.curriculum_files import CurriculumFile, CurriculumFiles
from bridge.web.curricula.storage.file_changes import FileChange, apply_changes, folder_lock


@dataclass(frozen=True, slots=True)
class FileOperationResult:
    """What came of it. `taken`: a file has that name; `wrong`: it would bring `problems`;
    `unlisted`: the list of milestones cannot be edited; `conflict`: the file has changed."""

    status: Literal["done", "taken", "wrong", "unlisted", "conflict"]
    problems: Sequence[Problem] = ()
    trouble: str = ""


def begin(
    services: Services,
    desk: CurriculumFiles,
    folder: str,
    files: dict[str, str],
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """A new curriculum; curriculum.yaml comes last, and only with it is the folder one."""
    reading = read_text({name: text.encode() for name, text in files.items()})
    if reading.errors:
        return FileOperationResult("wrong", reading.errors)
    place = desk.root / folder
    with folder_lock(desk.root):
        try:
            place.mkdir()
        except FileExistsError:
            return FileOperationResult("taken")
        made = [
            CurriculumFile(place / name, folder, name, text.encode())
            for name, text in files.items()
        ]
        pieces = [FileChange(None, sheet) for sheet in made]
        return FileOperationResult(
            "done", trouble=apply_changes(services, pieces, actor, note, f"{folder}: {note}")
        )


def create(
    services: Services,
    desk: CurriculumFiles,
    sheet: CurriculumFile,
    after: str | None,
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """A file with a milestone, listed after another one (see `with_milestone`)."""
    with folder_lock(sheet.path.parent):
        if os.path.lexists(sheet.path):
            return FileOperationResult("taken")
        key = milestone_of(sheet.text)
        top = desk.open(sheet.folder, TOP_FILE)
        pieces = [FileChange(None, replace(sheet, gone=False))]
        try:
            if key and key not in listed_in(top.text):
                listed = with_milestone(top.text, key, after)
                pieces.append(FileChange(top, top.with_text(listed)))
        except CannotList:
            return FileOperationResult("unlisted")
        return _file(services, pieces, actor, note)


def delete(
    services: Services,
    desk: CurriculumFiles,
    sheet: CurriculumFile,
    base: str,
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """Take a file away, and its milestone off the list."""
    with folder_lock(sheet.path.parent):
        there = desk.open(sheet.folder, sheet.name)
        if there.digest != base:
            return FileOperationResult("conflict")
        pieces = [FileChange(there, None)]
        top, key = desk.open(sheet.folder, TOP_FILE), milestone_of(there.text)
        try:
            if key in listed_in(top.text) and not _is_elsewhere(desk, there, key):
                pieces.append(FileChange(top, top.with_text(without_milestone(top.text, key))))
        except CannotList:
            return FileOperationResult("unlisted")
        return _file(services, pieces, actor, note)


def rename(
    services: Services,
    desk: CurriculumFiles,
    sheet: CurriculumFile,
    base: str,
    name: str,
    actor: Visitor,
    note: str,
) -> FileOperationResult:
    """Give a file another name; its text, and so its keys, stay."""
    with folder_lock(sheet.path.parent):
        there = desk.open(sheet.folder, sheet.name)
        if there.digest != base:
            return FileOperationResult("conflict")
        path = there.path.with_name(name)
        if os.path.lexists(path):
            return FileOperationResult("taken")
        return _file(
            services, [FileChange(there, replace(there, path=path, name=name))], actor, note
        )


def _is_elsewhere(desk: CurriculumFiles, sheet: CurriculumFile, key: str) -> bool:
    """Whether another file holds the same milestone, too."""
    others = (name for name in desk.files(sheet.folder) if name != sheet.name)
    return any(milestone_of(desk.open(sheet.folder, name).text) == key for name in others)


def _file(
    services: Services, pieces: Sequence[FileChange], actor: Visitor, note: str
) -> FileOperationResult:
    """Do it, unless the curriculum would have errors that it has not now."""
    sheet = pieces[0].sheets[0]
    now = {(each.file, each.message) for each in _reading(sheet, ()).errors}
    then = _reading(sheet, pieces).errors
    worse = [each for each in then if (each.file, each.message) not in now]
    if worse:
        return FileOperationResult("wrong", worse)
    message = f"{sheet.folder}/{sheet.name}: {note}"
    try:
        return FileOperationResult(
            "done", trouble=apply_changes(services, pieces, actor, note, message)
        )
    except FileExistsError:
        return FileOperationResult("taken")


def _reading(sheet: CurriculumFile, pieces: Sequence[FileChange]) -> Reading:
    changes: dict[str, bytes | None] = {}
    for piece in pieces:
        changes |= {piece.before.name: None} if piece.before else {}
        changes |= {piece.after.name: piece.after.content} if piece.after else {}
    return read_folder(sheet.path.parent, "", changes)
