"""Saving a file: never over somebody else's words, whole or not at all, and kept for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bridge.web.collaborators import Collaborators
from bridge.web.curricula.desk import Desk, Sheet
from bridge.web.curricula.pieces import Piece, alone, put
from bridge.web.identity import Visitor

NOTE = 200
Fate = Literal["saved", "same", "conflict"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving. `there`: the file as it is now; `trouble`: why git has it not."""

    fate: Fate
    there: Sheet
    trouble: str = ""


def save(
    house: Collaborators, desk: Desk, sheet: Sheet, text: str, base: str, who: Visitor, note: str
) -> Saved:
    """Write `text` if the file is still the one with the SHA-256 `base`. Raises OSError."""
    with alone(sheet.path.parent):
        there = desk.open(sheet.folder, sheet.name)
        if there.digest != base:
            return Saved("conflict", there)
        if there.text == text and there.readable:
            return Saved("same", there)
        after = there.with_text(text)
        said = " ".join(note.split())[:NOTE]
        message = f"{there.folder}/{there.name}: {said or 'edited'}"
        return Saved("saved", after, put(house, [Piece(there, after)], who, said, message))
