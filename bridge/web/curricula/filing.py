"""New files, files renamed, files deleted: with the list of milestones kept in step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bridge.curriculum.folders import read_folder
from bridge.curriculum.listing import CannotList, milestone_of, with_milestone, without_milestone
from bridge.curriculum.listing import milestones_in as listed_in
from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import TOP_FILE, Reading, read_text
from bridge.web.collaborators import Collaborators
from bridge.web.curricula.desk import Desk, Sheet
from bridge.web.curricula.pieces import Piece, alone, put
from bridge.web.identity import Visitor


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of it. `taken`: a file has that name; `wrong`: it would bring `problems`;
    `unlisted`: the list of milestones cannot be edited; `conflict`: the file has changed."""

    fate: Literal["done", "taken", "wrong", "unlisted", "conflict"]
    problems: Sequence[Problem] = ()
    trouble: str = ""


def begin(
    house: Collaborators, desk: Desk, folder: str, files: dict[str, str], who: Visitor, note: str
) -> Filed:
    """A new curriculum; curriculum.yaml comes last, and only with it is the folder one."""
    reading = read_text({name: text.encode() for name, text in files.items()})
    if reading.errors:
        return Filed("wrong", reading.errors)
    place = desk.root / folder
    with alone(desk.root):
        try:
            place.mkdir()
        except FileExistsError:
            return Filed("taken")
        made = [Sheet(place / name, folder, name, text.encode()) for name, text in files.items()]
        pieces = [Piece(None, sheet) for sheet in made]
        return Filed("done", trouble=put(house, pieces, who, note, f"{folder}: {note}"))


def create(
    house: Collaborators, desk: Desk, sheet: Sheet, after: str | None, who: Visitor, note: str
) -> Filed:
    """A file with a milestone, listed after another one (see `with_milestone`)."""
    with alone(sheet.path.parent):
        if os.path.lexists(sheet.path):
            return Filed("taken")
        key = milestone_of(sheet.text)
        top = desk.open(sheet.folder, TOP_FILE)
        pieces = [Piece(None, replace(sheet, gone=False))]
        try:
            if key and key not in listed_in(top.text):
                listed = with_milestone(top.text, key, after)
                pieces.append(Piece(top, top.with_text(listed)))
        except CannotList:
            return Filed("unlisted")
        return _file(house, pieces, who, note)


def delete(
    house: Collaborators, desk: Desk, sheet: Sheet, base: str, who: Visitor, note: str
) -> Filed:
    """Take a file away, and its milestone off the list."""
    with alone(sheet.path.parent):
        there = desk.open(sheet.folder, sheet.name)
        if there.digest != base:
            return Filed("conflict")
        pieces = [Piece(there, None)]
        top, key = desk.open(sheet.folder, TOP_FILE), milestone_of(there.text)
        try:
            if key in listed_in(top.text) and not _is_elsewhere(desk, there, key):
                pieces.append(Piece(top, top.with_text(without_milestone(top.text, key))))
        except CannotList:
            return Filed("unlisted")
        return _file(house, pieces, who, note)


def rename(
    house: Collaborators, desk: Desk, sheet: Sheet, base: str, name: str, who: Visitor, note: str
) -> Filed:
    """Give a file another name; its text, and so its keys, stay."""
    with alone(sheet.path.parent):
        there = desk.open(sheet.folder, sheet.name)
        if there.digest != base:
            return Filed("conflict")
        path = there.path.with_name(name)
        if os.path.lexists(path):
            return Filed("taken")
        return _file(house, [Piece(there, replace(there, path=path, name=name))], who, note)


def _is_elsewhere(desk: Desk, sheet: Sheet, key: str) -> bool:
    """Whether another file holds the same milestone, too."""
    others = (name for name in desk.files(sheet.folder) if name != sheet.name)
    return any(milestone_of(desk.open(sheet.folder, name).text) == key for name in others)


def _file(house: Collaborators, pieces: Sequence[Piece], who: Visitor, note: str) -> Filed:
    """Do it, unless the curriculum would have errors that it has not now."""
    sheet = pieces[0].sheets[0]
    now = {(each.file, each.message) for each in _reading(sheet, ()).errors}
    then = _reading(sheet, pieces).errors
    worse = [each for each in then if (each.file, each.message) not in now]
    if worse:
        return Filed("wrong", worse)
    message = f"{sheet.folder}/{sheet.name}: {note}"
    try:
        return Filed("done", trouble=put(house, pieces, who, note, message))
    except FileExistsError:
        return Filed("taken")


def _reading(sheet: Sheet, pieces: Sequence[Piece]) -> Reading:
    changes: dict[str, bytes | None] = {}
    for piece in pieces:
        changes |= {piece.before.name: None} if piece.before else {}
        changes |= {piece.after.name: piece.after.content} if piece.after else {}
    return read_folder(sheet.path.parent, "", changes)
