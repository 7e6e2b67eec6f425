"""Persons who typed an address and never confirmed it. A stranger may have typed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from bridge.store.tables.persons import MailingSubscription, Person, PersonalLink

RETENTION = timedelta(days=30)
"""How long they stay after they were added or last changed, unless they have a valid link."""


def list_expired(session: Session, now: datetime) -> Sequence[int]:
    """Return the IDs of those whose time is over.

    Members, and persons from the committee or the configuration, never expire. Nor does someone who
    has unsubscribed: without their entry, they would get the next email to their address.
    """
    found = select(Person.id).where(*_expired(now)).order_by(Person.id)
    return session.scalars(found).all()


def lock_expired(session: Session, person_id: int, now: datetime) -> bool:
    """Lock a person who is still among the expired; return False if they aren't any more."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    still = select(Person.id).where(Person.id == person_id, *_expired(now))
    return session.scalar(still) is not None


def _expired(now: datetime) -> tuple[ColumnElement[bool], ...]:
    valid_link = exists().where(PersonalLink.person_id == Person.id, PersonalLink.expires_at > now)
    unsubscribed = exists().where(
        MailingSubscription.person_id == Person.id, MailingSubscription.unsubscribed_at.is_not(None)
    )
    return (
        Person.source == "self",
        Person.proof == "",
        Person.member_id.is_(None),
        Person.updated_at < now - RETENTION,
        ~valid_link,
        ~unsubscribed,
    )
