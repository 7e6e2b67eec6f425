"""The lines of a YAML file that have keys and list items, read without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.value_types import ListOf, OneOf, Shape


def _records_of(shape: Shape) -> tuple[str, ...]:
    inner = shape.item if isinstance(shape, ListOf) else shape
    return inner.records if isinstance(inner, OneOf) else ()


KEYS = frozenset(key.name for record in RECORDS.values() for key in record.keys)
_NO_LISTS = frozenset(
    key.name
    for record in RECORDS.values()
    for key in record.keys
    if not isinstance(key.shape, ListOf) or key.shape.or_word
)
LISTS = KEYS - _NO_LISTS
CHILDREN = {
    name: frozenset(
        key
        for record in RECORDS.values()
        for field in record.keys
        if field.name == name
        for child in _records_of(field.shape)
        for key in RECORDS[child].names
    )
    for name in KEYS
}
"""The keys of the mappings that a key, or an item of its list, can have."""
FIRST_KEYS = frozenset(
    RECORDS[name].keys[0].name
    for record in RECORDS.values()
    for key in record.keys
    if isinstance(key.shape, ListOf)
    for name in _records_of(key.shape)
)
"""The keys that an item of a list can begin with."""
_LINE = re.compile(
    r"(?P<indent> *)(?P<dash>-(?: +|$))?(?:(?P<key>[A-Za-z][\w-]*):(?= |$))?(?P<rest>.*)"
)
_BLOCK = re.compile(r"(?:- +)?[|>][-+0-9]*\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `indent` and `column` count from 0; `column` is that of the key or text.

    `number` counts from 1. `rest`: what follows the key, or the whole text.
    """

    number: int
    indent: int
    column: int
    is_item: bool
    key: str
    rest: str

    @property
    def begins_list(self) -> bool:
        """Whether the key has a list, which begins on the next line."""
        return self.key in LISTS and self.is_open

    @property
    def is_open(self) -> bool:
        """Whether the value of the key begins on the next line."""
        return bool(self.key) and not self.rest.strip()


def read_lines(lines: Sequence[str]) -> tuple[Line, ...]:
    """All lines except blank ones, comments, and those of a text under `|` or `>`."""
    return tuple(_outside_blocks(enumerate(lines, 1)))


def _outside_blocks(lines: Iterable[tuple[int, str]]) -> Iterator[Line]:
    block = -1
    for number, text in lines:
        indent = len(text) - len(text.lstrip(" "))
        if not text.strip() or (block >= 0 and indent > block) or text[indent] == "#":
            continue
        line = _line(number, text.rstrip())
        block = (
            (line.column if line.key else line.indent) if _BLOCK.match(line.rest.strip()) else -1
        )
        yield line


def _line(number: int, text: str) -> Line:
    found = _LINE.match(text)
    if found is None:
        raise AssertionError("the pattern matches every line")
    start = len(found["indent"]) + len(found["dash"] or "")
    indent, is_item = len(found["indent"]), found["dash"] is not None
    return Line(number, indent, start, is_item, found["key"] or "", found["rest"])
