"""Sign-in links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.store.auth import signin_links
from bridge.store.database import Database
from bridge.store.tables.auth import SigninLink
from tests.store.sample_members import NOW

LEASE = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("token", "nonce", "after", "holds"),
    [
        ("token", "nonce", timedelta(minutes=14), True),
        ("token", "nonce", timedelta(minutes=15), False),
        ("other", "nonce", timedelta(0), False),
        ("token", "other", timedelta(0), False),
        ("token", "", timedelta(0), False),
    ],
)
def test_a_link_works_once_in_time_and_in_its_browser(
    db: Database, token: str, nonce: str, after: timedelta, holds: bool
) -> None:
    with db.transaction() as session:
        signin_links.add_link(session, "token", "nonce", "Kim@example.org", "/me", NOW)
        assert signin_links.is_valid(session, token, nonce, NOW + after) is holds
        redeemed = signin_links.redeem(session, token, nonce, NOW + after)
        assert (redeemed == signin_links.Redeemed("kim@example.org", "/me")) is holds
        assert signin_links.redeem(session, token, nonce, NOW + after) is None
        assert len(signin_links.sent_since(session, "KIM@example.org", NOW - LEASE)) == 1
        signin_links.prune(session, NOW + timedelta(minutes=16))
        assert session.scalars(select(SigninLink)).all() == []
