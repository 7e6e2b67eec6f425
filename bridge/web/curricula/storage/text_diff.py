"""Two texts beside each other, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison: `kind` is `+`, `-` or blank; `@` stands for lines left out."""

    kind: str
    text: str


def compare(old: str, new: str) -> Iterator[DiffLine]:
    """What differs, with three lines around it; nothing where both are the same."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=3)
    for place, line in enumerate(lines):
        if place > 1:
            yield DiffLine(line[0].strip(), line[1:] if line[0] != "@" else "")
