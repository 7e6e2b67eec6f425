"""Numbers and emails in a text that someone pasted, scanned or typed. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

EMAIL = re.compile(r"[^\s<>,;:|\"'()\[\]]+@[^\s<>,;:|\"'()\[\]]+")
SEPARATORS = re.compile(r"[,;\t|]")
MAX_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Entry:
    """What someone typed in one place. `line`: from 1.

    `names`: the numbers and emails in it, in the order to try; all of them if it has `parts`.
    """

    line: int
    text: str
    parts: tuple[str, ...] = ()


def read_entries(text: str) -> list[Entry]:
    """The numbers and emails of a text, in order: one a line, or several with `,` `;` or tabs.

    What has no digit and no @, such as a name next to a number, is passed over; a line with nothing
    else is an entry as it is. `12 13` is one entry with two parts: it may be one number.
    """
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        entries += _entries(number, line.strip())
    return entries


def _entries(number: int, line: str) -> list[Entry]:
    found = []
    for cell in filter(None, map(str.strip, SEPARATORS.split(line))):
        if emails := EMAIL.findall(cell):
            found += [Entry(number, email.rstrip(".")) for email in emails]
        elif any(map(str.isnumeric, cell)):
            found.append(Entry(number, cell[:MAX_LENGTH], _parts(cell)))
    if not found and line:
        return [Entry(number, line[:MAX_LENGTH])]
    return found


def _parts(cell: str) -> tuple[str, ...]:
    """The numbers of a cell with several, such as `12 13`; () if it isn't that."""
    words = tuple(cell.split())
    return words if len(words) > 1 and all(any(map(str.isnumeric, each)) for each in words) else ()
