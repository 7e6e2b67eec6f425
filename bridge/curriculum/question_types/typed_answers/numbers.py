"""Numbers as members type them, and as Moodle reads them (question/type/numerical)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_NO_BREAK_SPACE = "\u00a0"
_SPACES = " \u00a0\u202f"
_EXPONENT = re.compile(r"(?:e|E|(?:x|\*|×)10(?:\^|\*\*))([+-]?\d+)", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?", re.ASCII)
_PRECISION = 1e-14
"""The part of a number that Moodle ignores: 10 to the power of minus PHP's `precision`."""


@dataclass(frozen=True, slots=True)
class Separators:
    """The decimal point and the separator of thousands of a language."""

    point: str = "."
    thousands: str = ","


@dataclass(frozen=True, slots=True)
class Misreading:
    """What someone may type for a number, the language of a reader, and what Moodle reads then."""

    typed: str
    language: str
    read: float


@lru_cache(maxsize=100)
def separators(language: str) -> Separators:
    """The separators that Moodle has in a language such as `fr` or `fr-ca`; English if unknown.

    Moodle's language packs were compared for en, fr, de and es. Where CLDR has any space between
    thousands, Moodle's French has a no-break space.
    """
    from babel.core import Locale, UnknownLocaleError  # imported late: most commands need no number

    try:
        symbols = Locale.parse(language.replace("-", "_")).number_symbols["latn"]
    except (UnknownLocaleError, ValueError, KeyError, TypeError):
        return Separators()
    group = symbols["group"]
    return Separators(symbols["decimal"], _NO_BREAK_SPACE if group in _SPACES else group)


def read_number(typed: str, language: str) -> float | None:
    """The number that Moodle reads for a reader in a language; None if it reads none.

    What follows the number, such as a unit, is ignored.
    """
    marks = separators(language)
    text = _EXPONENT.sub(r"e\1", typed.replace(" ", ""))
    if "." in text or text.count(",") > 1:
        text = text.replace(",", "")
    else:
        text = text.replace(marks.thousands, "").replace(marks.point, ".").replace(",", ".")
    found = _NUMBER.match(text)
    return float(found[0]) if found else None


def is_within(value: float, number: str, tolerance: str) -> bool:
    """Whether Moodle accepts a value for a number (qtype_numerical_answer::within_tolerance)."""
    right, allowed = float(number), float(tolerance)
    allowed += _PRECISION * max(allowed, abs(right), _PRECISION)
    return right - allowed <= value <= right + allowed


def misreadings(number: str, languages: Sequence[str]) -> Iterator[Misreading]:
    """What speakers of the languages may type for a number, and readers of another get wrong."""
    for writer in languages:
        for typed in ways_to_write(number, writer):
            for reader in languages:
                read = read_number(typed, reader)
                if read is not None and not is_within(read, number, "0"):
                    yield Misreading(typed, reader, read)


def ways_to_write(number: str, language: str) -> tuple[str, ...]:
    """A decimal number as people write it in a language, without and with separated thousands."""
    marks = separators(language)
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number.lstrip("+"))
    whole, _, part = digits.partition(".")
    rest = marks.point + part if part.strip("0") else ""
    grouped = f"{int(whole or '0'):,}".replace(",", marks.thousands.replace(_NO_BREAK_SPACE, " "))
    return tuple(dict.fromkeys(f"{sign}{each}{rest}" for each in (whole or "0", grouped)))


def written_number(text: str, language: str) -> str | None:
    """The decimal number that a text is in a language; None if it is none or has no separator."""
    marks = separators(language)
    group = f"[{_SPACES}]" if marks.thousands in _SPACES else re.escape(marks.thousands)
    pattern = rf"([+-]?\d{{1,3}}(?:{group}\d{{3}})+|[+-]?\d+)(?:{re.escape(marks.point)}(\d+))?"
    found = re.fullmatch(pattern, text, re.ASCII)
    if not found or text.lstrip("+-").isdecimal():
        return None
    return re.sub(r"[^\d-]", "", found[1]) + (f".{found[2]}" if found[2] else "")
