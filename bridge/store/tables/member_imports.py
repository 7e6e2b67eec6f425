"""Member files that were uploaded to be looked at, and what recording them changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class MemberImport(Base):
    """An uploaded file. Its rows, `heading` and `notes` are deleted an hour later; this stays, with
    the counts.

    `key`: of the form, the person and the content, so that sending it twice stores it once; of an
    undone import, only its ID. `heading`: the names of the columns. `counts`: rows by state, and by
    result. `notes`: what was said about the file.
    """

    __tablename__ = "member_import"
    __table_args__ = (Index(None, "sent_at"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    heading: Mapped[list[str]]
    notes: Mapped[dict[str, object]]
    counts: Mapped[dict[str, object]]
    sent_by: Mapped[str] = mapped_column(String(254))
    sent_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(254))
    recorded_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(254))
    undone_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(1000))
    rows_deleted_at: Mapped[datetime | None]


class MemberImportRow(Base):
    """A row of an uploaded file. `line`: where it begins, from 1. `cells`: as in the file.

    `state`: new, changed, unchanged, question, refused: what it would do when it was looked at.
    `record`: what it says; {} if it can't be read. `version`: of what it would change. `details`:
    the reason, and the values and roles before and after, as the page shows them. `result`: '',
    recorded, asked, skipped, undone, left. `undo`: the values and roles before and after, all of
    them. `member_id`: the member that it is about. `email_key`: the address in it, in lower case.
    """

    __tablename__ = "member_import_row"
    __table_args__ = (
        Index(None, "import_id", "id"),
        Index(None, "member_id"),
        Index(None, "email_key"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("member_import.id"))
    line: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    result: Mapped[str] = mapped_column(String(10))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    email_key: Mapped[str] = mapped_column(String(254))
    cells: Mapped[list[str]]
    record: Mapped[dict[str, object]]
    version: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, object]]
    undo: Mapped[dict[str, object]]
