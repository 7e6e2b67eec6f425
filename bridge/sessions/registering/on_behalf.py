"""Registering other people for a session, and entering that they can't come."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import MemberError, SessionError
from bridge.messages import Message
from bridge.sessions import leaders, registrations
from bridge.sessions.registering.desk import Desk
from bridge.sessions.rules import Format, RegistrationState

IN_ADDRESSES = r"[^\s<>\"'()]"
ADDRESS = re.compile(rf"(?<!{IN_ADDRESSES}){IN_ADDRESSES}+@{IN_ADDRESSES}+")
"""It starts where a word starts, so that a long word without @ is looked through once."""
BETWEEN = re.compile(r"[,;\t\r\n]+")
MAX_NAMES = 200


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that isn't certainly one person's, and why."""

    name: str
    problem: Message


@dataclass(frozen=True, slots=True)
class Named:
    """The people who were meant, as typed, and the names that nobody certainly has."""

    people: Mapping[int, str]
    unknown: Sequence[Unknown]


def split_names(text: str) -> list[str]:
    """The member numbers and addresses in a pasted text, each once, in order.

    Lines, commas, semicolons and tabs separate them. Of `Kim Example <kim@…>`, the address counts.
    Raises SessionError if there are too many.
    """
    found: list[str] = []
    for piece in BETWEEN.split(text):
        found += ADDRESS.findall(piece) or [piece.strip()]
    names = list(dict.fromkeys(filter(None, found)))
    if len(names) > MAX_NAMES:
        raise SessionError(Message("name at most %(count)s people at once.", count=MAX_NAMES))
    return names


def find_people(
    session: Session, names: Collection[str], now: datetime, *, by_number: bool = True
) -> Named:
    """The people with these member numbers and addresses. A member gets a person if they have none.

    `by_number`: False for leaders and chairs, who would learn from numbers whose they are.
    Call it in a transaction of its own, before the session is locked.
    """
    people: dict[int, str] = {}
    unknown = []
    for name in names:
        if not by_number and "@" not in name:
            unknown.append(Unknown(name, Message("write an email address.")))
            continue
        try:
            people.setdefault(leaders.find(session, name, now), name)
        except MemberError:
            unknown.append(Unknown(name, Message("several members have this address.")))
        except SessionError:
            unknown.append(Unknown(name, Message("there is no member or person like that.")))
    return Named(people, unknown)


def register_people(
    session: Session, desk: Desk, session_id: int, people: Collection[int], how: Format
) -> dict[int, RegistrationState]:
    """Register people in this order, as if they had done it; return each one's state.

    Their address counts as confirmed: someone who knows them registers them. All or none. Raises
    SessionError if nobody can register now.
    """
    return {
        each: registrations.register(session, desk, session_id, each, how, reason="added")
        for each in people
    }


def remove_people(
    session: Session, desk: Desk, session_id: int, people: Collection[int]
) -> list[int]:
    """Enter that people can't come; return who was registered. Raises SessionError, as `leave`."""
    return [
        each for each in people if registrations.leave(session, desk, session_id, each, "removed")
    ]
