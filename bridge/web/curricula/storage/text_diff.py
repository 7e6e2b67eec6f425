"""The differences between two texts, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff. `kind`: `+` added, `-` removed, '' unchanged, `@` lines left out."""

    kind: str
    text: str


def compare(old: str, new: str) -> Iterator[DiffLine]:
    """The changed lines with three lines of context; nothing if the texts are equal."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=3)
    for index, line in enumerate(lines):
        if index > 1:
            yield DiffLine(line[0].strip(), line[1:] if line[0] != "@" else "")
