"""The rows of uploaded files. Each exists before its file and until after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bridge.foundations.files.file_types import FileRefused
from bridge.foundations.files.tables import CLEARED, DELETED, STORED, WRITING, StoredFile
from bridge.foundations.owners import Owner, lock, rows_of
from bridge.messages import Message

UNATTACHED_RETENTION = timedelta(days=1)
"""How long a file is kept that doesn't belong to anything yet."""
WRITING_TIMEOUT = timedelta(hours=1)
"""A file that isn't written by then never will be: its process was killed."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to store: a checked one, with a safe name."""

    owner: Owner
    purpose: str
    name: str
    type: str
    size: int
    sha256: str
    disk_name: str


@dataclass(frozen=True, slots=True)
class FileData:
    """A stored file, of a member or of a person."""

    id: int
    member_id: int | None
    person_id: int | None
    purpose: str
    subject: str
    name: str
    type: str
    size: int
    sha256: str
    disk_name: str
    keep_until: datetime | None


COLUMNS = tuple(getattr(StoredFile, name) for name in FileData.__dataclass_fields__)


def reserve(
    session: Session,
    file: NewFile,
    quota_bytes: int,
    now: datetime,
    instead_of: Collection[int] = (),
) -> int:
    """Add the row of a file that is about to be written; return its ID.

    `instead_of`: files that are about to be removed, and don't count. The row of the owner is
    locked, so that concurrent uploads can't exceed the quota. Raises FileRefused if this file
    would, MemberError or PersonError if there is no such owner.
    """
    lock(session, file.owner)
    if used_bytes(session, file.owner, instead_of) + file.size > quota_bytes:
        raise FileRefused(
            Message(
                "Your files would take more than %(limit)s MB together.",
                limit=quota_bytes // 1024**2,
            ),
            Message(
                "Remove one that you no longer need from a form, or choose a smaller one. "
                "Files of forms that you have withdrawn count until they are deleted."
            ),
        )
    names = [name for name in NewFile.__dataclass_fields__ if name != "owner"]
    fields = {name: getattr(file, name) for name in names}
    until = now + UNATTACHED_RETENTION
    row = StoredFile(
        **file.owner.columns, **fields, subject="", state=WRITING, keep_until=until, created_at=now
    )
    session.add(row)
    session.flush()
    return row.id


def used_bytes(session: Session, owner: Owner, without: Collection[int] = ()) -> int:
    """How much space the owner's files take, without some of them."""
    total = select(func.coalesce(func.sum(StoredFile.size), 0))
    mine = total.where(rows_of(StoredFile, owner))
    if without:
        mine = mine.where(StoredFile.id.not_in(without))
    return int(session.scalar(mine) or 0)


def mark_stored(session: Session, file_id: int) -> bool:
    """Record that the file is written. False if its row was cleared meanwhile."""
    written = update(StoredFile).where(StoredFile.id == file_id, StoredFile.state == WRITING)
    return session.scalar(written.values(state=STORED).returning(StoredFile.id)) is not None


def attach(
    session: Session,
    file_id: int,
    owner: Owner,
    purpose: str,
    subject: str,
    keep_until: datetime | None,
    now: datetime,
    new_owner: Owner | None = None,
) -> bool:
    """Attach a file to what it belongs to, such as `application:12`, and set how long to keep it.

    `keep_until`: None keeps it until its owner is erased or the file removed. Returns False if
    there is no such file of this owner and purpose. It can be called again, to change both.
    `new_owner`: whose it is from now on; None doesn't change that.
    """
    mine = (rows_of(StoredFile, owner), StoredFile.purpose == purpose)
    row = update(StoredFile).where(StoredFile.id == file_id, *mine, _is_readable(now))
    changed = row.values(
        subject=subject, keep_until=keep_until, **(new_owner.columns if new_owner else {})
    )
    return session.scalar(changed.returning(StoredFile.id)) is not None


def find_file(session: Session, file_id: int, now: datetime) -> FileData | None:
    """Return a stored file that hasn't expired."""
    row = session.execute(
        select(*COLUMNS).where(StoredFile.id == file_id, _is_readable(now))
    ).first()
    return FileData(**row._mapping) if row else None


def remove(session: Session, file_ids: Collection[int]) -> None:
    """Delete files. No one can read them any more; the job `files` deletes them from the disk."""
    _clear(session, StoredFile.id.in_(file_ids))


def remove_expired(session: Session, now: datetime) -> None:
    """Remove the files whose time has come, and those that were never completely written."""
    unfinished = and_(StoredFile.state == WRITING, StoredFile.created_at < now - WRITING_TIMEOUT)
    _clear(session, or_(unfinished, and_(StoredFile.state == STORED, _is_expired(now))))


def _clear(session: Session, condition: ColumnElement[bool]) -> None:
    """Leave nothing in the rows but what is needed to delete the files."""
    session.execute(update(StoredFile).where(condition).values(CLEARED))


def deleted_files(session: Session, limit: int) -> list[tuple[int, str]]:
    """ID and name on the disk of files to delete there."""
    deleted = select(StoredFile.id, StoredFile.disk_name).where(StoredFile.state == DELETED)
    rows = session.execute(deleted.order_by(StoredFile.id).limit(limit))
    return [(row.id, row.disk_name) for row in rows]


def forget(session: Session, file_ids: Collection[int]) -> None:
    """Delete the rows of deleted files."""
    rows = delete(StoredFile).where(StoredFile.id.in_(file_ids), StoredFile.state == DELETED)
    session.execute(rows)


def known_names(session: Session, disk_names: Iterable[str]) -> set[str]:
    """Which of these names have a row, in any state."""
    names = select(StoredFile.disk_name).where(StoredFile.disk_name.in_(disk_names))
    return set(session.scalars(names))


def stored_files(session: Session, after: int, limit: int) -> list[FileData]:
    """Stored files with a higher ID than `after`, in order."""
    stored = select(*COLUMNS).where(StoredFile.state == STORED, StoredFile.id > after)
    rows = session.execute(stored.order_by(StoredFile.id).limit(limit))
    return [FileData(**row._mapping) for row in rows]


def _is_expired(now: datetime) -> ColumnElement[bool]:
    return and_(StoredFile.keep_until.is_not(None), StoredFile.keep_until <= now)


def _is_readable(now: datetime) -> ColumnElement[bool]:
    kept = or_(StoredFile.keep_until.is_(None), StoredFile.keep_until > now)
    return and_(StoredFile.state == STORED, kept)
