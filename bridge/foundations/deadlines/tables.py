"""The table of deadlines and reminders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.personal_tables import of_member
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

PENDING, DONE, DROPPED, CANCELLED = "pending", "done", "dropped", "cancelled"
FOR_NOBODY = text("member_id IS NULL")
FOR_MEMBER = text("member_id IS NOT NULL")


class Deadline(Base):
    """A deadline or reminder: of a kind, about a subject, for a member or for nobody.

    `local_time` is what the clocks in `zone` show. The moment is computed from it each time,
    because governments change the rules of time zones. `state`: pending, done, dropped (a
    reminder that was late), cancelled. A row is never deleted while its member exists: it keeps
    the same deadline from running twice.
    """

    __tablename__ = "due"
    __table_args__ = (
        Index("uq_due_member", "kind", "subject", "member_id", unique=True,
              sqlite_where=FOR_MEMBER, postgresql_where=FOR_MEMBER),
        Index("uq_due_nobody", "kind", "subject", unique=True,
              sqlite_where=FOR_NOBODY, postgresql_where=FOR_NOBODY),
        Index(None, "state", "zone", "local_time"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    local_time: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    zone: Mapped[str] = mapped_column(String(64))
    skip_holidays: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    late_seconds: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int]
    next_try: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    last_error: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


PERSONAL_TABLES = (of_member(Deadline),)
