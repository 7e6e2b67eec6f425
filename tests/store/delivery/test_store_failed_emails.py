"""Emails that need attention."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.failed_emails import failed_emails, retry
from bridge.store.delivery.outbox import ClaimedEmail
from bridge.store.tables.delivery import OutboxEmail
from tests.store.sample_members import LATER, NOW

LEASE = timedelta(minutes=10)


def claim(db: Database, owner: str, limit: int = 9) -> list[ClaimedEmail]:
    with db.transaction() as session:
        return outbox.claim(session, owner, NOW, LEASE, limit)


def emails(db: Database) -> list[OutboxEmail]:
    with db.reading() as session:
        return list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def test_a_failed_email_can_be_retried_until_it_expires(db: Database) -> None:
    with db.transaction() as session:
        for kind in ("contact", "sign-in"):
            outbox.enqueue(session, kind, "a@example.org", "en", {"link": kind}, NOW,
                         expires_at=LATER)  # fmt: skip
    one, other = claim(db, "me")
    with db.transaction() as session:
        assert outbox.mark_failed(session, one.id, "me", "refused")
        assert outbox.retry_later(session, other.id, "me", "no host", LATER, "configuration")
        assert [each.id for each in failed_emails(session, 9)] == [one.id, other.id]
        assert [each.id for each in failed_emails(session, 9, one.id)] == [other.id]
        assert [each.last_error for each in retry(session, NOW, [one.id, 999])] == ["refused"]
        assert retry(session, NOW, [one.id]) == []
    [again] = claim(db, "me")
    assert (again.id, again.payload, again.attempts) == (one.id, {"link": "contact"}, 1)
    with db.transaction() as session:
        outbox.expire(session, LATER)
        assert retry(session, LATER) == []
        assert [each.last_error for each in failed_emails(session, 9)] == ["refused", "no host"]
    assert [(each.reason, each.payload) for each in emails(db)] == [("late", {}), ("late", {})]
