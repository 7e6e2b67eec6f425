"""Lists and counts deadlines, for commands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.claims import due_deadlines
from bridge.foundations.deadlines.runner import LATE_AFTER
from bridge.foundations.deadlines.tables import PENDING, Deadline


@dataclass(frozen=True, slots=True)
class DeadlineSummary:
    """`overdue`: pending although their time came more than an hour ago."""

    pending: int
    overdue: int


def summarize(session: Session, holidays: Collection[date], now: datetime) -> DeadlineSummary:
    """Count the deadlines that are still to run."""
    pending = select(func.count()).select_from(Deadline).where(Deadline.state == PENDING)
    due = due_deadlines(session, holidays, now)
    overdue = sum(now - each.due_at > LATE_AFTER for each in due)
    return DeadlineSummary(session.scalar(pending) or 0, overdue)


def list_deadlines(session: Session, limit: int, *, everything: bool = False) -> list[Deadline]:
    """Pending deadlines in the order of their local times; with `everything`, all of them."""
    query = select(Deadline).order_by(Deadline.local_time, Deadline.id).limit(limit)
    if not everything:
        query = query.where(Deadline.state == PENDING)
    return list(session.scalars(query))
