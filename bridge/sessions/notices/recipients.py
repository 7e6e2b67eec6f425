"""Who gets notices at all."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists

from bridge.store.delivery.deliveries import NOT_SERVED
from bridge.store.tables.members import Member
from bridge.store.tables.persons import MailingSubscription, Person


def conditions(mailing: str) -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: a person hasn't unsubscribed from the mailing, and hasn't left the union."""
    unsubscribed = exists().where(
        MailingSubscription.person_id == Person.id, MailingSubscription.mailing == mailing,
        MailingSubscription.unsubscribed_at.is_not(None),
    )  # fmt: skip
    left = exists().where(Member.id == Person.member_id, Member.status.in_(NOT_SERVED))
    return ~unsubscribed, ~left
