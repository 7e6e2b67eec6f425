"""Deliveries as people see them: what needs a person, what is retried, counts, "try again"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from bridge.store.delivery.failed_deliveries import needs_attention
from bridge.store.tables.delivery import MANY_ATTEMPTS, Delivery
from bridge.store.tables.members import Member


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A delivery that a person must look at."""

    id: int
    member_id: int
    number: str | None
    first_name: str
    last_name: str
    kind: str
    target: str
    state: str
    reason: str
    attempts: int
    last_error: str
    next_try: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Retried:
    """Deliveries that did not work and are tried again automatically: how many, how many of them
    many times, and the most frequent error with its count."""

    count: int
    often: int
    error: str
    same: int


def failed_deliveries(session: Session, limit: int, after: int = 0) -> list[FailedDelivery]:
    """Up to `limit` deliveries that failed, wait for a setting or were tried many times, those
    with ids past `after`."""
    rows = session.execute(
        select(
            Delivery.id,
            Delivery.member_id,
            Member.number,
            Member.first_name,
            Member.last_name,
            Delivery.kind,
            Delivery.target,
            Delivery.state,
            Delivery.reason,
            Delivery.attempts,
            Delivery.last_error,
            Delivery.next_try,
            Delivery.created_at,
        )
        .join(Member, Member.id == Delivery.member_id)
        .where(needs_attention(), Delivery.id > after)
        .order_by(Delivery.id)
        .limit(limit)
    )
    return [FailedDelivery(**row._mapping) for row in rows]


def retry(session: Session, now: datetime, ids: Collection[int] | None = None) -> int:
    """Try again now what needs a person: those `ids`, or all; returns how many.

    `last_error` stays: it tells the next try to look before it repeats anything.
    """
    query = update(Delivery).where(needs_attention())
    if ids is not None:
        query = query.where(Delivery.id.in_(ids))
    fresh = query.values(state="owed", reason="", attempts=0, next_try=now)
    return len(session.scalars(fresh.returning(Delivery.id)).all())


def retried(session: Session) -> Retried | None:
    """What is tried again automatically; None where there is nothing. One query."""
    how_many = func.count()
    often = func.sum(case((Delivery.attempts >= MANY_ATTEMPTS, 1), else_=0))
    query = (
        select(Delivery.last_error, how_many, often)
        .where(Delivery.state == "owed", Delivery.reason == "later")
        .group_by(Delivery.last_error)
        .order_by(how_many.desc(), Delivery.last_error)
    )
    found = session.execute(query).all()
    if not found:
        return None
    error, same, _ = found[0]
    return Retried(sum(row[1] for row in found), sum(row[2] for row in found), error, same)


def retried_often(session: Session) -> dict[str, int]:
    """How many of each kind were tried many times and are still retried."""
    query = select(Delivery.kind, func.count()).where(
        needs_attention(), Delivery.reason == "later", Delivery.attempts >= MANY_ATTEMPTS
    )
    return {kind: n for kind, n in session.execute(query.group_by(Delivery.kind))}  # noqa: C416


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many deliveries there are of each (kind, state)."""
    rows = session.execute(
        select(Delivery.kind, Delivery.state, func.count()).group_by(Delivery.kind, Delivery.state)
    )
    return {(kind, state): n for kind, state, n in rows}


def deliveries_of(session: Session, member_id: int) -> list[Delivery]:
    """Everything owed or done for one member, oldest first."""
    query = select(Delivery).where(Delivery.member_id == member_id).order_by(Delivery.id)
    return list(session.scalars(query, execution_options={"populate_existing": True}))
