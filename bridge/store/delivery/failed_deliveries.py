"""Deliveries that need a person, as the committee looks at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, String, and_, exists, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from bridge.store.tables.delivery import MANY_ATTEMPTS, Delivery
from bridge.store.tables.members import Member


@dataclass(frozen=True, slots=True)
class FailedDeliveryRow:
    """`reason` is never, configuration, or later (tried many times and still retried); `target`
    mostly the idnumber of a milestone."""

    id: int
    member_id: int
    number: str | None
    first_name: str
    last_name: str
    region: str
    kind: str
    target: str
    state: str
    reason: str
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
) -> list[FailedDeliveryRow]:
    """Up to `limit` with ids past `after`; in these regions, about these targets. One query."""
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
        # Asked of each delivery: by the index of regions all of everybody's would be read first.
        lives = aliased(Member)
        there = exists().where(lives.id == Delivery.member_id, lives.region.in_(regions))
        query = query.where(there)
    if targets is not None:
        query = query.where(Delivery.target.in_(targets))
    return [
        FailedDeliveryRow(**row._mapping)
        for row in session.execute(query.order_by(Delivery.id).limit(limit))
    ]


def find(session: Session, delivery_id: int) -> Delivery | None:
    """One delivery."""
    return session.get(Delivery, delivery_id, populate_existing=True)


def by_ids(session: Session, ids: Collection[int]) -> list[Delivery]:
    """Those of these deliveries that still need a person. One query."""
    query = select(Delivery).where(Delivery.id.in_(ids), needs_attention())
    return list(session.scalars(query.order_by(Delivery.id)))


def needs_attention() -> ColumnElement[bool]:
    """Whether a delivery does: in the very words of its index, which bound values would not be."""
    words = (literal_column(f"'{reason}'", String) for reason in ("never", "configuration"))
    later = Delivery.reason == literal_column("'later'", String)
    often = Delivery.attempts >= literal_column(str(MANY_ATTEMPTS), Integer)
    return or_(Delivery.reason.in_(list(words)), and_(later, often))
