"""Numbers and emails in a text that someone pasted, scanned or typed. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

IN_EMAILS = r"[^\s<>,;:|\"'()\[\]]"
EMAIL = re.compile(rf"(?<!{IN_EMAILS}){IN_EMAILS}+@{IN_EMAILS}+")
"""It starts where a word starts, so that a long word without @ is looked through once."""
SEPARATORS = re.compile(r"[;\t|]")
COMMAS = re.compile(r"[,，、&]|\s(?:and|et)\s", re.IGNORECASE)
GROUPED = re.compile(r"\d{1,3}(?:([,\u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
"""`1,001`: as spreadsheets show 1001. It may be several numbers only if all have three digits."""
WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
"""`1001.0`: as spreadsheets store 1001."""
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
    else is an entry as it is. A number next to an email is an entry too. `1,001` is one number.
    `12 13` is one entry with two parts: it may be one number.
    """
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        entries += _entries(number, line.strip())
    return entries


def _entries(number: int, line: str) -> list[Entry]:
    found = []
    for cell in _cells(line):
        if GROUPED.fullmatch(cell):
            found.append(_grouped(number, cell))
            continue
        emails = EMAIL.findall(cell)
        found += [Entry(number, email.rstrip(".")) for email in emails]
        rest = _without(emails, cell)
        if _has_digit(rest):
            found.append(Entry(number, rest[:MAX_LENGTH], *_parts(rest)))
    if not found and line:
        return [Entry(number, line[:MAX_LENGTH])]
    return found


def _cells(line: str) -> Iterator[str]:
    for cell in SEPARATORS.split(line):
        plain = cell.strip(' "')
        parts = [plain] if GROUPED.fullmatch(plain) else map(str.strip, COMMAS.split(cell))
        yield from filter(None, parts)


def _grouped(line: int, cell: str) -> Entry:
    """A number with separators for thousands, or several of three digits."""
    groups = tuple(re.findall(r"\d+", cell))
    return Entry(line, "".join(groups), groups if len(groups[0]) == 3 else ())


def _without(emails: list[str], cell: str) -> str:
    """What is next to the emails of a cell."""
    return " ".join(BRACKETS.sub(" ", EMAIL.sub(" ", cell)).split()).strip(".") if emails else cell


def _parts(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of a cell with several, such as `12 13`, or its one number and the name."""
    if whole := WHOLE.fullmatch(cell):
        return (whole[1],), ()
    words = cell.split()
    numbers = tuple(filter(_has_digit, words))
    names = tuple(each for each in words if not _has_digit(each))
    if len(words) > 1 and (not names or len(numbers) == 1):
        return numbers, names
    return (), ()


def _has_digit(text: str) -> bool:
    return any(map(str.isnumeric, text))
