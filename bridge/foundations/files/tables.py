"""The table of uploaded files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.store.personal_tables import PersonalTable, Subject
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

WRITING, STORED, DELETED = "writing", "stored", "deleted"


class StoredFile(Base):
    """A file in the folder of files, called `disk_name` there.

    `state`: writing (its row exists before it), stored, deleted (it exists no longer than its
    row). `purpose` decides who may read it; `subject` is what it belongs to, '' until then.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index(None, "state", "keep_until"),
        Index(None, "purpose", "subject"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
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
    "state": DELETED, "member_id": None, "subject": "", "name": "", "sha256": "",
    "keep_until": None,
}  # fmt: skip
"""The values of a row that only says which file to delete."""


def erase(session: Session, subject: Subject) -> None:
    """Clear the member's rows. The job `files` then deletes the files, and the rows after them."""
    rows = update(StoredFile).where(StoredFile.member_id == subject.member_id)
    session.execute(rows.values(CLEARED))


PERSONAL_TABLES = (
    PersonalTable(
        StoredFile,
        export=lambda subject: StoredFile.member_id == subject.member_id,
        erase=erase,
        hidden=frozenset({"disk_name"}),
    ),
)
