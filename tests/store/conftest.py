"""Store tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from bridge.store.database import Database, open_database
from tests.store.sample_members import ANNA, BEN, add
from tests.support.databases import with_tables


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with request.getfixturevalue("cluster").database("template0") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with empty tables."""
    with with_tables(request.param, request, tmp_path) as address:
        yield address


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture
def two_members(db: Database) -> list[int]:
    """The IDs of Anna and Ben."""
    with db.transaction() as session:
        return add(session, [ANNA, BEN])


@pytest.fixture
def queries(db: Database) -> Iterator[list[str]]:
    """The SQL statements of the test, without BEGIN and PRAGMA."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(db._engine, "before_cursor_execute", note)
    yield sent
    event.remove(db._engine, "before_cursor_execute", note)
