"""The lists and mappings that a line can belong to, according to its indentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.curriculum.reading.layout.lines import CHILDREN, KEYS, LISTS, Line
from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.value_types import LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class Levels:
    """What is open before a line: columns (from 0) of lists and mappings, with their keys.

    The keys of a list are those that its items begin with.
    """

    lists: dict[int, set[str]] = field(default_factory=dict)
    mappings: dict[int, set[str]] = field(default_factory=dict)

    def columns_for(self, key: str) -> list[int]:
        """The columns of the mappings that can have this key and don't have it yet."""
        return [column for column, keys in self.mappings.items() if is_possible(key, keys)]

    def columns_for_item(self, key: str) -> list[int]:
        """The columns of the lists that can have an item with this key ('' for a text)."""
        fitting = [column for column, keys in self.lists.items() if _are_items({*keys, key})]
        return fitting or list(self.lists)


def levels_before(lines: Sequence[Line]) -> Levels:
    """What the lines have opened and not closed."""
    found = Levels()
    innermost = max((line.column for line in lines[-1:]), default=0)
    for line in reversed(lines):
        if line.key and line.column <= innermost:
            found.mappings.setdefault(line.column, set()).add(line.key)
        if line.is_item and line.indent <= innermost:
            found.lists.setdefault(line.indent, set()).add(line.key)
        innermost = min(innermost, line.indent if line.is_item else line.column)
    return found


def _are_items(keys: set[str]) -> bool:
    named = keys - {""}
    return any(named <= CHILDREN[name] for name in LISTS)


def is_possible(key: str, others: set[str]) -> bool:
    """Whether a mapping with the other keys can have this one too."""
    if key in others:
        return False
    every = {*others, key}
    if not every & KEYS:
        return all(LANGUAGE_CODE.fullmatch(name) for name in every)
    return any(every <= set(record.names) for record in RECORDS.values())
