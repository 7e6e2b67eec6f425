"""Reading and locking live sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language, key_as_words
from bridge.curriculum.topics import Topic
from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions.rules import (
    FORMATS,
    HOLDS_SEAT,
    Format,
    SessionData,
    SessionState,
    Status,
    Times,
    has_free_seat,
    status_of,
)
from bridge.sessions.tables import LiveSession, Registration, SessionLeader
from bridge.store.persons.records import MAX_ID
from bridge.store.tables.persons import Person

ANNOUNCED = or_(
    LiveSession.state.in_(("open", "postponed")),
    and_(LiveSession.state == "cancelled", LiveSession.sequence > 1),
)
"""SQL condition: people have seen it. Each change of state adds one to the sequence, so a draft
that was cancelled has 1."""


def is_to_come(now: datetime) -> ColumnElement[bool]:
    """SQL condition: it isn't over, or it is postponed, so that it has no date."""
    return or_(LiveSession.ends_at > now, LiveSession.state == "postponed")


def was_announced(live: LiveSession) -> bool:
    """Whether people have seen it: it isn't a draft, and wasn't cancelled as one."""
    return live.state in ("open", "postponed") or (live.state == "cancelled" and live.sequence > 1)


def find(session: Session, session_id: int) -> LiveSession | None:
    return session.get(LiveSession, session_id) if session_id <= MAX_ID else None


def lock(session: Session, session_id: int) -> LiveSession:
    """Return the session, locked until the transaction ends. Raises SessionError.

    Lock it before members and persons: everything that changes registrations does.
    """
    found = None
    if session_id <= MAX_ID:
        found = session.get(
            LiveSession, session_id, populate_existing=True, with_for_update=True
        )  # fmt: skip
    if found is None:
        raise SessionError(Message("there is no such session."), where=f"session {session_id}")
    return found


def data_of(live: LiveSession) -> SessionData:
    """What was scheduled."""
    return SessionData(
        curriculum=live.curriculum, topic=live.topic, part=live.part,
        times=Times(live.starts, live.ends, live.zone),
        online=live.online, in_person=live.in_person,
        seats_online=live.seats_online, seats_room=live.seats_room,
        link=live.link, room=live.room, region=live.region, materials=live.materials,
    )  # fmt: skip


def status(live: LiveSession, now: datetime) -> Status:
    return status_of(cast(SessionState, live.state), live.ends_at, now)


def seats_of(live: LiveSession, how: Format) -> int | None:
    """How many seats there are; None for no limit."""
    return live.seats_online if how == "online" else live.seats_room


def offers(live: LiveSession, how: Format) -> bool:
    return live.online if how == "online" else live.in_person


def check_open(live: LiveSession, how: Format, now: datetime) -> None:
    """Raises SessionError if nobody can register now, in this way."""
    if live.state == "cancelled":
        raise SessionError(Message("the session was cancelled."))
    if live.state == "postponed":
        raise SessionError(Message("the session is postponed until further notice."))
    if live.state != "open":
        raise SessionError(Message("the session isn't open for registration."))
    if live.starts_at <= now:
        raise SessionError(Message("the session has already started."))
    if not offers(live, how):
        raise SessionError(
            Message("one can't take part in person.")
            if how == "room"
            else Message("one can't take part online.")
        )


def taken_seats(
    session: Session, session_ids: Collection[int]
) -> Mapping[int, Mapping[Format, int]]:
    """How many seats are taken in each of these sessions, online and in person. One query."""
    held = Registration.session_id.in_(session_ids), Registration.state.in_(HOLDS_SEAT)
    columns = (Registration.session_id, Registration.format)
    rows = session.execute(select(*columns, func.count()).where(*held).group_by(*columns))
    found: dict[int, dict[Format, int]] = {each: {"online": 0, "room": 0} for each in session_ids}
    for session_id, how, count in rows:
        found[session_id][cast(Format, how)] = count
    return found


def waited_for(session: Session, now: datetime) -> list[int]:
    """The open sessions to come with a waiting list and a free seat. Two queries."""
    waiting = select(Registration.session_id).where(Registration.state == "waiting").distinct()
    coming = (LiveSession.state == "open", LiveSession.starts_at > now, LiveSession.id.in_(waiting))
    rows = session.scalars(select(LiveSession).where(*coming).order_by(LiveSession.id)).all()
    taken = taken_seats(session, [each.id for each in rows])
    return [
        each.id
        for each in rows
        if any(has_free_seat(seats_of(each, how), taken[each.id][how]) for how in FORMATS)
    ]


def has_people(session: Session, session_id: int) -> bool:
    """Whether someone is registered for it."""
    mine = (Registration.session_id == session_id, Registration.state != "cancelled")
    return bool(session.scalar(select(exists().where(*mine))))


def leader_ids(session: Session, session_id: int) -> set[int]:
    """The persons who lead a session."""
    named = select(SessionLeader.person_id).where(SessionLeader.session_id == session_id)
    return set(session.scalars(named))


def leaders_of(session: Session, session_id: int) -> list[Person]:
    """The leaders of a session, by name."""
    named = Person.id.in_(leader_ids(session, session_id))
    return list(session.scalars(select(Person).where(named).order_by(Person.name)))


def find_topic(
    curricula: Sequence[Curriculum], curriculum: str, topic: str
) -> tuple[Curriculum, Topic] | None:
    """The topic with this key, or with this former key; None if it isn't in the YAML any more."""
    path = next((each for each in curricula if each.key == curriculum), None)
    found = path.topic(topic) if path else None
    return (path, found) if path and found else None


def title_of(live: LiveSession, curricula: Sequence[Curriculum], language: Language) -> str:
    """What the session is called: its topic and part; their keys in words if the topic is gone."""
    found = find_topic(curricula, live.curriculum, live.topic)
    if found is None:
        return " – ".join(map(key_as_words, filter(None, (live.topic, live.part))))
    topic = found[1]
    part = topic.part(live.part) if live.part else None
    titles = (topic.title.shown(language), part.title.shown(language) if part else live.part)
    return " – ".join(filter(None, titles))


def id_of(session: Session, key: str) -> int:
    """The ID of the session with a key. Raises SessionError."""
    found = session.scalar(select(LiveSession.id).where(LiveSession.key == key))
    if found is None:
        raise SessionError(
            Message("there is no session with this key."), where=key,
            todo=Message("`stewardpath sessions list` shows them."),
        )  # fmt: skip
    return found
