"""Locks."""

from __future__ import annotations

from datetime import timedelta

from bridge.store.database import Database
from bridge.store.operations import locks
from tests.store.sample_members import NOW

HOUR = timedelta(hours=1)


def test_a_lock_has_one_owner(db: Database) -> None:
    with db.transaction() as session:
        assert locks.acquire(session, "sync", "a", NOW, HOUR)
        assert not locks.acquire(session, "sync", "a", NOW, HOUR), "not even the same owner twice"
        assert not locks.acquire(session, "sync", "b", NOW, HOUR)
        assert locks.acquire(session, "pull", "b", NOW, HOUR)
        locks.release(session, "sync", "b")
        assert not locks.acquire(session, "sync", "b", NOW, HOUR)
        locks.release(session, "sync", "a")
        assert locks.acquire(session, "sync", "b", NOW, HOUR)


def test_an_expired_lock_can_be_taken(db: Database) -> None:
    with db.transaction() as session:
        locks.acquire(session, "sync", "a", NOW, HOUR)
        assert locks.renew(session, "sync", "a", NOW + HOUR / 2, HOUR)
        assert not locks.acquire(session, "sync", "b", NOW + HOUR, HOUR)
        assert locks.acquire(session, "sync", "b", NOW + 2 * HOUR, HOUR)
        assert not locks.renew(session, "sync", "a", NOW + 2 * HOUR, HOUR)
