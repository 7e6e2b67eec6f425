"""Notes of the committee about members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class MemberNote(Base):
    """A note of the committee about a member. `author`: who wrote it, and may change it."""

    __tablename__ = "member_note"
    __table_args__ = (Index(None, "member_id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(254))
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
