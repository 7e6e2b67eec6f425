"""Compares the rows of files with the folder: what is missing, damaged or left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bridge.foundations.files import rows
from bridge.foundations.files.file_types import FileStorageError
from bridge.foundations.files.rows import FileData
from bridge.foundations.files.storage import BATCH_SIZE, Files
from bridge.store.database import Database


@dataclass(slots=True)
class FileReport:
    """`problems`: reason by file ID. `orphans`: names on the disk of files without a row."""

    files: int = 0
    size: int = 0
    problems: dict[int, str] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)


def check_files(database: Database, files: Files, now: datetime) -> FileReport:
    """Read every file and compare it with its checksum. Changes nothing.

    Raises StoreError, and FileStorageError if the folder can't be listed.
    """
    report = FileReport(orphans=[each.name for each in files.orphans()])
    for file in _stored_files(database):
        report.files += 1
        report.size += file.size
        try:
            files.read(file)
        except FileStorageError as error:
            with database.reading() as session:
                still_stored = rows.find_file(session, file.id, now)
            if still_stored:  # else it was deleted meanwhile
                report.problems[file.id] = error.what
    return report


def _stored_files(database: Database) -> Iterator[FileData]:
    last = 0
    while True:
        with database.reading() as session:
            batch = rows.stored_files(session, last, BATCH_SIZE)
        if not batch:
            return
        yield from batch
        last = batch[-1].id
