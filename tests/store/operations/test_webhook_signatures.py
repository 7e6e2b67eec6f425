"""Signatures of webhook requests."""

from __future__ import annotations

from bridge.store.database import Database
from bridge.store.operations import webhook_signatures
from tests.store.sample_members import LATER, NOW


def test_a_signature_is_accepted_once(db: Database) -> None:
    with db.transaction() as session:
        assert not webhook_signatures.is_replay(session, "abc", NOW)
        assert webhook_signatures.is_replay(session, "abc", LATER)
        assert not webhook_signatures.is_replay(session, "def", LATER)
        assert webhook_signatures.prune(session, LATER) == 1
        assert not webhook_signatures.is_replay(session, "abc", LATER)
