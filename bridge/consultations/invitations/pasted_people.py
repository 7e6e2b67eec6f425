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
ADDRESS = re.compile(r"[^\s<>\"'(),;]+@[^\s<>\"'(),;]+")


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
    Raises ConsultationError if there are too many.
    """
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
    addresses = ADDRESS.findall(line)
    if len(addresses) > 1:
        for each in addresses:
            yield _named(each, each)
        return
    email = addresses[0] if addresses else line.strip()
    rest = line.replace(email, "") if addresses else ""
    yield _named(" ".join(re.sub(r"[<>\"(),;\t]+", " ", rest).split()) or email, email)


def _named(name: str, email: str) -> Named:
    record = PersonRecord(name, email)
    return Named(record.name, record.email)
