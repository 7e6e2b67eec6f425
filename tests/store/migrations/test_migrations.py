"""Migrations create the tables of the models, on both databases and from any revision."""

from __future__ import annotations

import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

import bridge.privacy  # noqa: F401  (loads the tables of all features)
from bridge.errors import StoreError
from bridge.store import migrations
from bridge.store.accounts.questions import NewQuestion, add_questions, open_questions
from bridge.store.database import MIGRATING, Database, _known_revisions, open_database
from bridge.store.learning import credits
from bridge.store.learning.signoffs import record_signoff, signoffs_of
from bridge.store.operations import audit_log
from bridge.store.tables.base import Base
from tests.store.sample_members import ANNA, NOW, add

MEMBER = (
    "INSERT INTO member (id, number, email, email_key, first_name, last_name, region, language,"
    " source, created_at, updated_at)"
    " VALUES (1, '00125', 'a@b.c', 'a@b.c', 'A', 'B', '', '', 'csv', :at, :at)"
)
TABLES = set(Base.metadata.tables)
VERSIONS = "bridge/store/migrations/versions/"
DIFFERENT = f"Make the migration in {VERSIONS} create what bridge/store/tables/ describes."


def describe(connection: Connection) -> str:
    """Everything that the database reports about the tables."""
    inspector = inspect(connection)
    getters = (
        inspector.get_columns,
        inspector.get_pk_constraint,
        inspector.get_unique_constraints,
        inspector.get_foreign_keys,
        inspector.get_indexes,
        inspector.get_check_constraints,
        inspector.get_table_options,
    )
    reports = [f"{name}: {as_text(get(name))}" for name in sorted(TABLES) for get in getters]
    return "\n".join(reports)


def as_text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(sorted(map(as_text, value)))
    return json.dumps(value, default=str, sort_keys=True)


def migrate_to(database: Database, revision: str) -> None:
    """Upgrade or downgrade, as a release does: without SQLite's checks of foreign keys."""
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    engine = database._engine.execution_options(**{MIGRATING: True})
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        down = revision < max(_known_revisions()) and database.is_current()
        (command.downgrade if down else command.upgrade)(config, revision)


def test_alembic_finds_no_differences(db: Database) -> None:
    with db._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == [], f"Add a migration in {VERSIONS} that does this: {differences}"


def test_migrated_tables_equal_those_of_the_models(db: Database) -> None:
    with db._engine.begin() as connection:
        migrated = describe(connection)
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        assert describe(connection) == migrated, DIFFERENT


def test_repeating_a_migration_changes_nothing(empty_url: str) -> None:
    database = open_database(empty_url)
    database.migrate()
    database.migrate()
    assert database.is_current()
    database.close()


def test_several_threads_may_migrate_at_the_same_time(empty_url: str) -> None:
    failures: list[BaseException] = []

    def migrate() -> None:
        database = open_database(empty_url)
        try:
            database.migrate()
        except BaseException as error:  # noqa: BLE001  (shown by the assertion)
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=migrate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_new_database_may_be_opened_by_many_at_the_same_time(tmp_path: Path) -> None:
    """SQLite refuses at once, without waiting, if two switch a file to its log together."""
    for number in range(50):
        together = threading.Barrier(8)
        url = f"sqlite:///{tmp_path}/{number}.db"
        with ThreadPoolExecutor(8) as pool:
            opened = [pool.submit(open_when_all_are_ready, together, url) for _ in range(8)]
        assert [one.exception() for one in opened] == [None] * 8


def open_when_all_are_ready(together: threading.Barrier, url: str) -> None:
    together.wait()
    open_database(url).close()


def test_a_failed_migration_changes_nothing(empty_url: str) -> None:
    database = open_database(empty_url)
    with database._engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE member (id integer)")
    with contextlib.suppress(StoreError):
        database.migrate()
    with database._engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"member"}
    database.close()


def test_downgrading_to_base_and_upgrading_again(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    database = open_database(url)
    with database._engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    database.migrate()
    assert database.is_current()
    database.close()


def test_a_table_that_rows_refer_to_can_be_changed(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        record_signoff(session, anna, "path", "basic", "Chair", "", "chair", NOW)
    engine = db._engine.execution_options(**{MIGRATING: True})
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("member") as batch:
            batch.alter_column("region", type_=sa.String(80))
    with db.transaction() as session:
        assert len(signoffs_of(session, anna)) == 1
        assert session.scalar(sa.text("SELECT count(*) FROM member")) == 1
    with pytest.raises(StoreError), db.transaction() as session:
        session.execute(sa.text("UPDATE credit SET member_id = 999"))


def test_dangling_rows_undo_a_migration(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/store.db")
    engine = database._engine.execution_options(**{MIGRATING: True})
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id integer PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (id integer REFERENCES parent (id))")
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")
    with pytest.raises(StoreError, match="`child`"):
        database.migrate()
    assert not database.is_current()
    database.close()


def test_the_migrations_are_packages_so_that_a_wheel_includes_them() -> None:
    for folder in (migrations.HERE, migrations.HERE / "versions"):
        assert (folder / "__init__.py").exists()


def test_revisions_are_linear_and_named_after_their_files() -> None:
    scripts = ScriptDirectory(str(migrations.HERE))
    assert scripts.get_heads() == [max(_known_revisions())], (
        f"Set down_revision of the new migration in {VERSIONS} to the one before it."
    )
    assert {script.revision for script in scripts.walk_revisions()} == _known_revisions(), (
        f"Each file in {VERSIONS} is named after its revision: 0012_about.py has revision 0012."
    )


def test_a_percent_sign_in_the_path_works(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/100%/store.db")
    database.migrate()
    database.close()
    engine = create_engine(f"sqlite:///{tmp_path}/100%/store.db")
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) >= TABLES
    engine.dispose()


def test_questions_can_be_asked_about_members_from_before(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    database = open_database(url)
    with database.transaction() as session:
        [anna] = add(session, [ANNA])
    with database._engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
    database.migrate()
    with database.transaction() as session:
        add_questions(session, [NewQuestion(anna, 41, "why")], NOW)
        assert [one.number for one in open_questions(session, 5)] == [ANNA.number]
    database.close()


@pytest.mark.parametrize("revision", [f"{number:04}" for number in range(1, 19)])
def test_every_revision_leads_to_the_same_tables(url: str, revision: str) -> None:
    database = open_database(url)
    with database._engine.connect() as connection:
        direct = describe(connection)
    migrate_to(database, revision)
    migrate_to(database, "head")
    with database._engine.connect() as connection:
        assert describe(connection) == direct, DIFFERENT
    database.close()


def test_sign_offs_become_credits_that_count_everywhere_and_back(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0015")
    with database.transaction() as session:
        anna = 1
        session.execute(sa.text(MEMBER), {"at": NOW})
        row = {"id": 7, "member_id": anna, "requirement": "basic", "by_name": "Zoé", "note": "«ok»"}
        session.execute(
            sa.text(
                "INSERT INTO signoff (id, member_id, requirement, by_name, note, at)"
                " VALUES (:id, :member_id, :requirement, :by_name, :note, '2025-12-31 23:30:00Z')"
            ),
            row,
        )
    migrate_to(database, "head")
    with database.transaction() as session:
        [credit] = signoffs_of(session, anna)
        assert (credit.curriculum, credit.key, str(credit.occurred_on)) == (
            "", "basic", "2025-12-31",
        )  # fmt: skip
        assert credit.evidence == {"by_name": "Zoé", "note": "«ok»"}
        assert credit.recorded_at == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
        record_signoff(session, anna, "path", "second", "Lee", "", "chair", NOW)
        record_signoff(session, anna, "other", "second", "Kim", "", "chair", NOW)
        record_signoff(session, anna, "path", "gone", "Lee", "", "chair", NOW)
        credits.withdraw(session, signoffs_of(session, anna)[-1].id, "Wrong", "chair", NOW)
    migrate_to(database, "0015")
    with database.transaction() as session:
        found = session.execute(
            sa.text("SELECT requirement, by_name, note FROM signoff ORDER BY id")
        )
        assert [tuple(row) for row in found] == [("basic", "Zoé", "«ok»"), ("second", "Lee", "")]
    migrate_to(database, "head")
    with database.transaction() as session:
        assert not record_signoff(session, anna, "path", "basic", "Lee", "", "chair", NOW)
    database.close()


def test_confidential_entries_are_cleared_before_a_release_that_shows_them(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "head")
    with database.transaction() as session:
        for needs in (None, "claims"):
            audit_log.write(
                session, "member:1", "file-stored", 1, {}, {"name": "a.pdf"}, NOW,
                needs=needs,  # type: ignore[arg-type]
            )  # fmt: skip
    migrate_to(database, "0020")
    with database.reading() as session:
        rows = session.execute(sa.text("SELECT actor, member_id, after FROM audit ORDER BY id"))
        [shown, cleared] = [tuple(row) for row in rows]
    assert (shown[0], shown[1]) == ("member:1", 1)
    assert "a.pdf" in str(shown[2])
    assert (cleared[0], cleared[1]) == ("a member", None)
    assert "a.pdf" not in str(cleared[2])
    migrate_to(database, "head")
    database.close()


def test_stored_numbers_get_their_form_for_comparing(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0029")
    with database.transaction() as session:
        session.execute(sa.text(MEMBER), {"at": NOW})
    migrate_to(database, "head")
    with database.reading() as session:
        assert session.scalar(sa.text("SELECT number_key FROM member")) == "125"
    database.close()
