"""Find keys of sign-offs and credits that are probably two spellings of one."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import combinations

from bridge.curriculum.checking.renames.renamed_requirements import first_requirements
from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.problems import MAX_CANDIDATES, Report
from bridge.messages import Message

MIN_LETTERS = 5
"""How long a word must be: of shorter ones, many differ by one letter only."""
MIN_SIMILARITY = 0.8
_MEANT_ENDINGS = ({"r", "e"}, {"rs", "es"})
"""How two words end that differ on purpose: `trainer` and `trainee`."""


def check_similar_keys(parsed: ParsedCurriculum, report: Report) -> None:
    """Warn about each key of a sign-off or credit that another one differs from by one letter."""
    found = first_requirements(parsed)
    if len(found) > MAX_CANDIDATES:
        return
    for (kind, one), (other_kind, other) in combinations(found, 2):
        if kind == other_kind and is_misspelling(one, other):
            first, second = found[kind, one].position_of(kind), found[kind, other].position_of(kind)
            report.warning(
                second,
                Message(
                    "`%(kind)s: %(key)s` is nearly `%(other)s`, in %(place)s, and members need "
                    "both.",
                    kind=kind, key=other, other=one, place=f"{first.file}:{first.line}",
                ),
                Message("if one of them is misspelt, write the same key in both places"),
            )  # fmt: skip


def is_misspelling(one: str, other: str) -> bool:
    """Whether two keys differ by one typing mistake in one word: `traning` and `training`."""
    words, others = one.split("-"), other.split("-")
    if len(words) != len(others):
        return False
    pairs = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    if len(pairs) != 1:
        return False
    ((a, b),) = pairs
    is_short = min(len(a), len(b)) < MIN_LETTERS
    is_meant = any({a[-n:], b[-n:]} == each for n, each in enumerate(_MEANT_ENDINGS, 1))
    return (
        not is_short
        and not is_meant
        and _without_digits(a) != _without_digits(b)
        and _one_off(a, b)
    )


def is_renamed(one: str, other: str) -> bool:
    """Whether one key may be the other one, renamed. Other digits are another thing."""
    if _without_digits(one) == _without_digits(other):
        return False
    return SequenceMatcher(None, one, other).ratio() >= MIN_SIMILARITY


def _without_digits(word: str) -> str:
    return re.sub(r"\d", "", word)


def _one_off(one: str, other: str) -> bool:
    """Whether one letter is more, less or another, or two are swapped."""
    short, long = sorted((one, other), key=len)
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(long) == len(short) + 1:
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return len(long) == len(short) and (short[at + 1 :] == long[at + 1 :] or swapped == long[at:])
