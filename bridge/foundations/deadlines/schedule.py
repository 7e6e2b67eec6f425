"""Schedules and cancels deadlines and reminders, in the transaction of a feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.tables import CANCELLED, PENDING, Deadline
from bridge.foundations.owners import Owner, rows_of
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
    nobody. A member's is also the one that they had as a person, if there is one; of two, only one
    stays pending. With the time that it has, nothing changes, even if it has run. With another time
    it runs at that time, even if it has run before. A cancelled one is scheduled again.
    """
    rows = _rows(session, kind, subject, owner)
    if not rows:
        values = {
            "kind": kind, "subject": subject, **owner.columns, **_start(when, now),
            "created_at": now,
        }  # fmt: skip
        insert = insert_into(session, Deadline).on_conflict_do_nothing().returning(Deadline.id)
        if session.scalars(insert, [values]).first() is not None:
            return True
        rows = _rows(session, kind, subject, owner)  # another process has just added it
    unchanged = [each for each in rows if _is_at(each, when) and each.state != CANCELLED]
    stays = (unchanged or rows)[0]
    others = [each for each in rows if each is not stays and each.state == PENDING]
    for each in others:
        _set(each, _CANCELLED)
    if not unchanged:
        _set(stays, _start(when, now))
    session.flush()
    return bool(others) or not unchanged


def cancel(session: Session, kind: str, subject: str, owner: Owner = NOBODY) -> bool:
    """Cancel a pending deadline; return whether there was one. A worker that has it loses it."""
    rows = [each for each in _rows(session, kind, subject, owner) if each.state == PENDING]
    for each in rows:
        _set(each, _CANCELLED)
    session.flush()
    return bool(rows)


_CANCELLED = {"state": CANCELLED, "lease_until": None, "lease_owner": ""}


def _start(when: LocalTime, now: datetime) -> dict[str, object]:
    """The columns of a deadline that is to run."""
    return {
        "local_time": when.at, "zone": when.zone, "skip_holidays": when.skip_holidays,
        "state": PENDING, "late_seconds": 0, "attempts": 0, "next_try": now, "lease_until": None,
        "lease_owner": "", "last_error": "", "done_at": None,
    }  # fmt: skip


def _rows(session: Session, kind: str, subject: str, owner: Owner) -> Sequence[Deadline]:
    """The owner's deadlines of a kind about a subject, locked: a member may have had one as a
    person too, which comes first.
    """
    mine = rows_of(Deadline, owner)
    if owner == NOBODY:
        mine = and_(Deadline.member_id.is_(None), Deadline.person_id.is_(None))
    query = select(Deadline).where(Deadline.kind == kind, Deadline.subject == subject, mine)
    locked = query.order_by(Deadline.person_id.is_(None), Deadline.id).with_for_update()
    return session.scalars(locked, execution_options={"populate_existing": True}).all()


def _is_at(row: Deadline, when: LocalTime) -> bool:
    same_day_rule = row.skip_holidays == when.skip_holidays
    return (row.local_time, row.zone) == (when.at, when.zone) and same_day_rule


def _set(row: Deadline, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
