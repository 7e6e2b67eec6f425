"""Who has unsubscribed from a type of emails, by address."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.tables.persons import MailingSubscription, Person


def unsubscribed(session: Session, emails: Collection[str], mailing: str) -> frozenset[str]:
    """Those of these addresses, in lower case, whose persons have unsubscribed. One query."""
    query = (
        select(Person.email_key)
        .join(MailingSubscription, MailingSubscription.person_id == Person.id)
        .where(
            Person.email_key.in_(emails),
            MailingSubscription.mailing == mailing,
            MailingSubscription.unsubscribed_at.is_not(None),
        )
    )
    return frozenset(session.scalars(query))
