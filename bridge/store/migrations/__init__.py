"""Migrations of the database, oldest first. They are part of the package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bridge.errors import StoreError

HERE = Path(__file__).parent
ADVISORY_LOCK = 7_386_721  # any number, but the same in every release


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate the database of `connection` to `revision`, inside its transaction.

    Raises StoreError, and so undoes everything, if a row would point at a missing row.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if connection.dialect.name == "sqlite":
        _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    """SQLite doesn't check foreign keys during a migration."""
    if broken := connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StoreError(
            f"the table `{broken[0]}` has rows that point at missing rows.",
            todo="Restore a backup and report this error.",
        )
