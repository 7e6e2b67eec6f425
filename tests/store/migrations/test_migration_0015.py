"""Migration 0015 moves each member's role to a row of its own."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from bridge.membership.roles import HeldRole
from bridge.store.database import open_database
from bridge.store.members.roles import roles_of
from tests.store.migrations.test_migrations import migrate_to
from tests.store.sample_members import NOW

MEMBER = (
    "INSERT INTO member (id, number, email, email_key, first_name, last_name, region, language,"
    " role, role_since, source, created_at, updated_at)"
    " VALUES (:id, :number, 'a@b.c', 'a@b.c', 'A', 'B', '', '', :role, :since, 'csv', :at, :at)"
)
AUDIT = (
    "INSERT INTO audit (at, actor, action, member_id, before, after)"
    " VALUES (:at, 'me', 'role', 2, '{}', '{}')"
)
BEFORE = [(1, "steward", date(2025, 2, 3)), (2, "chair", None), (3, "", None)]
LATER_ROLES = (
    "INSERT INTO member_role (member_id, role, region, unit, program, since, until, source)"
    " VALUES (2, 'trustee', '', '', '', '2026-01-01', NULL, 'page'),"
    " (1, 'delegate', '', '', '', '2026-01-01', '2026-02-01', 'csv')"
)


def test_roles_move_to_rows_and_back(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0014")
    with database.transaction() as session:
        for number, role, since in BEFORE:
            values = {"id": number, "number": str(number), "role": role, "since": since, "at": NOW}
            session.execute(sa.text(MEMBER), values)
        session.execute(sa.text(AUDIT), {"at": NOW})
    migrate_to(database, "head")
    with database.transaction() as session:
        moved = {
            member: [(each.held, each.source) for each in found]
            for member, found in roles_of(session, [1, 2, 3]).items()
        }
        session.execute(sa.text(LATER_ROLES))
    assert moved == {
        1: [(HeldRole("steward", since=date(2025, 2, 3)), "csv")],
        2: [(HeldRole("chair"), "page")],
    }
    migrate_to(database, "0014")
    with database.reading() as session:
        rows = session.execute(sa.text("SELECT id, role FROM member ORDER BY id"))
        assert [tuple(row) for row in rows] == [(1, "steward"), (2, "trustee"), (3, "")]
    database.close()
