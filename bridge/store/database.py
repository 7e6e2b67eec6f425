"""One database: SQLite in WAL mode, or PostgreSQL. Opens it, hands out sessions, migrates it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from bridge.errors import StoreError
from bridge.store.database_errors import as_store_error

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
OLDEST_SQLITE = (3, 35)  # the first with RETURNING
READ_ONLY = "stewardpath_read_only"
MIGRATING = "stewardpath_migrating"
MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Sessions on one database. Safe to share between threads; a session is not."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**_reading_options(engine))
        self._place = place

    def __str__(self) -> str:
        return self._place

    def __repr__(self) -> str:
        return f"Database({self._place})"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is kept as a whole at the end, or not at all on an error.

        On SQLite it is the only writer from its first statement on: keep it short, and never
        wait for a network inside. Raises StoreError.
        """
        with (
            as_store_error(self._place),
            Session(self._engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and cannot write. Raises StoreError."""
        with as_store_error(self._place), Session(self._reader) as session:
            yield session

    def migrate(self) -> None:
        """Bring the tables to what this release expects; does nothing if they are.

        Several processes may call it at once: one works, the others wait. Raises StoreError.
        """
        from bridge.store.migrations import upgrade  # Alembic costs every command 0.2 s

        engine = self._engine.execution_options(**{MIGRATING: True})
        with as_store_error(self._place), engine.begin() as connection:
            upgrade(connection)

    def is_current(self) -> bool:
        """Whether the tables are what this release expects. Raises StoreError."""
        with as_store_error(self._place), self._reader.connect() as connection:
            return _revision(connection) == max(_known_revisions())

    def close(self) -> None:
        """Give up every connection."""
        self._engine.dispose()


def open_database(url: str) -> Database:
    """Open a database by its SQLAlchemy address, `sqlite:///file` or `postgresql://…`.

    The SQLite file and its folder are made if they are missing. Raises StoreError if it cannot
    be reached, is no database, or was migrated by a newer release. No message has the password.
    """
    address = _address(url)
    place = _place(address)
    engine = _postgresql(address) if address.drivername.startswith("postgres") else _sqlite(address)
    database = Database(engine, place)
    try:
        with as_store_error(place), database._reader.connect() as connection:
            found = _revision(connection)
    except StoreError:
        database.close()
        raise
    if found and found not in _known_revisions():
        database.close()
        raise StoreError(
            f"the database belongs to a newer release (its tables are at {found}).",
            where=place,
            todo="Install that release, or restore a backup made with this one.",
        )
    return database


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = URL.create("unreadable")
    if address.drivername in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername == "postgresql+psycopg":
        return address
    if address.drivername in ("sqlite", "sqlite+pysqlite") and address.database not in (
        None, "", ":memory:",
    ):  # fmt: skip
        return address
    raise StoreError(
        "the database address is none that can be used.",
        todo="Write sqlite:///path/to/file.db or postgresql://user@host/name.",
    )


def _place(address: URL) -> str:
    """The address as it may be shown: no user, no password, no options."""
    if address.drivername.startswith("sqlite"):
        return str(address.database)
    host = address.host or address.query.get("host", "localhost")
    return f"postgresql://{host}:{address.port or 5432}/{address.database or ''}"


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )


def _sqlite(address: URL) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"Python has SQLite {sqlite3.sqlite_version} built in, and 3.35 is needed.",
            todo="Use a newer Python, or PostgreSQL.",
        )
    _make_private_file(Path(str(address.database)))
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private_file(file: Path) -> None:
    """Names and addresses live in it: nobody but its owner may read it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"the database file cannot be opened ({error.strerror}).",
            where=str(file),
            todo="Check the path in `database.url` and who may write there.",
        ) from None


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN comes late and is deferred; `_begin_sqlite` sends the right one.
    connection.isolation_level = None
    for setting in ("journal_mode = WAL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reading, migrating = options.get(READ_ONLY, False), options.get(MIGRATING, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    # SQLite changes a table by copying it and dropping the old one, which its rows' rows forbid.
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if migrating else 'ON'}")
    # A deferred transaction that turns to writing fails at once when another has written.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reading_options(engine: Engine) -> dict[str, object]:
    if engine.dialect.name == "sqlite":
        return {READ_ONLY: True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _revision(connection: Connection) -> str:
    """The revision the tables are at, '' for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def _known_revisions() -> set[str]:
    return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}
