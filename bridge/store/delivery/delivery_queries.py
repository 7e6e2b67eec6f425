"""Counts of deliveries, the deliveries of a member, and retrying."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from bridge.store.delivery import unknown_outcomes
from bridge.store.delivery.failed_deliveries import needs_attention
from bridge.store.delivery.kinds import COMPANION_KINDS
from bridge.store.tables.delivery import MANY_ATTEMPTS, Delivery


@dataclass(frozen=True, slots=True)
class RetrySummary:
    """Deliveries that failed and are retried automatically.

    `count`: how many. `often`: how many of them were tried many times. `error`: the most
    frequent error, which `same` of them have.
    """

    count: int
    often: int
    error: str
    same: int


def retry(session: Session, now: datetime, ids: Collection[int] | None = None) -> int:
    """Queue deliveries that need attention again: those with `ids`, or all; return how many.

    Emails that may have been sent only with `ids`: a person decides about each.
    `last_error` stays: it tells the next attempt to check whether an earlier one succeeded.
    """
    query = update(Delivery).where(needs_attention())
    if ids is None:
        query = query.where(Delivery.reason != "unknown")
    else:
        query = query.where(Delivery.id.in_(ids))
    queued = query.values(state="owed", reason="", attempts=0, unknown_outcomes=0, next_try=now)
    return len(session.scalars(queued.returning(Delivery.id)).all())


def count_waiting_for_companion(session: Session) -> int:
    """Return how many badges to issue or revoke wait for the companion plugin."""
    query = select(func.count()).where(*_waits_for_companion())
    return session.scalar(query) or 0


def end_wait_for_companion(session: Session, now: datetime) -> int:
    """Try now what waits for the companion plugin; return how many."""
    due = update(Delivery).where(*_waits_for_companion()).values(next_try=now)
    return len(session.scalars(due.returning(Delivery.id)).all())


def _waits_for_companion() -> tuple[ColumnElement[bool], ...]:
    return (
        Delivery.state == "owed",
        Delivery.kind.in_(COMPANION_KINDS),
        Delivery.reason == "companion",
    )


def send_again(session: Session, now: datetime) -> list[int]:
    """Queue all emails again that may have been sent. Returns their IDs."""
    return unknown_outcomes.send_again(session, Delivery, now)


def treat_as_sent(session: Session, now: datetime, ids: Collection[int] | None = None) -> list[int]:
    """Settle emails that may have been sent: those with `ids`, or all. Returns their IDs."""
    return unknown_outcomes.treat_as_sent(session, Delivery, ids, now)


def retry_summary(session: Session) -> RetrySummary | None:
    """Return how many deliveries are retried automatically, None if there are none. One query."""
    count = func.count()
    often = func.sum(case((Delivery.attempts >= MANY_ATTEMPTS, 1), else_=0))
    query = (
        select(Delivery.last_error, count, often)
        .where(Delivery.state == "owed", Delivery.reason == "later")
        .group_by(Delivery.last_error)
        .order_by(count.desc(), Delivery.last_error)
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    error, same, _ = rows[0]
    return RetrySummary(sum(row[1] for row in rows), sum(row[2] for row in rows), error, same)


def count_retried_often(session: Session) -> dict[str, int]:
    """Return how many of each kind were tried many times and are still retried."""
    query = select(Delivery.kind, func.count()).where(
        needs_attention(), Delivery.reason == "later", Delivery.attempts >= MANY_ATTEMPTS
    )
    return {kind: n for kind, n in session.execute(query.group_by(Delivery.kind))}  # noqa: C416


def count_deliveries(session: Session) -> dict[tuple[str, str], int]:
    """Return how many deliveries there are by (kind, state)."""
    rows = session.execute(
        select(Delivery.kind, Delivery.state, func.count()).group_by(Delivery.kind, Delivery.state)
    )
    return {(kind, state): n for kind, state, n in rows}


def deliveries_of(session: Session, member_id: int) -> list[Delivery]:
    """Return all deliveries of a member, oldest first."""
    query = select(Delivery).where(Delivery.member_id == member_id).order_by(Delivery.id)
    return list(session.scalars(query, execution_options={"populate_existing": True}))
