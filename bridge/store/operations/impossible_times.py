"""Times that a wrong clock has left behind: found, and repaired.

A time that says when something happened can't be in the future, and a lease or a next try can't be
further away than its job sets it. Records of what people did (audit log, awards, completions) are
left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store.tables.accounts import MoodleDifference
from bridge.store.tables.auth import Login, SigninLink, TeamRole
from bridge.store.tables.delivery import Delivery, OutboxEmail
from bridge.store.tables.learning import RefreshRequest
from bridge.store.tables.members import PendingSignup
from bridge.store.tables.operations import Cursor, Lock, Run
from bridge.store.tables.persons import PersonalLink
from bridge.store.tables.statistics import QuestionStatistic, QuizStatistic, SavedStatistics

TOLERANCE = timedelta(minutes=5)
"""The clocks of several servers may differ by this."""
MAX_LIFETIME = timedelta(days=7)
"""Of a login, as in `bridge.store.auth.logins`."""
MAX_LOCK = timedelta(minutes=2)
MAX_LEASE = timedelta(minutes=15)
MAX_DELAY = timedelta(days=1)
"""Retries wait for six hours at most, or as long as a server asks."""
MAX_LINK_LIFETIME = timedelta(hours=1)

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


@dataclass(frozen=True, slots=True)
class Limit:
    """How far in the future a time may be. Beyond that it's set to now, or to `capped`."""

    column: Moment
    ahead: timedelta = timedelta()
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A beginning that can't be in the future, and an end. Both are moved, so the time between
    them stays: it differs from row to row."""

    begin: InstrumentedAttribute[datetime]
    end: InstrumentedAttribute[datetime]


LIMITS = (
    Limit(Lock.expires_at, MAX_LOCK),
    Limit(Run.started_at),
    Limit(Run.heartbeat_at),
    Limit(Run.finished_at),
    Limit(Cursor.updated_at),
    Limit(Delivery.created_at),
    Limit(Delivery.done_at),
    Limit(Delivery.lease_until, MAX_LEASE),
    Limit(Delivery.next_try, MAX_DELAY),
    Limit(OutboxEmail.created_at),
    Limit(OutboxEmail.done_at),
    Limit(OutboxEmail.lease_until, MAX_LEASE),
    Limit(OutboxEmail.next_try, MAX_DELAY),
    Limit(MoodleDifference.found_at),
    Limit(MoodleDifference.answered_at),
    Limit(RefreshRequest.asked_at),
    Limit(RefreshRequest.finished_at),
    Limit(RefreshRequest.lease_until, MAX_LEASE),
    Limit(SavedStatistics.counted_at),
    Limit(QuizStatistic.counted_at),
    Limit(QuestionStatistic.counted_at),
    Limit(Login.created_at),
    Limit(Login.seen_at),
    Limit(Login.expires_at, MAX_LIFETIME, capped=True),
    Limit(PendingSignup.confirmed_at),
    Limit(PersonalLink.used_at),
    Limit(TeamRole.given_at),
    Limit(TeamRole.invited_at),
    Limit(TeamRole.accepted_at),
    Limit(SigninLink.created_at),
    Limit(SigninLink.expires_at, MAX_LINK_LIFETIME, capped=True),
)
LIFETIMES = (
    Lifetime(PendingSignup.created_at, PendingSignup.expires_at),
    Lifetime(PersonalLink.created_at, PersonalLink.expires_at),
)


def find(session: Session, now: datetime, more: Sequence[Limit] = ()) -> dict[str, int]:
    """Count the impossible times, by table and column. Three dozen queries.

    `more`: the limits of what other layers store.
    """
    counts = {}
    for limit in (*LIMITS, *_begins(), *more):
        query = select(func.count()).where(limit.column > now + limit.ahead + TOLERANCE)
        if count := session.scalar(query):
            counts[_name(limit)] = count
    missing = sum(1 for _, at in _missing(session) if at > now + TOLERANCE)
    return {**counts, **({"cursor.missing": missing} if missing else {})}


def repair(session: Session, now: datetime, more: Sequence[Limit] = ()) -> dict[str, int]:
    """Set the impossible times to now, or as late as they may be. Returns what `find` found."""
    found = find(session, now, more)
    for lifetime in LIFETIMES:
        _move(session, lifetime, now)
    for limit in (*LIMITS, *more):
        if _name(limit) in found:
            late = limit.column > now + limit.ahead + TOLERANCE
            value = now + limit.ahead if limit.capped else now
            session.execute(update(limit.column.class_).where(late).values({limit.column: value}))
    if "cursor.missing" in found:
        for row in session.scalars(select(Cursor)):
            row.missing = [
                (id_, min(datetime.fromisoformat(at), now).isoformat()) for id_, at in row.missing
            ]
    return found


def _begins() -> tuple[Limit, ...]:
    return tuple(Limit(each.begin) for each in LIFETIMES)


def _move(session: Session, lifetime: Lifetime, now: datetime) -> None:
    begin, end = lifetime.begin.key, lifetime.end.key
    late = lifetime.begin > now + TOLERANCE
    for row in session.scalars(select(lifetime.begin.class_).where(late)):
        setattr(row, end, now + (getattr(row, end) - getattr(row, begin)))
        setattr(row, begin, now)
    session.flush()


def _missing(session: Session) -> Iterator[tuple[int, datetime]]:
    for row in session.scalars(select(Cursor)):
        for id_, at in row.missing:
            yield id_, datetime.fromisoformat(at)


def _name(limit: Limit) -> str:
    return f"{limit.column.class_.__tablename__}.{limit.column.key}"
