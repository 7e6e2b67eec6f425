"""API tokens."""

from __future__ import annotations

from bridge.store.auth import api_tokens
from bridge.store.database import Database
from tests.store.sample_members import LATER, NOW


def test_a_token_works_until_it_is_revoked(db: Database) -> None:
    with db.transaction() as session:
        token = api_tokens.add_token(session, "secret", "reports", ["status", "members"], "me", NOW)
        found = api_tokens.find_token(session, "secret")
        assert found is not None
        assert (found.id, found.scopes) == (token, ["members", "status"])
        assert found.token != "secret"
        api_tokens.record_use(session, token, LATER)
        assert api_tokens.revoke(session, token, LATER)
        assert not api_tokens.revoke(session, token, LATER)
        assert api_tokens.find_token(session, "secret") is None
    with db.reading() as session:
        [stored] = api_tokens.list_tokens(session)
        assert (stored.used_at, stored.revoked_at) == (LATER, LATER)
