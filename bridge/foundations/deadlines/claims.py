"""Finds the deadlines whose time has come. One worker at a time claims each.

A clock that was ahead for a while leaves leases and retries in the far future. Both count as over
if they are further away than any could be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.local_time import LocalTime, find_zone, instant_of, wall_time
from bridge.foundations.deadlines.tables import PENDING, Deadline
from bridge.foundations.owners import Owner
from bridge.store.delivery.deliveries import storable_error
from bridge.store.operations.impossible_times import Limit
from bridge.workflows.delivery.outcomes import MAX_RETRY_DELAY

LEASE = timedelta(minutes=10)
TIME_LIMITS = (
    Limit(Deadline.created_at),
    Limit(Deadline.done_at),
    Limit(Deadline.lease_until, LEASE),
    Limit(Deadline.next_try, MAX_RETRY_DELAY),
)
"""When these times can't be right; `local_time` may be years ahead."""


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """A deadline whose time has come.

    `owner`: whose it is, if anyone's. `attempts`: those before this one.
    """

    id: int
    kind: str
    subject: str
    owner: Owner
    due_at: datetime
    attempts: int


def due_deadlines(
    session: Session, holidays: Collection[date], now: datetime, *conditions: ColumnElement[bool]
) -> list[DueDeadline]:
    """Pending deadlines whose time has come, oldest first. Unknown zones are left out."""
    found = [
        each
        for zone in _zones(session)
        for each in _due_in(session, zone, holidays, now, conditions)
    ]
    return sorted(found, key=lambda each: (each.due_at, each.id))


def _zones(session: Session) -> Iterator[str]:
    pending = select(Deadline.zone).where(Deadline.state == PENDING).distinct()
    for zone in session.scalars(pending).all():
        try:
            find_zone(zone)
        except ValueError:
            continue
        yield zone


def _due_in(
    session: Session,
    zone: str,
    holidays: Collection[date],
    now: datetime,
    conditions: Collection[ColumnElement[bool]],
) -> Iterator[DueDeadline]:
    """The clocks there show the time of each deadline that is due, but not only of those."""
    shown = wall_time(now, find_zone(zone))
    query = select(Deadline).where(
        Deadline.state == PENDING, Deadline.zone == zone, Deadline.local_time <= shown, *conditions
    )
    for row in session.scalars(query):
        due_at = instant_of(LocalTime(row.local_time, zone, row.skip_holidays), holidays)
        if due_at <= now:
            yield DueDeadline(
                row.id,
                row.kind,
                row.subject,
                Owner(row.member_id, row.person_id),
                due_at,
                row.attempts,
            )


def claim(
    session: Session,
    kinds: Collection[str],
    holidays: Collection[date],
    owner: str,
    now: datetime,
    limit: int,
) -> list[DueDeadline]:
    """Claim up to `limit` due deadlines of these kinds; no other worker gets them for LEASE."""
    free = (
        or_(
            Deadline.lease_until.is_(None),
            Deadline.lease_until <= now,
            Deadline.lease_until > now + LEASE,
        ),
        or_(Deadline.next_try <= now, Deadline.next_try > now + MAX_RETRY_DELAY),
    )
    due = due_deadlines(session, holidays, now, Deadline.kind.in_(kinds), *free)[:limit]
    rows = update(Deadline).where(
        Deadline.id.in_([each.id for each in due]), Deadline.state == PENDING, *free
    )
    held = rows.values(lease_until=now + LEASE, lease_owner=owner).returning(Deadline.id)
    claimed = set(session.scalars(held))
    return [each for each in due if each.id in claimed]


def hold(session: Session, deadline_id: int, owner: str) -> bool:
    """Lock a deadline until the end of the transaction; False if `owner` has lost it."""
    held = select(Deadline.id).where(Deadline.id == deadline_id, *_is_held_by(owner))
    return session.scalar(held.with_for_update()) is not None


def finish(
    session: Session, deadline_id: int, owner: str, state: str, late: timedelta, now: datetime
) -> None:
    """Record that it was done or dropped."""
    values = {"late_seconds": int(late.total_seconds()), "last_error": "", "done_at": now}
    _record(session, deadline_id, owner, state=state, **values)


def retry_later(
    session: Session, deadline_id: int, owner: str, error: str, next_try: datetime
) -> None:
    """Record a failure. A deadline is retried until it succeeds."""
    attempts = Deadline.attempts + 1
    values = {"last_error": storable_error(error), "next_try": next_try}
    _record(session, deadline_id, owner, attempts=attempts, **values)


def release(session: Session, owner: str) -> None:
    """Release what `owner` still holds."""
    held = update(Deadline).where(*_is_held_by(owner))
    session.execute(held.values(lease_until=None, lease_owner=""))


def _record(session: Session, deadline_id: int, owner: str, **values: object) -> None:
    held = update(Deadline).where(Deadline.id == deadline_id, *_is_held_by(owner))
    session.execute(held.values(lease_until=None, lease_owner="", **values))


def _is_held_by(owner: str) -> tuple[ColumnElement[bool], ...]:
    return (Deadline.state == PENDING, Deadline.lease_owner == owner)
