"""Schedules and cancels deadlines and reminders, in the transaction of a feature."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.tables import CANCELLED, DONE, DROPPED, PENDING, Deadline
from bridge.foundations.owners import Owner
from bridge.store.dialect import insert_into

NOBODY = Owner()
"""The owner of a deadline that is no one's own, such as the end of a round."""


def schedule(
    session: Session,
    kind: str,
    subject: str,
    when: LocalTime,
    now: datetime,
    owner: Owner = NOBODY,
) -> bool:
    """Schedule a deadline, or move it; return whether anything changed.

    There is one for each kind, subject (such as `round:2027`) and owner: a member, a person or
    nobody. A member's is the one that they had as a person, if there is one. With the time that it
    has, nothing changes, even if it has run. With another time it runs at that time, even if it has
    run before. A cancelled one is scheduled again.
    """
    start = {
        "local_time": when.at, "zone": when.zone, "skip_holidays": when.skip_holidays,
        "state": PENDING, "late_seconds": 0, "attempts": 0, "next_try": now, "lease_until": None,
        "lease_owner": "", "last_error": "", "done_at": None,
    }  # fmt: skip
    key = _key(session, kind, subject, owner)
    same_key = _has(key)
    insert = insert_into(session, Deadline).on_conflict_do_nothing().returning(Deadline.id)
    if session.scalars(insert, [{**key, **start, "created_at": now}]).first() is not None:
        return True
    same = (Deadline.local_time == when.at, Deadline.zone == when.zone)
    unchanged = (*same, Deadline.skip_holidays == when.skip_holidays, Deadline.state != CANCELLED)
    ids = select(Deadline.id).where(*same_key, *unchanged)
    moved = update(Deadline).where(*same_key, Deadline.id.not_in(ids))
    return session.scalar(moved.values(**start).returning(Deadline.id)) is not None


def cancel(session: Session, kind: str, subject: str, owner: Owner = NOBODY) -> bool:
    """Cancel a pending deadline; return whether there was one. A worker that has it loses it."""
    pending = (*_has(_key(session, kind, subject, owner)), Deadline.state.not_in([DONE, DROPPED]))
    rows = update(Deadline).where(*pending, Deadline.state != CANCELLED)
    cancelled = rows.values(state=CANCELLED, lease_until=None, lease_owner="")
    return session.scalar(cancelled.returning(Deadline.id)) is not None


def _key(session: Session, kind: str, subject: str, owner: Owner) -> dict[str, object]:
    """The columns that identify the owner's deadline: a member may have got it as a person."""
    key = {"kind": kind, "subject": subject}
    as_person: dict[str, object] = {**key, "member_id": None, "person_id": owner.person_id}
    if owner.member_id is None or owner.person_id is None:
        return {**key, **owner.columns}
    had = session.scalar(select(Deadline.id).where(*_has(as_person)))
    return {**key, **owner.columns} if had is None else as_person


def _has(key: dict[str, object]) -> list[ColumnElement[bool]]:
    columns = [(getattr(Deadline, name), value) for name, value in key.items()]
    return [column.is_(None) if value is None else column == value for column, value in columns]
