"""Opening databases, transactions, and error messages."""

from __future__ import annotations

import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from bridge.errors import MemberError, StoreError
from bridge.membership.roles import HeldRole
from bridge.store.database import Database, open_database
from bridge.store.members.queries import get_member
from bridge.store.members.roles import give_role
from bridge.store.operations import runs
from tests.store.sample_members import ANNA, NOW, add
from tests.support.databases import USER, Cluster


def test_committed_data_can_be_read(db: Database) -> None:
    with db.transaction() as session:
        add(session, [ANNA])
    with db.reading() as session:
        anna = get_member(session, "1001")
    assert anna is not None
    assert (anna.email, anna.region, anna.created_at) == ("anna@example.org", "north", NOW)


def test_an_error_rolls_back_the_whole_transaction(db: Database) -> None:
    with pytest.raises(MemberError), db.transaction() as session:
        give_role(session, add(session, [ANNA])[0] + 1, HeldRole("steward"), "test", NOW)
    with db.reading() as session:
        assert get_member(session, "1001") is None


def test_a_reading_session_cannot_write(db: Database) -> None:
    with pytest.raises(StoreError), db.reading() as session:
        add(session, [ANNA])
    with db.transaction() as session:
        add(session, [ANNA])


def test_a_reading_session_sees_one_snapshot(db: Database) -> None:
    with db.reading() as session:
        assert get_member(session, "1001") is None
        with db.transaction() as other:
            add(other, [ANNA])
        assert get_member(session, "1001") is None


def test_times_are_returned_in_utc_and_naive_ones_are_refused(db: Database) -> None:
    toronto = datetime(2026, 3, 1, 7, 0, 0, 250, tzinfo=timezone(timedelta(hours=-5)))
    with db.transaction() as session:
        runs.start_run(session, "pull", "me", toronto)
    with db.reading() as session:
        run = runs.last_run(session, "pull")
    assert run is not None
    assert run.started_at == toronto
    assert run.started_at.tzinfo is UTC
    with pytest.raises(Exception, match="time zone"), db.transaction() as session:
        runs.start_run(session, "pull", "me", datetime(2026, 3, 1))  # noqa: DTZ001


def test_the_error_explains_missing_tables(empty_url: str) -> None:
    database = open_database(empty_url)
    with pytest.raises(StoreError, match="Restart the service"), database.reading() as session:
        get_member(session, "1001")
    assert not database.is_current()
    database.close()


def test_the_error_of_a_conflict_does_not_quote_the_record(db: Database) -> None:
    row = "('secret', '2026-03-01')"
    twice = text(f"INSERT INTO webhook_request (signature, at) VALUES {row}, {row}")
    with pytest.raises(StoreError) as caught, db.transaction() as session:
        session.execute(twice)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_database_of_a_newer_release_is_refused(url: str, db: Database) -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer release.*9999"):
        open_database(url)


def test_a_file_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("Dear members, " * 100)
    with pytest.raises(StoreError, match="not a database") as caught:
        open_database(f"sqlite:///{file}")
    assert caught.value.where == str(file)


def test_an_sqlite_that_is_too_old_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(StoreError, match="newer Python"):
        open_database(f"sqlite:///{tmp_path}/store.db")


def test_a_folder_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="cannot open"):
        open_database(f"sqlite:///{tmp_path}/taken/store.db")


def test_only_its_owner_can_read_a_new_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "store.db"
    open_database(f"sqlite:///{file}").close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "address", ["", "nonsense", "mysql://u:hunter2@h/d", "sqlite://", "sqlite:///:memory:"]
)
def test_unusable_addresses_are_refused(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_database(address)
    assert "postgresql://" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("options", ["", "?password=hunter2"])
def test_no_message_shows_the_password(options: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_database(f"postgresql://me:hunter2@127.0.0.1:1/union{options}")
    shown = f"{caught.value!r} {caught.value}"
    assert "127.0.0.1:1/union" in shown
    assert "hunter2" not in shown


def test_repr_does_not_show_the_password(cluster: Cluster) -> None:
    with cluster.database("template_store") as url:
        database = open_database(url.replace(f"{USER}@", f"{USER}:hunter2@"))
        assert "hunter2" not in repr(database)
        database.close()


def test_sqlite_is_configured_for_several_processes(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/store.db")
    with database.reading() as session:
        found = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "secure_delete")
        }
    database.close()
    assert found == {
        "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "secure_delete": 1,
    }  # fmt: skip


def test_only_some_transactions_do_not_wait_for_the_disk(db: Database) -> None:
    """One connection serves all of them in turn, and must not keep what another one wanted."""
    is_sqlite = db._engine.dialect.name == "sqlite"
    setting = "PRAGMA synchronous" if is_sqlite else "SHOW synchronous_commit"
    waits, hasty = (2, 1) if is_sqlite else ("on", "off")
    if not is_sqlite:
        with db.transaction() as session:  # the cluster of the tests never waits
            session.execute(text("SET SESSION synchronous_commit TO ON"))
    found: list[object] = []
    for wait in (True, False, True, False):
        with db.transaction(wait_for_disk=wait) as session:
            found.append(session.scalar(text(setting)))
        with db.reading() as session:
            session.execute(text("SELECT 1"))
    assert found == [waits, hasty, waits, hasty]


def test_a_connection_that_read_can_write_and_the_other_way_round(db: Database) -> None:
    for number in ("1001", "1002"):
        with db.transaction() as session:
            add(session, [replace(ANNA, number=number, email=f"{number}@union.example")])
        with pytest.raises(StoreError), db.reading() as session:
            session.execute(text("DELETE FROM member"))
        with db.reading() as session:
            assert get_member(session, number) is not None


def test_a_writer_does_not_stop_readers(db: Database) -> None:
    with db.transaction() as session:
        add(session, [ANNA])
        with db.reading() as other:
            assert get_member(other, "1001") is None


def test_the_error_explains_a_busy_database(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.store.database.BUSY_TIMEOUT_SECONDS", 0.1)
    database = open_database(f"sqlite:///{sqlite_template}")
    writer = sqlite3.connect(sqlite_template, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="busy"), database.transaction() as session:
        add(session, [ANNA])
    writer.close()
    database.close()
