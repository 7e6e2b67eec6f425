"""Numbers and emails in a text that someone pasted, scanned or typed. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

EMAIL = re.compile(r"[^\s<>,;:|\"'()\[\]]+@[^\s<>,;:|\"'()\[\]]+")
SEPARATORS = re.compile(r"[,;\t|]")
BRACKETS = re.compile(r"[<>()\[\]\"':]")
MAX_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Entry:
    """What someone typed in one place. `line`: from 1.

    `parts`: the numbers in it, if it isn't one number. `names`: the words next to its one number,
    which must be the member's names.
    """

    line: int
    text: str
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def read_entries(text: str) -> list[Entry]:
    """The numbers and emails of a text, in order: one a line, or several with `,` `;` or tabs.

    What has no digit and no @, such as a name next to a number, is passed over; a line with nothing
    else is an entry as it is. A number next to an email is an entry too. `12 13` is one entry with two parts: it may be one number.
    """
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        entries += _entries(number, line.strip())
    return entries


def _entries(number: int, line: str) -> list[Entry]:
    found = []
    for cell in filter(None, map(str.strip, SEPARATORS.split(line))):
        emails = EMAIL.findall(cell)
        found += [Entry(number, email.rstrip(".")) for email in emails]
        rest = _without(emails, cell)
        if _has_digit(rest):
            found.append(Entry(number, rest[:MAX_LENGTH], *_parts(rest)))
    if not found and line:
        return [Entry(number, line[:MAX_LENGTH])]
    return found


def _without(emails: list[str], cell: str) -> str:
    """What is next to the emails of a cell."""
    return " ".join(BRACKETS.sub(" ", EMAIL.sub(" ", cell)).split()).strip(".") if emails else cell


def _parts(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of a cell with several, such as `12 13`, or its one number and the name."""
    words = cell.split()
    numbers = tuple(filter(_has_digit, words))
    names = tuple(each for each in words if not _has_digit(each))
    if len(words) > 1 and (not names or len(numbers) == 1):
        return numbers, names
    return (), ()


def _has_digit(text: str) -> bool:
    return any(map(str.isnumeric, text))
