"""Deliveries that describe what other deliveries of the member do, and wait for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bridge.desired_state import TEMPLATE_KEY
from bridge.store.delivery.kinds import MAX_WAIT
from bridge.store.tables.delivery import MANY_ATTEMPTS, Delivery

SENT_WITHOUT = "it was not done within a day. The welcome email was sent without it."


def is_ready(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    """SQL condition: what the welcome email describes is done, or it has waited enough.

    That is the member's account, and the enrolments in the same curriculum.
    """
    pending = exists().where(_is_described(aliased(Delivery), Delivery, kinds))
    return or_(Delivery.created_at <= now - MAX_WAIT, ~pending)


def _is_described(
    other: type[Delivery], email: type[Delivery], kinds: Collection[str]
) -> ColumnElement[bool]:
    """SQL condition: `other` is not done, and is what the email describes."""
    curriculum = _curriculum(email)
    return and_(
        other.member_id == email.member_id,
        other.kind.in_(kinds),
        other.state != "done",
        or_(
            other.target == "",
            func.substr(other.target, 1, func.length(curriculum)) == curriculum,
        ),
    )


def _curriculum(email: type[Delivery]) -> ColumnElement[str]:
    """SQL: the beginning of the ID numbers of the curriculum, '' if the target has none."""
    length = func.length(email.target) - len(TEMPLATE_KEY)
    return case((length > 0, func.substr(email.target, 1, length)), else_="")


def pending_kinds(session: Session, delivery_id: int, kinds: Collection[str]) -> set[str]:
    """Return those of these kinds that an email describes and that are not done. One query."""
    email, other = aliased(Delivery), aliased(Delivery)
    query = select(other.kind).where(email.id == delivery_id, _is_described(other, email, kinds))
    return set(session.scalars(query))


def list_for_person(session: Session, emails: Collection[int], kinds: Collection[str]) -> None:
    """List what these emails describe and what is not done. It is still retried."""
    email, other = aliased(Delivery), aliased(Delivery)
    described = select(other.id).where(email.id.in_(emails), _is_described(other, email, kinds))
    pending = update(Delivery).where(Delivery.id.in_(described), Delivery.state == "owed")
    often = Delivery.attempts < MANY_ATTEMPTS
    session.execute(
        pending.values(
            attempts=case((often, MANY_ATTEMPTS), else_=Delivery.attempts),
            reason=case((Delivery.reason == "", "later"), else_=Delivery.reason),
            last_error=case((Delivery.last_error == "", SENT_WITHOUT), else_=Delivery.last_error),
        )
    )
