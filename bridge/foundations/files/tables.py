"""The table of uploaded files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.foundations.owned_tables import owned_by
from bridge.foundations.owners import NO_TWO_OWNERS, Owned
from bridge.store.personal_tables import PersonalTable, Subject, move_rows
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

WRITING, STORED, DELETED = "writing", "stored", "deleted"


class StoredFile(Owned):
    """A file in the folder of files, called `disk_name` there.

    `state`: writing (its row exists before it), stored, deleted (it exists no longer than its
    row). `purpose` decides who may read it; `subject` is what it belongs to, '' until then.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index(None, "state", "keep_until"),
        Index(None, "purpose", "subject"),
        CheckConstraint(NO_TWO_OWNERS, name="ck_stored_file_owner"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    disk_name: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    keep_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


CLEARED = {
    "state": DELETED, "member_id": None, "person_id": None, "subject": "", "name": "", "sha256": "",
    "keep_until": None,
}  # fmt: skip
"""The values of a row that only says which file to delete."""


def erase(session: Session, subject: Subject) -> None:
    """Clear the subject's rows. The job `files` then deletes the files, and the rows after them."""
    session.execute(update(StoredFile).where(_rows(subject)).values(CLEARED))


_rows = owned_by(StoredFile)


PERSONAL_TABLES = (
    PersonalTable(
        StoredFile,
        export=_rows,
        erase=erase,
        hidden=frozenset({"disk_name"}),
        move=move_rows(StoredFile),
    ),
)
