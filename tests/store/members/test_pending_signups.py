"""Sign-ups that wait for confirmation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.members import pending_signups
from bridge.store.members.pending_signups import PendingSignupData
from bridge.store.tables.members import PendingSignup
from tests.store.sample_members import LATER, NOW

LEASE = timedelta(minutes=10)


SIGNUP = PendingSignupData("Kim@example.org", "Kim", "Doe", "", "north", "en", "I agree.")


def test_a_signup_is_confirmed_once_and_in_time(db: Database) -> None:
    with db.transaction() as session:
        pending_signups.add_pending_signup(session, "token", SIGNUP, NOW)
        assert len(pending_signups.sent_since(session, "kim@EXAMPLE.org", NOW - LEASE)) == 1
        assert (
            pending_signups.confirm(session, "token", NOW + pending_signups.LINK_LIFETIME) is None
        )
        confirmed = pending_signups.confirm(session, "token", LATER)
        assert confirmed == replace(SIGNUP, email="kim@example.org")
        assert pending_signups.confirm(session, "token", LATER) is None
        found = pending_signups.find_pending_signup(session, "token", [], LATER)
        assert found is not None
        assert (found.data.first_name, found.confirmed) == ("Kim", True)
        pending_signups.prune(session, NOW + pending_signups.LINK_LIFETIME)
        assert session.scalars(select(PendingSignup)).all() == []
