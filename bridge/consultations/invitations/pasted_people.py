"""Reading a pasted list of people to invite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bridge.errors import ConsultationError, PersonError
from bridge.messages import Message
from bridge.store.persons.records import PersonRecord

MAX_INVITED = 500
"""People invited together."""
MAX_PASTED = 90_000
"""Characters of a list: as many as a form takes, with room for its other fields."""
_SEPARATORS = re.compile(r"[\s<>\"'(),;]+")
_LINK = re.compile(r"(?i:://|\bwww\.)|\w{2}\.[a-z]{2,}(?=\s|/|$)")
"""A web address, which would be a link in the email that greets them by that name."""


@dataclass(frozen=True, slots=True)
class Named:
    """Someone to invite, as typed in a line."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line that can't be read, its number from 1, and why."""

    number: int
    line: str
    problem: str


def read_people(text: str) -> tuple[list[Named], list[UnreadableLine]]:
    """The people in a pasted list, each address once, and the lines that can't be read.

    A line is `Kim Example <kim@example.org>`, `Kim Example, kim@example.org`, or an address.
    Raises ConsultationError if there are too many: cutting the list would invite someone else, at
    what is left of an address.
    """
    if len(text) > MAX_PASTED:
        raise ConsultationError(
            Message("the list has more than %(count)s characters.", count=MAX_PASTED),
            todo=Message("Paste it in parts."),
        )
    found: dict[str, Named] = {}
    unreadable = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            for named in _people_of(line):
                found.setdefault(named.email.lower(), named)
        except PersonError as error:
            unreadable.append(UnreadableLine(number, line.strip(), error.what))
    if len(found) > MAX_INVITED:
        raise ConsultationError(
            Message("invite at most %(count)s people at once.", count=MAX_INVITED)
        )
    return list(found.values()), unreadable


def _people_of(line: str) -> Iterator[Named]:
    """Raises PersonError."""
    addresses = [each for each in _SEPARATORS.split(line) if "@" in each[1:-1]]
    if len(addresses) > 1:
        for each in addresses:
            yield _named(each, each)
        return
    email = addresses[0] if addresses else line.strip()
    rest = line.replace(email, "") if addresses else ""
    yield _named(" ".join(re.sub(r"[<>\"(),;\t]+", " ", rest).split()) or email, email)


def _named(name: str, email: str) -> Named:
    """Raises PersonError."""
    record = PersonRecord(name, email)
    if record.name != record.email and _LINK.search(record.name):
        raise PersonError(
            Message("the name contains a web address."),
            todo=Message("Write the name of the person only."),
        )
    return Named(record.name, record.email)
