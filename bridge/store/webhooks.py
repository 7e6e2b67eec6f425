"""Which signed requests were accepted already."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables import WebhookDelivery


def seen(session: Session, signature: str, now: datetime) -> bool:
    """Remember a signature; True if it had been remembered before."""
    insert = insert_into(session, WebhookDelivery).on_conflict_do_nothing()
    new = session.scalars(
        insert.returning(WebhookDelivery.signature), [{"signature": signature, "at": now}]
    )
    return new.first() is None


def prune(session: Session, before: datetime) -> int:
    """Drop what was accepted before that time; returns how many there were."""
    gone = session.scalars(
        delete(WebhookDelivery)
        .where(WebhookDelivery.at < before)
        .returning(WebhookDelivery.signature)
    )
    return len(gone.all())
