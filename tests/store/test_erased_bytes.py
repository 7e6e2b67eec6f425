"""What is erased is in no file of an SQLite database."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bridge.member_records import MemberRecord
from bridge.privacy import erase_member
from bridge.store import database as databases
from bridge.store.database import Database, open_database
from bridge.store.members.upsert import upsert_members

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NAME = "Zerubabel-Unmistakable"


def has_name(folder: Path) -> bool:
    return any(NAME.encode() in file.read_bytes() for file in folder.iterdir())


def open_with_member(folder: Path) -> tuple[Database, int]:
    database = open_database(f"sqlite:///{folder / 'x.db'}")
    database.migrate()
    with database.transaction() as session:
        [member] = upsert_members(
            session, [MemberRecord("1", "k@union.example", "Kim", NAME)], NOW
        ).created
    return database, member


def test_the_log_has_no_erased_data(tmp_path: Path) -> None:
    database, member = open_with_member(tmp_path)
    with database.transaction() as session:
        erase_member(session, member, "test", NOW)
    assert has_name(tmp_path)
    assert database.empty_log()
    assert not has_name(tmp_path)
    database.close()


def test_deleted_rows_are_overwritten_also_where_sqlite_does_not_do_so_by_itself(
    tmp_path: Path,
) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("PRAGMA secure_delete = OFF")
    databases._set_up_sqlite(connection, None)
    assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    connection.close()


def test_a_reader_postpones_it(tmp_path: Path) -> None:
    database, member = open_with_member(tmp_path)
    other = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    with other.reading() as reading:
        reading.connection()
        with database.transaction() as session:
            erase_member(session, member, "test", NOW)
        database.close()
    assert other.empty_log()
    assert not has_name(tmp_path)
    other.close()
