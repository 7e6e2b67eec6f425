"""Signatures of webhook requests, to detect replays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.operations import WebhookRequest


def is_replay(session: Session, signature: str, now: datetime) -> bool:
    """Store a signature; return whether it was stored before."""
    insert = insert_into(session, WebhookRequest).on_conflict_do_nothing()
    new = session.scalars(
        insert.returning(WebhookRequest.signature), [{"signature": signature, "at": now}]
    )
    return new.first() is None


def prune(session: Session, before: datetime) -> int:
    """Delete signatures accepted before a time; return how many."""
    deleted = session.scalars(
        delete(WebhookRequest).where(WebhookRequest.at < before).returning(WebhookRequest.signature)
    )
    return len(deleted.all())
