"""Schedules and cancels deadlines and reminders, in the transaction of a feature."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.tables import CANCELLED, DONE, DROPPED, PENDING, Deadline
from bridge.store.dialect import insert_into


def schedule(
    session: Session,
    kind: str,
    subject: str,
    when: LocalTime,
    now: datetime,
    *,
    member_id: int | None = None,
    person_id: int | None = None,
) -> bool:
    """Schedule a deadline, or move it; return whether anything changed.

    There is one for each kind, subject (such as `round:2027`) and member, or person without one
    (`person_id`). With the time that it
    has, nothing changes, even if it has run. With another time it runs at that time, even if it
    has run before. A cancelled one is scheduled again.
    """
    start = {
        "local_time": when.at, "zone": when.zone, "skip_holidays": when.skip_holidays,
        "state": PENDING, "late_seconds": 0, "attempts": 0, "next_try": now, "lease_until": None,
        "lease_owner": "", "last_error": "", "done_at": None,
    }  # fmt: skip
    key = {"kind": kind, "subject": subject, "member_id": member_id, "person_id": person_id}
    same_key = _has_key(kind, subject, member_id, person_id)
    insert = insert_into(session, Deadline).on_conflict_do_nothing().returning(Deadline.id)
    if session.scalars(insert, [{**key, **start, "created_at": now}]).first() is not None:
        return True
    same = (Deadline.local_time == when.at, Deadline.zone == when.zone)
    unchanged = (*same, Deadline.skip_holidays == when.skip_holidays, Deadline.state != CANCELLED)
    ids = select(Deadline.id).where(*same_key, *unchanged)
    moved = update(Deadline).where(*same_key, Deadline.id.not_in(ids))
    return session.scalar(moved.values(**start).returning(Deadline.id)) is not None


def cancel(
    session: Session,
    kind: str,
    subject: str,
    *,
    member_id: int | None = None,
    person_id: int | None = None,
) -> bool:
    """Cancel a pending deadline; return whether there was one. A worker that has it loses it."""
    same_key = _has_key(kind, subject, member_id, person_id)
    pending = (*same_key, Deadline.state.not_in([DONE, DROPPED]))
    rows = update(Deadline).where(*pending, Deadline.state != CANCELLED)
    cancelled = rows.values(state=CANCELLED, lease_until=None, lease_owner="")
    return session.scalar(cancelled.returning(Deadline.id)) is not None


def _has_key(
    kind: str, subject: str, member_id: int | None, person_id: int | None
) -> tuple[ColumnElement[bool], ...]:
    return (
        Deadline.kind == kind,
        Deadline.subject == subject,
        Deadline.member_id.is_(None) if member_id is None else Deadline.member_id == member_id,
        Deadline.person_id.is_(None) if person_id is None else Deadline.person_id == person_id,
    )
