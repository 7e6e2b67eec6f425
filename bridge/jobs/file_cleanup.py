"""Deletes files from the disk: expired, removed and erased ones, and those without a row.

Rows of imported files are deleted too, an hour after the import.
"""

from __future__ import annotations

from datetime import datetime

from bridge.config import Config
from bridge.foundations.files.storage import open_files
from bridge.store.batches import member_imports
from bridge.store.database import Database

INTERVAL_SECONDS = 900


def run_file_cleanup(database: Database, config: Config, now: datetime) -> dict[str, object]:
    """Delete them, and rows of imports; return how many. Two processes may do it at the same time.

    Raises FileStorageError, StoreError.
    """
    with database.transaction() as session:
        imports = member_imports.prune(session, now)
    if imports:
        database.empty_log()
    files = open_files(config, database)
    return {"imports": imports, "deleted": files.delete_due(now), "orphans": files.sweep(now)}
