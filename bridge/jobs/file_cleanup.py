"""Deletes files from the disk: expired, removed and erased ones, and those without a row."""

from __future__ import annotations

from datetime import datetime

from bridge.config import Config
from bridge.foundations.files.storage import open_files
from bridge.store.database import Database

INTERVAL_SECONDS = 900


def run_file_cleanup(database: Database, config: Config, now: datetime) -> dict[str, object]:
    """Delete them; return how many. Two processes may do it at the same time.

    Raises FileStorageError, StoreError.
    """
    files = open_files(config, database)
    return {"deleted": files.delete_due(now), "orphans": files.sweep(now)}
