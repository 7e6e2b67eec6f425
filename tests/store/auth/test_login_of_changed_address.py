"""A login proves an address. It ends when the member's address changes, whatever changed it."""

from __future__ import annotations

from datetime import UTC, datetime

from bridge.member_records import MemberRecord
from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.members.upsert import upsert_members

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_an_import_that_changes_the_address_ends_the_login(db: Database) -> None:
    with db.transaction() as session:
        [member] = upsert_members(
            session, [MemberRecord("1", "old@union.example", "K", "L")], NOW
        ).created
        logins.start(session, "token", "old@union.example", member, NOW)
        logins.start(session, "staff", "old@union.example", None, NOW)
        assert logins.find_login(session, "token", NOW) is not None
        upsert_members(session, [MemberRecord("1", "OLD@union.example", "K", "M")], NOW)
        assert logins.find_login(session, "token", NOW) is not None
        upsert_members(session, [MemberRecord("1", "new@union.example", "K", "M")], NOW)
        assert logins.find_login(session, "token", NOW) is None
        assert logins.find_login(session, "staff", NOW) is not None
