"""One session as a file names it: texts with their positions, whatever the format of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from bridge.curriculum.problems import Position

FieldName = Literal[
    "key", "curriculum", "session", "part", "starts", "ends", "minutes", "timezone", "online",
    "room", "seats_online", "seats_room", "region", "leaders", "materials", "state",
]  # fmt: skip
FIELD_NAMES: tuple[FieldName, ...] = get_args(FieldName)
MAX_ROWS = 1_000
"""Sessions in one file."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text as typed, without space around it, and where it is."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class RawRow:
    """A session in a file.

    `cells`: what the file says; '' says that there is none. `leaders`: None if it doesn't say.
    """

    position: Position
    cells: Mapping[FieldName, Cell] = field(default_factory=dict)
    leaders: tuple[Cell, ...] | None = None

    def text(self, name: FieldName) -> str:
        found = self.cells.get(name)
        return found.text if found else ""

    def says(self, name: FieldName) -> bool:
        return name in self.cells

    def place_of(self, name: FieldName) -> Position:
        """Where a value is; the position of the row if there is none."""
        found = self.cells.get(name)
        return found.position if found else self.position
