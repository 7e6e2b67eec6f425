"""Deliveries that need attention: failed, misconfigured, or retried many times."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from bridge.store.tables.delivery import MANY_ATTEMPTS, Delivery
from bridge.store.tables.members import Member

FailureReason = Literal["never", "configuration", "later", "unknown"]
"""Why a delivery needs attention."""


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A delivery that needs attention, with its member.

    `reason`: never, configuration, later (tried many times and still retried), or unknown (an
    email that may have been sent). `target`: what the delivery is about, usually the idnumber
    of a milestone.
    """

    id: int
    member_id: int
    number: str | None
    first_name: str
    last_name: str
    region: str
    kind: str
    target: str
    state: str
    reason: FailureReason
    attempts: int
    next_try: datetime
    last_error: str
    created_at: datetime


def list_failed_deliveries(
    session: Session,
    limit: int,
    after: int = 0,
    *,
    regions: Collection[str] | None = None,
    targets: Collection[str] | None = None,
) -> list[FailedDelivery]:
    """Return up to `limit` deliveries that need attention, with IDs above `after`.

    `regions` and `targets`: only those; None means all. One query.
    """
    query = (
        select(
            Delivery.id, Delivery.member_id, Member.number, Member.first_name, Member.last_name,
            Member.region, Delivery.kind, Delivery.target, Delivery.state, Delivery.reason,
            Delivery.attempts, Delivery.next_try, Delivery.last_error, Delivery.created_at,
        )
        .join(Member, Member.id == Delivery.member_id)
        .where(needs_attention(), Delivery.id > after)
    )  # fmt: skip
    if regions is not None:
        # A subquery per delivery: a join would start at the index of regions and read everyone.
        owner = aliased(Member)
        in_region = exists().where(owner.id == Delivery.member_id, owner.region.in_(regions))
        query = query.where(in_region)
    if targets is not None:
        query = query.where(Delivery.target.in_(targets))
    rows = session.execute(query.order_by(Delivery.id).limit(limit))
    return [FailedDelivery(**row._mapping) for row in rows]


def count_all(session: Session) -> int:
    """Return how many deliveries need attention."""
    query = select(func.count()).select_from(Delivery).where(needs_attention())
    return session.scalar(query) or 0


def find(session: Session, delivery_id: int) -> Delivery | None:
    """Return a delivery by its ID, None if it doesn't exist."""
    return session.get(Delivery, delivery_id, populate_existing=True)


def by_ids(session: Session, ids: Collection[int]) -> list[Delivery]:
    """Return those of these deliveries that still need attention. One query."""
    query = select(Delivery).where(Delivery.id.in_(ids), needs_attention())
    return list(session.scalars(query.order_by(Delivery.id)))


def needs_attention() -> ColumnElement[bool]:
    """SQL condition: the delivery needs attention.

    Written with literals exactly like the partial index: with bound values, the database could
    not use that index.
    """
    stuck = "never", "configuration", "unknown"
    reasons = [literal_column(f"'{reason}'", String) for reason in stuck]
    later = Delivery.reason == literal_column("'later'", String)
    often = Delivery.attempts >= literal_column(str(MANY_ATTEMPTS), Integer)
    return or_(Delivery.reason.in_(reasons), and_(later, often))
