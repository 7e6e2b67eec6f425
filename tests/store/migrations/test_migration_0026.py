"""Migration 0026 lets badges wait that failed because there was no companion plugin."""

from __future__ import annotations

import sqlalchemy as sa

from bridge.store.database import open_database
from tests.store.migrations.test_migrations import migrate_to
from tests.store.sample_members import NOW

MEMBER = (
    "INSERT INTO member (id, number, email, email_key, first_name, last_name, region, language,"
    " source, created_at, updated_at)"
    " VALUES (1, '1', 'a@b.c', 'a@b.c', 'A', 'B', '', '', 'csv', :at, :at)"
)
DELIVERY = (
    "INSERT INTO delivery (id, member_id, kind, target, payload, state, reason, attempts, next_try,"
    " lease_owner, last_error, created_at)"
    " VALUES (:id, 1, :kind, 'x', '{}', 'failed', 'never', 1, :at, '', :error, :at)"
)
NO_PLUGIN = "badges need the companion plugin. Award it in Moodle by hand, or set the criterion."


def test_badges_that_failed_without_the_plugin_wait(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0025")
    rows = [(1, "badge", NO_PLUGIN), (2, "badge-revoke", NO_PLUGIN), (3, "message", "refused")]
    with database.transaction() as session:
        session.execute(sa.text(MEMBER), {"at": NOW})
        for key, kind, error in rows:
            values = {"id": key, "kind": kind, "error": error, "at": NOW}
            session.execute(sa.text(DELIVERY), values)
    migrate_to(database, "head")
    query = sa.text("SELECT state, reason, attempts FROM delivery ORDER BY id")
    with database.reading() as session:
        found = [tuple(row) for row in session.execute(query)]
    waiting = ("owed", "companion", 0)
    assert found == [waiting, waiting, ("failed", "never", 1)]
    migrate_to(database, "0025")
    with database.reading() as session:
        assert next(tuple(row) for row in session.execute(query)) == ("owed", "", 0)
    database.close()
