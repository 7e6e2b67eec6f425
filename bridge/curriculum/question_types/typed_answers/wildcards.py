"""Patterns of short answers, as Moodle compares them (question/type/shortanswer/question.php).

In a pattern, `*` matches any characters of one line, and `\\*` is a star. Upper and lower case are
the same, and so are both forms of an accented letter. Everything else must be typed as it is in the
pattern.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

STAR = re.compile(r"(?<!\\)\*+")
CACHED = 4096
"""Texts whose comparable form is kept: those of a question are compared with each other."""
_NEVER_TYPED = "\ufffe"
"""Moodle removes this character from what was typed."""


def spellings(text: str) -> tuple[str, ...]:
    """The patterns in Moodle for one accepted answer, the one as written first.

    Spaces are single, because nobody types others. Phones type `’` and keyboards `'`, so both are
    accepted.
    """
    written = single_spaces(text)
    straight = with_straight_apostrophes(written)
    return tuple(dict.fromkeys((written, straight, straight.replace("'", "’"))))


def with_straight_apostrophes(text: str) -> str:
    """A text with `'` where it has `’`."""
    return text.replace("’", "'")


def single_spaces(text: str) -> str:
    """A text on one line, with single, plain spaces only."""
    return " ".join(text.split())


def matches(pattern: str, typed: str) -> bool:
    """Whether Moodle accepts a text for a pattern. Compares part by part, so no pattern is slow."""
    text, parts = fold(typed), _parts(pattern)
    if len(parts) == 1:
        return text == parts[0]
    if "\n" in text:
        return False
    first, *middle, last = parts
    end = len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last) and len(first) <= end):
        return False
    at = len(first)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def covers(wide: str, narrow: str) -> bool:
    """Whether a pattern matches everything that another one matches."""
    # A `*` of the narrow pattern can be anything only where the wide one also has a `*`.
    return matches(wide, _NEVER_TYPED.join(_parts(narrow)))


def has_stars(pattern: str) -> bool:
    """Whether a pattern has a `*` that matches any characters."""
    return len(_parts(pattern)) > 1


@lru_cache(maxsize=CACHED)
def _parts(pattern: str) -> tuple[str, ...]:
    """The texts between the stars of a pattern."""
    return tuple(part.replace("\\*", "*") for part in STAR.split(fold(pattern)))


def matches_everything(pattern: str) -> bool:
    """Whether a pattern is only stars and spaces."""
    return set("".join(pattern.split())) == {"*"}


def without_stars(pattern: str) -> str:
    """A text that a pattern matches."""
    return STAR.sub("", pattern).replace("\\*", "*").strip()


@lru_cache(maxsize=CACHED)
def fold(text: str) -> str:
    """A text in which upper and lower case, and both forms of an accented letter, are the same."""
    return "".join(_fold_character(each) for each in unicodedata.normalize("NFC", text))


@lru_cache(maxsize=CACHED)
def _fold_character(character: str) -> str:
    """As PCRE compares letters: one letter is never the same as two, so `ß` is not `ss`."""
    options = character.casefold(), character.lower()
    return next((each for each in options if len(each) == 1), character)
