"""The history of the registrations for a session, and how its waiting lists stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.local_time import find_zone
from bridge.messages import Message
from bridge.sessions import live_sessions
from bridge.sessions.registering.desk import Reason
from bridge.sessions.registrations import count_waiting
from bridge.sessions.rules import FORMATS, Format, RegistrationState
from bridge.sessions.tables import LiveSession, Registration, RegistrationChange
from bridge.store.members import profile
from bridge.store.persons.proof import audit_actor
from bridge.store.persons.records import MAX_ID
from bridge.store.tables.persons import Person

Standing = Literal["not-open", "nobody-waits", "closed", "no-free-seat", "advances"]
By = Literal["themselves", "system", "other"]
SYSTEM = "sessions"
"""The actor of what happens by itself."""

REASONS: dict[Reason, Message] = {
    "registered": Message("registered"),
    "added": Message("registered by the committee or a leader"),
    "confirmed": Message("confirmed"),
    "other-format": Message("takes part in the other way"),
    "left": Message("can't come"),
    "removed": Message("can't come, entered by the committee or a leader"),
    "promoted": Message("moved up from the waiting list: a seat was free"),
    "list-closed": Message("didn't move up: a seat was free, but the waiting list had closed"),
    "seat-released": Message("didn't confirm in time: the seat was released"),
    "new-date": Message("asked to confirm the new date"),
    "session-cancelled": Message("the session was cancelled"),
    "session-reopened": Message("the session takes place after all"),
}
STANDINGS: dict[Standing, Message] = {
    "not-open": Message("Nobody moves up, because the session isn't open for registration."),
    "nobody-waits": Message("Nobody waits."),
    "closed": Message("The list has closed: the first to ask gets a free seat."),
    "no-free-seat": Message("Nobody moves up, because no seat is free."),
    "advances": Message("A seat is free: the first who waits gets it within minutes."),
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step of a registration: what it became, when, why, and who did it."""

    id: int
    at: datetime
    person_id: int
    name: str
    email: str
    format: Format
    state: RegistrationState
    reason: str
    by: By
    actor: str

    @property
    def why(self) -> Message | str:
        """The reason in words; as stored, if it isn't known any more."""
        return REASONS.get(cast(Reason, self.reason), self.reason)


@dataclass(frozen=True, slots=True)
class WaitingList:
    """How many wait for seats online or in person, and whether the first of them moves up.

    `free`: how many seats are free, None for no limit. `closes`: until when the list moves up, in
    the zone of the session.
    """

    format: Format
    waiting: int
    free: int | None
    closes: datetime
    standing: Standing

    @property
    def explanation(self) -> Message:
        return STANDINGS[self.standing]


def history(
    session: Session, session_id: int, limit: int | None = None, before: int = MAX_ID
) -> list[HistoryLine]:
    """The steps of all registrations for a session, the last one first: those before an ID."""
    query = (
        select(RegistrationChange, Person)
        .join(Registration, Registration.id == RegistrationChange.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.session_id == session_id, RegistrationChange.id < before)
        .order_by(RegistrationChange.id.desc())
        .limit(limit)
    )
    return [_line(change, person) for change, person in session.execute(query)]


def waiting_lists(
    session: Session, live: LiveSession, closes_before: timedelta, now: datetime
) -> Sequence[WaitingList]:
    """The lists for the ways in which one can take part. `closes_before`: as in `Desk`."""
    taken = live_sessions.taken_seats(session, [live.id])[live.id]
    closes = (live.starts_at - closes_before).astimezone(find_zone(live.zone)).replace(tzinfo=None)
    is_closed = live.starts_at - closes_before <= now
    lists = []
    for how in FORMATS:
        waiting, seats = count_waiting(session, live, how), live_sessions.seats_of(live, how)
        if not waiting and (seats is None or not live_sessions.offers(live, how)):
            continue
        free = None if seats is None else max(0, seats - taken[how])
        standing = _standing(live, waiting, free, is_closed=is_closed)
        lists.append(WaitingList(how, waiting, free, closes, standing))
    return lists


def _standing(live: LiveSession, waiting: int, free: int | None, *, is_closed: bool) -> Standing:
    if live.state != "open":
        return "not-open"
    if is_closed:
        return "closed"
    if not waiting:
        return "nobody-waits"
    return "no-free-seat" if free == 0 else "advances"


def _line(change: RegistrationChange, person: Person) -> HistoryLine:
    return HistoryLine(
        change.id, change.at, person.id, person.name, person.email, cast(Format, change.format),
        cast(RegistrationState, change.state), change.reason, _by(change.actor, person),
        change.actor,
    )  # fmt: skip


def _by(actor: str, person: Person) -> By:
    if actor == SYSTEM:
        return "system"
    own = [audit_actor(person.id), person.email.casefold()]
    if person.member_id is not None:
        own.append(profile.audit_actor(person.member_id))
    return "themselves" if actor.casefold() in own else "other"
