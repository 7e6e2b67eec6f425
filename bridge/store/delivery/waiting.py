"""Deliveries that describe what other deliveries of the member do, and wait for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bridge.desired_state import TEMPLATE_KEY
from bridge.store.delivery.kinds import MAX_WAIT
from bridge.store.tables.delivery import MANY_ATTEMPTS, Delivery

SENT_WITHOUT = "it was not done within a day. The welcome email was sent without it."


def is_ready(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    """SQL condition: what the welcome email describes is done, or it has waited enough.

    That is the member's account, and the enrolments in the same curriculum.
    """
    other = aliased(Delivery)
    curriculum = _curriculum()
    pending = exists().where(
        other.member_id == Delivery.member_id,
        other.kind.in_(kinds),
        other.state != "done",
        or_(
            other.target == "",
            func.substr(other.target, 1, func.length(curriculum)) == curriculum,
        ),
    )
    return or_(Delivery.created_at <= now - MAX_WAIT, ~pending)


def _curriculum() -> ColumnElement[str]:
    """SQL: the beginning of the ID numbers of the curriculum, '' if the target has none."""
    length = func.length(Delivery.target) - len(TEMPLATE_KEY)
    return case((length > 0, func.substr(Delivery.target, 1, length)), else_="")


def pending_kinds(session: Session, member_id: int, kinds: Collection[str]) -> set[str]:
    """Return those of these kinds that are not done for a member, in any curriculum. One query."""
    query = select(Delivery.kind).where(
        Delivery.member_id == member_id, Delivery.kind.in_(kinds), Delivery.state != "done"
    )
    return set(session.scalars(query))


def list_for_person(session: Session, members: Collection[int], kinds: Collection[str]) -> None:
    """List what is not done for these members among what needs attention. It is still retried."""
    pending = update(Delivery).where(
        Delivery.member_id.in_(members), Delivery.kind.in_(kinds), Delivery.state == "owed"
    )
    often = Delivery.attempts < MANY_ATTEMPTS
    session.execute(
        pending.values(
            attempts=case((often, MANY_ATTEMPTS), else_=Delivery.attempts),
            reason=case((Delivery.reason == "", "later"), else_=Delivery.reason),
            last_error=case((Delivery.last_error == "", SENT_WITHOUT), else_=Delivery.last_error),
        )
    )
