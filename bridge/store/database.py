"""Opens the database (SQLite in WAL mode, or PostgreSQL), provides sessions and migrates."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from bridge.errors import StoreError
from bridge.store.database_errors import as_store_error
from bridge.store.write_queue import POLL_SECONDS, WriteQueue

BUSY_TIMEOUT_SECONDS = 30
NEXT_PROCESS_SECONDS = 5
CONNECT_TIMEOUT_SECONDS = 10
LOG_TIMEOUT_SECONDS = 2
MIN_SQLITE_VERSION = (3, 35)  # the first with RETURNING
READ_ONLY = "stewardpath_read_only"
MIGRATING = "stewardpath_migrating"
PRAGMAS = "stewardpath_pragmas"
HASTY = "stewardpath_hasty"
EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """One database. Threads may share it, but not its sessions."""

    def __init__(self, engine: Engine, display_name: str, queue: WriteQueue | None = None) -> None:
        self._engine = engine
        self._queue = queue
        self._hasty = engine.execution_options(**{HASTY: True})
        self._reader = engine.execution_options(**_reader_options(engine))
        self._display_name = display_name

    def __str__(self) -> str:
        return self._display_name

    def __repr__(self) -> str:
        return f"Database({self._display_name})"

    @contextmanager
    def transaction(self, *, wait_for_disk: bool = True) -> Iterator[Session]:
        """Return a session that commits at the end, or rolls back on an error.

        On SQLite it's the only writer, and writers get their turn in the order in which they ask.
        So keep it short, and never wait for the network inside.
        Without `wait_for_disk`, a kill of the process loses nothing, but a power cut may lose the
        transaction, unless a later one waited for the disk. Raises StoreError.
        """
        engine = self._engine if wait_for_disk else self._hasty
        with (
            as_store_error(self._display_name),
            self._turn(),
            Session(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            if self._queue:
                with self._queue.next_process(NEXT_PROCESS_SECONDS):
                    session.connection()
            elif not wait_for_disk:
                session.execute(text("SET LOCAL synchronous_commit TO OFF"))
            yield session

    def _turn(self) -> AbstractContextManager[None]:
        return self._queue.turn(BUSY_TIMEOUT_SECONDS) if self._queue else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Return a read-only session on a consistent snapshot. Raises StoreError."""
        with as_store_error(self._display_name), Session(self._reader) as session:
            yield session

    def migrate(self) -> None:
        """Bring the tables to the version of this release, if they aren't.

        Several processes may call this at the same time: one migrates, the others wait. Raises
        StoreError.
        """
        from bridge.store.migrations import upgrade  # importing Alembic takes 0.2 s

        engine = self._engine.execution_options(**{MIGRATING: True})
        with as_store_error(self._display_name), engine.begin() as connection:
            upgrade(connection)

    def is_current(self) -> bool:
        """Return whether the tables have the version of this release. Raises StoreError."""
        with as_store_error(self._display_name), self._reader.connect() as connection:
            return _revision(connection) == max(_known_revisions())

    def empty_log(self) -> bool:
        """Empty SQLite's write-ahead log, which still has what was deleted. True if it's empty.

        False while another connection reads: call it again later. PostgreSQL recycles its own
        log: see docs/operations.md. Raises StoreError.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        with as_store_error(self._display_name):
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout = {LOG_TIMEOUT_SECONDS * 1000}")
                busy, _, _ = cursor.execute(EMPTY_LOG).fetchone()
                cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
            finally:
                connection.close()
        return not busy

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_database(url: str) -> Database:
    """Open a database by its SQLAlchemy URL, `sqlite:///file` or `postgresql://…`.

    Creates the SQLite file and its folder if they are missing. Raises StoreError if the database
    can't be reached, isn't a database, or was migrated by a newer release. Messages never
    contain the password.
    """
    address = _parse_url(url)
    name = _display_name(address)
    is_postgresql = address.drivername.startswith("postgres")
    engine = _postgresql_engine(address) if is_postgresql else _sqlite_engine(address)
    queue = None if is_postgresql else WriteQueue(Path(str(address.database)))
    database = Database(engine, name, queue)
    try:
        with as_store_error(name), database._reader.connect() as connection:
            found = _revision(connection)
    except StoreError:
        database.close()
        raise
    if found and found not in _known_revisions():
        database.close()
        raise StoreError(
            f"the database belongs to a newer release (its revision is {found}).",
            where=name,
            todo="Install that release, or restore a backup made with this release.",
        )
    return database


def _parse_url(url: str) -> URL:
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
        "the database address is not valid.",
        todo="Write sqlite:///path/to/file.db or postgresql://user@host/name.",
    )


def _display_name(address: URL) -> str:
    """The address without user, password and options."""
    if address.drivername.startswith("sqlite"):
        return str(address.database)
    host = address.host or address.query.get("host", "localhost")
    return f"postgresql://{host}:{address.port or 5432}/{address.database or ''}"


def _postgresql_engine(address: URL) -> Engine:
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS},
    )


def _sqlite_engine(address: URL) -> Engine:
    if sqlite3.sqlite_version_info < MIN_SQLITE_VERSION:
        raise StoreError(
            f"this Python comes with SQLite {sqlite3.sqlite_version}; 3.35 or newer is required.",
            todo="Use a newer Python, or PostgreSQL.",
        )
    _make_private_file(Path(str(address.database)))
    engine = create_engine(
        address, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private_file(file: Path) -> None:
    """Create the file readable by its owner only: it holds personal data."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"cannot open the database file ({error.strerror}).",
            where=str(file),
            todo="Check the path in `database.url` and the permissions of the folder.",
        ) from None


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would send a deferred BEGIN too late; `_begin_sqlite` sends the right one.
    connection.isolation_level = None
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA secure_delete = ON")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL. SQLite doesn't wait by itself if another process does it now."""
    until = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(POLL_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reading, migrating = options.get(READ_ONLY, False), options.get(MIGRATING, False)
    wanted = {
        "query_only": "ON" if reading else "OFF",
        # SQLite changes a table by copying and dropping it, which foreign keys would forbid.
        "foreign_keys": "OFF" if migrating else "ON",
        "synchronous": "NORMAL" if options.get(HASTY, False) else "FULL",
    }
    known = connection.info.setdefault(PRAGMAS, {})
    for name, value in wanted.items():
        if known.get(name) != value:
            connection.exec_driver_sql(f"PRAGMA {name} = {value}")
            known[name] = value
    # A deferred transaction fails on its first write if another transaction wrote meanwhile.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reader_options(engine: Engine) -> dict[str, object]:
    if engine.dialect.name == "sqlite":
        return {READ_ONLY: True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _revision(connection: Connection) -> str:
    """The revision of the tables, '' if there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def _known_revisions() -> set[str]:
    return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}
