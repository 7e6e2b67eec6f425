"""Reminders shortly before a session, to those who have a seat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from bridge.sessions import live_sessions
from bridge.sessions.invitations import LINK_PURPOSE
from bridge.sessions.notices import recipients
from bridge.sessions.notices.kinds import REMINDER, REMINDERS
from bridge.sessions.notices.senders import BATCH_SIZE, Batch, Sender, queue
from bridge.sessions.notices.tables import SessionAnnouncement, SessionNotice
from bridge.sessions.notices.timing import is_repeated, late_after, reminder_due
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.tables import LiveSession, Registration, RegistrationChange
from bridge.store.tables.persons import Person


def remind(session: Session, sender: Sender, session_id: int, hours: int) -> int:
    """Queue the next batch of reminders that are due `hours` before the start; return how many.

    0: none are left, or it isn't their time.
    """
    live = live_sessions.lock(session, session_id)
    known = session.get(SessionAnnouncement, session_id)
    due = reminder_due(live.starts_at, hours, known.dated_at if known else None, sender.now)
    if live.state != "open" or due is None:
        return 0
    notice = f"reminder-{hours}"
    waiting = _not_reminded(live, notice, is_repeated(hours, due), due)
    rows = session.execute(waiting.limit(BATCH_SIZE)).all()
    registered = {row.person_id: row for row in rows}

    def variables(person: Person) -> dict[str, object]:
        mine = registered[person.id]
        room = live.room if mine.format == "room" else ""
        return {"room": room, "confirm": mine.state == "confirming"}

    batch = Batch(
        live, REMINDER, notice, LINK_PURPOSE, "/session", due + late_after(hours), variables,
        repeat_after=is_repeated(hours, due),
    )  # fmt: skip
    return queue(session, sender, batch, list(registered))


def _not_reminded(
    live: LiveSession, notice: str, repeated: datetime, due: datetime
) -> Select[int, str, str]:
    """Those who have a seat since before the reminder was due, and haven't got it."""
    columns = (Registration.person_id, Registration.format, Registration.state)
    return (
        select(*columns)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.session_id == live.id, Registration.state.in_(HOLDS_SEAT),
            ~_noted(live, notice, repeated), ~_changed_after(due),
            *recipients.conditions(REMINDERS.key),
        )
        .order_by(Registration.person_id)
    )  # fmt: skip


def _noted(live: LiveSession, notice: str, repeated: datetime) -> ColumnElement[bool]:
    return exists().where(
        SessionNotice.session_id == live.id, SessionNotice.person_id == Registration.person_id,
        SessionNotice.notice == notice, SessionNotice.queued_at >= repeated,
    )  # fmt: skip


def _changed_after(due: datetime) -> ColumnElement[bool]:
    """They have just been told when and where it is."""
    return exists().where(
        RegistrationChange.registration_id == Registration.id, RegistrationChange.at > due
    )
