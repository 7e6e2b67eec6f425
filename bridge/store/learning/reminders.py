"""Reminders that members got about a milestone they work on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from bridge.store.tables.learning import Enrolment, Reminder


def last_reminded(session: Session, member_id: int) -> datetime | None:
    """When a member was reminded last, about any milestone. One query."""
    return session.scalar(select(func.max(Reminder.sent_at)).where(Reminder.member_id == member_id))


def reminders_of(session: Session, member_id: int, limit: int) -> list[Reminder]:
    """The newest reminders of a member, newest first. One query."""
    mine = select(Reminder).where(Reminder.member_id == member_id)
    return list(session.scalars(mine.order_by(Reminder.id.desc()).limit(limit)))


def not_reminded_since(since: datetime) -> ColumnElement[bool]:
    """SQL condition: the member of an enrolment has had no reminder since then."""
    return ~exists().where(Reminder.member_id == Enrolment.member_id, Reminder.sent_at > since)


def members_of(session: Session, enrolments: Collection[int]) -> dict[int, int]:
    """The member of each of these enrolments that exists. One query."""
    query = select(Enrolment.id, Enrolment.member_id).where(Enrolment.id.in_(enrolments))
    return {row[0]: row[1] for row in session.execute(query)}
