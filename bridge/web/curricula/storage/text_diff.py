"""The differences between two texts, line by line."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_PAIRS = 200_000
"""Pairs of equal lines in both texts. Two versions of a long milestone have 50,000."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff. `kind`: `+` added, `-` removed, '' unchanged, `@` lines left out."""

    kind: str
    text: str


def compare(old: str, new: str) -> Iterator[DiffLine]:
    """The changed lines with three lines of context; nothing if the texts are equal.

    Texts in which very many lines repeat take quadratic time to compare, so all lines between the
    first and the last difference count as changed then.
    """
    before, after = old.split("\n"), new.split("\n")
    if pairs_to_compare(before, after) > MAX_PAIRS:
        yield from _coarse(before, after)
        return
    lines = difflib.unified_diff(before, after, lineterm="", n=3)
    for index, line in enumerate(lines):
        if index > 1:
            yield DiffLine(line[0].strip(), line[1:] if line[0] != "@" else "")


def pairs_to_compare(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pairs of equal lines the comparison looks at, between the first and last change."""
    start, end = _common_ends(before, after)
    old, new = (Counter(each[start : len(each) - end]) for each in (before, after))
    return sum(count * new[line] for line, count in old.items())


def _coarse(before: Sequence[str], after: Sequence[str]) -> Iterator[DiffLine]:
    start, end = _common_ends(before, after)
    yield DiffLine("@", "")
    yield from (DiffLine("-", line) for line in before[start : len(before) - end])
    yield from (DiffLine("+", line) for line in after[start : len(after) - end])


def _common_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines are equal at the beginning and, after those, at the end."""
    pairs = enumerate(zip(before, after, strict=False))
    shorter = min(len(before), len(after))
    start = next((n for n, (old, new) in pairs if old != new), shorter)
    shorter -= start
    end = 0
    while end < shorter and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, end
