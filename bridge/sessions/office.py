"""Who schedules sessions, and how everyone registered is told what changes for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.schedule import schedule
from bridge.sessions.earning.credits import Recorder
from bridge.sessions.emails import News
from bridge.sessions.invitations import Invitations, Method
from bridge.sessions.registering.desk import Desk
from bridge.sessions.rules import COMING, HOLDS_SEAT, Format, SessionData, concerns
from bridge.sessions.tables import LiveSession, Registration

RELEASE = "session-release"
"""The kind of deadline after which seats that weren't confirmed are released."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who schedules, when, and how people are told.

    `confirm_before`: how long before the start of a new date a seat must be confirmed.
    """

    invitations: Invitations
    actor: str
    closes_before: timedelta
    confirm_before: timedelta
    note: str = ""
    """Why a state changes, for the activity log, if nobody gives a reason."""

    @property
    def now(self) -> datetime:
        return self.invitations.now

    @property
    def recorder(self) -> Recorder:
        return Recorder(self.invitations.curricula, self.actor, self.now)

    @property
    def desk(self) -> Desk:
        return Desk(self.now, self.actor, self.invitations.tell, self.closes_before)


def confirm_until(live: LiveSession, confirm_before: timedelta, now: datetime) -> datetime:
    """The local time until when a new date must be confirmed: never before an hour from now."""
    earliest = live.starts - (live.starts_at - now) + timedelta(hours=1)
    wanted = live.starts - confirm_before
    return max(wanted, min(earliest, live.starts)).replace(second=0, microsecond=0)


def notify(
    session: Session, office: Office, live: LiveSession, news: News, method: Method | None
) -> None:
    """Tell those who come or wait. Only those with a seat have an entry in their calendar."""
    for each in _coming(session, live):
        office.invitations.send(session, live, each, news, method if _has_entry(each) else None)


def notify_moved(
    session: Session,
    office: Office,
    live: LiveSession,
    before: SessionData,
    data: SessionData,
    told: Collection[int] = (),
) -> None:
    """Tell people that the time or their place has changed, except the registrations `told`.

    Those who are asked to confirm a date are asked about the new one.
    """
    people = _coming(session, live)
    is_new_date = before.times != data.times
    until = _schedule_release(session, office, live, people) if is_new_date else ""
    for each in people:
        if each.id in told or not concerns(before, data, cast(Format, each.format)):
            continue
        if each.state == "confirming" and is_new_date:
            office.invitations.send(session, live, each, "new-date", "REQUEST", until=until)
        else:
            method: Method | None = "REQUEST" if _has_entry(each) else None
            office.invitations.send(session, live, each, "changed", method)


def ask_to_confirm(
    session: Session, office: Office, live: LiveSession, news: Literal["new-date", "reopened"]
) -> None:
    """Ask those who have a seat to confirm by a deadline, and tell those who wait.

    `news`: why they are asked: there is a new date, or it takes place after all.
    """
    people = _coming(session, live)
    until = _schedule_release(session, office, live, people)
    for each in people:
        if each.state == "confirming":
            office.invitations.send(session, live, each, news, "REQUEST", until=until)
        elif each.state == "waiting":
            told: News = "changed" if news == "new-date" else news
            office.invitations.send(session, live, each, told, None)


def _schedule_release(
    session: Session, office: Office, live: LiveSession, people: Sequence[Registration]
) -> str:
    """Plan to release the seats that aren't confirmed; return by when, a local time as ISO text."""
    until = confirm_until(live, office.confirm_before, office.now)
    if any(each.state == "confirming" for each in people):
        schedule(session, RELEASE, str(live.id), LocalTime(until, live.zone), office.now)
    return until.isoformat(timespec="minutes")


def _has_entry(registration: Registration) -> bool:
    return registration.state in HOLDS_SEAT and registration.sequence >= 0


def _coming(session: Session, live: LiveSession) -> Sequence[Registration]:
    mine = (Registration.session_id == live.id, Registration.state.in_(COMING))
    return session.scalars(select(Registration).where(*mine).order_by(Registration.id)).all()
