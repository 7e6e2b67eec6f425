"""The outbox."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.outbox import ClaimedEmail
from bridge.store.tables.delivery import OutboxEmail
from tests.store.sample_members import LATER, NOW

LEASE = timedelta(minutes=10)


def enqueue(db: Database, *kinds: str) -> None:
    with db.transaction() as session:
        for kind in kinds:
            outbox.enqueue(session, kind, "Kim@example.org", "fr", {"link": kind}, NOW)


def claim(db: Database, owner: str, limit: int = 9) -> list[ClaimedEmail]:
    with db.transaction() as session:
        return outbox.claim(session, owner, NOW, LEASE, limit)


def emails(db: Database) -> list[OutboxEmail]:
    with db.reading() as session:
        return list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def test_two_workers_never_claim_the_same_email(db: Database) -> None:
    enqueue(db, "a", "b")
    assert [email.kind for email in claim(db, "one", 1)] == ["a"]
    assert [email.kind for email in claim(db, "two")] == ["b"]
    assert claim(db, "three") == []


def test_the_content_of_a_sent_email_is_deleted(db: Database) -> None:
    enqueue(db, "sent", "refused", "later")
    sent, refused, later = claim(db, "me")
    assert (sent.email, sent.language, sent.attempts) == ("kim@example.org", "fr", 1)
    with db.transaction() as session:
        assert not outbox.mark_done(session, sent.id, "another", NOW)
        assert outbox.mark_done(session, sent.id, "me", NOW)
        assert outbox.mark_failed(session, refused.id, "me", "no such mailbox")
        assert outbox.retry_later(session, later.id, "me", "busy", LATER)
        assert not outbox.mark_done(session, sent.id, "me", NOW)
    assert [(each.state, each.payload) for each in emails(db)] == [
        ("done", {}), ("failed", {"link": "refused"}), ("owed", {"link": "later"}),
    ]  # fmt: skip
    assert claim(db, "me") == []


def test_a_released_email_counts_no_attempt(db: Database) -> None:
    enqueue(db, "a")
    claim(db, "one")
    with db.transaction() as session:
        outbox.release(session, "one")
    assert [email.attempts for email in claim(db, "two")] == [1]


def test_an_expired_email_is_not_sent(db: Database) -> None:
    with db.transaction() as session:
        outbox.enqueue(session, "sign-in", "a@example.org", "en", {"link": "x"}, NOW,
                     expires_at=LATER)  # fmt: skip
        outbox.expire(session, LATER)
    assert claim(db, "me") == []
    [late] = emails(db)
    assert (late.state, late.reason, late.payload) == ("failed", "late", {})
    with db.transaction() as session:
        outbox.prune(session, LATER, LATER)
    assert emails(db) == []
