"""Stores, reads and deletes files: their rows and their content together.

A process can be killed between any two lines. A row is written before its file and deleted after
it, so a file without a row can only come from a restored backup.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from bridge.access.file_purposes import FilePurpose
from bridge.config import Config
from bridge.foundations.files import rows
from bridge.foundations.files.disk import FileFolder, FoundFile, new_name
from bridge.foundations.files.file_types import FileStorageError, FileType
from bridge.foundations.files.names import safe_name
from bridge.foundations.files.rows import FileData, NewFile
from bridge.foundations.owners import Owner
from bridge.store.database import Database
from bridge.store.operations import audit_log

UPLOAD_TIMEOUT = timedelta(days=1)
"""A file without a row that is older doesn't belong to an upload that is going on."""
ORPHAN_RETENTION = timedelta(days=30)
"""How long a file without a row is set aside: the wrong database may be in use."""
BATCH_SIZE = 200


class Files:
    """The files of one installation. `quota_bytes`: how much one member or person may store."""

    def __init__(self, database: Database, folder: FileFolder, quota_bytes: int) -> None:
        self._database = database
        self._folder = folder
        self._quota_bytes = quota_bytes

    def store(
        self,
        content: bytes,
        kind: FileType,
        name: str,
        *,
        owner: Owner,
        purpose: FilePurpose,
        now: datetime,
        instead_of: Collection[int] = (),
    ) -> int:
        """Store a checked file; return its ID. It is deleted after a day unless it is attached.

        `instead_of`: files that don't count because they are about to be removed.
        Raises FileRefused if the owner's quota is used up, FileStorageError, StoreError.
        """
        digest = hashlib.sha256(content).hexdigest()
        title, disk_name = safe_name(name, kind), new_name()
        new = NewFile(owner, purpose.key, title, kind, len(content), digest, disk_name)
        with self._database.transaction() as session:
            file_id = rows.reserve(session, new, self._quota_bytes, now, instead_of)
        try:
            self._folder.write(disk_name, content)
        except FileStorageError:
            with self._database.transaction() as session:
                rows.remove(session, [file_id])
            raise
        with self._database.transaction() as session:
            stored = rows.mark_stored(session, file_id)
            after: dict[str, object] = {"file": file_id, "purpose": purpose.key, "name": title}
            if stored:
                audit_log.write(
                    session, owner.audit_actor, "file-stored", owner.member_id, {}, after, now,
                    person_id=owner.columns["person_id"], needs=purpose.content_right,
                )  # fmt: skip
        if not stored:
            self._folder.delete(disk_name)
            raise FileStorageError("the file was deleted while it was stored.")
        return file_id

    def read(self, file: FileData) -> bytes:
        """The content of a file. Raises FileStorageError if it is missing or was changed."""
        content = self._folder.read(file.disk_name)
        if content is None:
            raise FileStorageError("the file is missing.", where=f"file {file.id}", todo=REPAIR)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise FileStorageError("the file is damaged.", where=f"file {file.id}", todo=REPAIR)
        return content

    def delete_due(self, now: datetime) -> int:
        """Delete expired, removed and erased files from the disk; return how many."""
        with self._database.transaction() as session:
            rows.remove_expired(session, now)
        count = 0
        while batch := self._deleted_files():
            for _, disk_name in batch:
                self._folder.delete(disk_name)
            with self._database.transaction() as session:
                rows.forget(session, [file_id for file_id, _ in batch])
            count += len(batch)
        return count

    def _deleted_files(self) -> list[tuple[int, str]]:
        with self._database.reading() as session:
            return rows.deleted_files(session, BATCH_SIZE)

    def orphans(self) -> list[FoundFile]:
        """Files without a row, also those that were set aside."""
        return [each for each, known in self._found_files() if not known]

    def sweep(self, now: datetime) -> int:
        """Set files without a row aside, and delete those that were for 30 days; return how many.

        A file that has a row again, because another backup was restored, is taken back.
        """
        deleted = 0
        for each, known in self._found_files():
            if known and each.set_aside:
                self._folder.take_back(each.name)
            elif not known and each.set_aside and each.at < now - ORPHAN_RETENTION:
                self._folder.delete(each.name)
                deleted += 1
            elif not known and not each.set_aside and each.at < now - UPLOAD_TIMEOUT:
                self._folder.set_aside(each.name, now)
        return deleted

    def _found_files(self) -> Iterator[tuple[FoundFile, bool]]:
        """Every file on the disk, and whether it has a row."""
        found = list(self._folder.all_files())
        for start in range(0, len(found), BATCH_SIZE):
            batch = found[start : start + BATCH_SIZE]
            with self._database.reading() as session:
                known = rows.known_names(session, [each.name for each in batch])
            yield from ((each, each.name in known) for each in batch)


def open_files(config: Config, database: Database) -> Files:
    """The files of the installation with this configuration."""
    settings = config.files
    return Files(database, FileFolder(config.path(settings.folder)), settings.quota * 1024**2)


REPAIR = "Restore it from a backup. See `stewardpath files check`."
