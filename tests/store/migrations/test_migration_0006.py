"""Migration 0006 fills name keys and closes enrolments that were earned."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from bridge.store import migrations
from bridge.store.database import Database, open_database
from bridge.store.tables.learning import Enrolment
from bridge.store.tables.members import Member


def keys(db: Database) -> list[tuple[str, str]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(select(Member.first_key, Member.last_key))]


def test_migration_0006_fills_name_keys_and_closes_earned_enrolments(
    tmp_path: Path,
) -> None:
    database = open_database(f"sqlite:///{tmp_path}/store.db")
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    with database._engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(text(
            "INSERT INTO member (id, email, email_key, first_name, last_name, region, language,"
            " role, source, created_at, updated_at) VALUES (1, 'a', 'a', 'Zoélie', 'Çelik', '',"
            " '', '', '', '2026-03-01', '2026-03-01')"
        ))  # fmt: skip
        for milestone in ("first", "second"):
            connection.execute(text(
                "INSERT INTO enrolment (member_id, curriculum, milestone, wanted_at)"
                f" VALUES (1, 'path', '{milestone}', '2026-03-01')"
            ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO award (member_id, curriculum, milestone, revision, evidence, at)"
            " VALUES (1, 'path', 'first', '', '{}', '2026-03-02 00:00:00.000000')"
        ))  # fmt: skip
    database.migrate()
    assert keys(database) == [("zoelie", "celik")]
    with database.reading() as session:
        rows = session.execute(select(Enrolment.milestone, Enrolment.earned_at)).all()
    assert [(key, at is not None) for key, at in rows] == [("first", True), ("second", False)]
    database.close()
