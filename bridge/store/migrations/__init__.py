"""Every change the tables have gone through, oldest first; shipped with the package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bridge.errors import StoreError

HERE = Path(__file__).parent
ADVISORY_LOCK = 7_386_721  # any number, as long as every release uses the same


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables behind `connection` to `revision`, inside its transaction.

    Raises StoreError if rows would be left that point at nothing (nothing is kept then).
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
    """SQLite does not look at them while it migrates."""
    if broken := connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StoreError(
            f"the table `{broken[0]}` has rows that belong to nothing.",
            todo="Restore a backup, and please report this.",
        )
