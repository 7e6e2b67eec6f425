"""The sandbox's SQLite file."""

from __future__ import annotations

import secrets
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Literal

GUEST, ADMIN, SERVICE = 1, 2, 3
"""Ids of the users that every sandbox has."""

Write = Literal["created", "updated", "unchanged"]


class Database:
    """Opens one connection per transaction; each is committed as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._connect() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript((files(__package__) / "schema.sql").read_text("utf-8"))
        with self.transaction() as db:
            _add_missing_columns(db)
            _create_new_site(db)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection with the write lock; commits unless an exception is raised."""
        with self._connect() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=NORMAL")
        try:
            yield connection
        finally:
            connection.close()


_LATER_COLUMNS = (
    ("user", "confirmed INTEGER NOT NULL DEFAULT 1"),
    ("user", "secret TEXT NOT NULL DEFAULT ''"),
    ("attempt", "lang TEXT NOT NULL DEFAULT 'en'"),
)
_SETTINGS = {
    "numberlocked": "1",
    "emailchangeconfirmation": "1",
    "registration": "1",
    "frenchpack": "1",
}
"""The settings after setup.php, on a site where people can register."""


def _add_missing_columns(db: sqlite3.Connection) -> None:
    """Add columns and settings that a file of an earlier version lacks."""
    for table, column in _LATER_COLUMNS:
        known = {row["name"] for row in rows(db, f"PRAGMA table_info({table})")}
        if column.split()[0] not in known:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for name, value in _SETTINGS.items():
        db.execute("INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)", (name, value))


def _create_new_site(db: sqlite3.Connection) -> None:
    """Fill a new site: three users, a front page course, one category."""
    if get(db, "meta", "feed", by="name"):
        return
    for name, value in (("feed", str(uuid.uuid4())), ("secret", secrets.token_hex(32))):
        insert(db, "meta", name=name, value=value)
    for username, first, last in (
        ("guest", "Guest user", " "),
        ("admin", "Admin", "User"),
        ("stewardpath", "Education", "Committee"),
    ):
        email = f"{username}@example.org"
        insert(db, "user", username=username, email=email, firstname=first, lastname=last)
    insert(db, "category", name="Category 1")
    insert(db, "course", category=0, fullname="Sandbox", shortname="sandbox", format="site")


def meta(db: sqlite3.Connection, name: str) -> str:
    """A value set when the file was created (`feed`, `secret`), or a site setting."""
    return str(db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()["value"])


def switched_on(db: sqlite3.Connection, name: str) -> bool:
    """Whether a site setting is on: `numberlocked` (users can't change the ID number in their own
    profile), `emailchangeconfirmation`, `registration` (people can create their own account) or
    `frenchpack` (the French language pack is installed)."""
    return meta(db, name) == "1"


def language_packs(db: sqlite3.Connection) -> tuple[str, ...]:
    """The languages that the site has packs for."""
    return ("en", "fr") if switched_on(db, "frenchpack") else ("en",)


def switch(db: sqlite3.Connection, name: str, *, on: bool) -> None:
    """Change a site setting."""
    update(db, "meta", name, {"value": "1" if on else "0"}, by="name")


def insert(db: sqlite3.Connection, table: str, /, **values: object) -> int:
    """Insert one row; return its id. `table` and column names must come from code."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
    return int(db.execute(sql, tuple(values.values())).lastrowid or 0)


def email(db: sqlite3.Connection, userid: int, about: str, now: int) -> None:
    """Note an email that Moodle would send by itself."""
    insert(db, "email", userid=userid, about=about, time=now)


def update(
    db: sqlite3.Connection,
    table: str,
    key: int | str,
    values: Mapping[str, object],
    *,
    by: str = "id",
) -> Write:
    """Set `values` on one row; return whether anything changed."""
    row = get(db, table, by=by, key=key)
    if row is not None and all(row[name] == value for name, value in values.items()):
        return "unchanged"
    names = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE {table} SET {names} WHERE {by} = ?", (*values.values(), key))  # noqa: S608
    return "updated"


def get(db: sqlite3.Connection, table: str, key: object, *, by: str = "id") -> sqlite3.Row | None:
    """The row of `table` whose column `by` is `key`, or None."""
    sql = f"SELECT * FROM {table} WHERE {by} = ?"  # noqa: S608
    row: sqlite3.Row | None = db.execute(sql, (key,)).fetchone()
    return row


def rows(db: sqlite3.Connection, sql: str, *values: object) -> list[sqlite3.Row]:
    """Every row of a query."""
    return db.execute(sql, values).fetchall()
