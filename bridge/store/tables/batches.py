"""Changes of several members that were made together, so that they can be undone together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class MemberBatch(Base):
    """`kind`: see `bridge.store.members.batches`. `details`: what was asked for, without people.

    `key`: of the form that made it, so that sending it twice makes it once.
    """

    __tablename__ = "member_batch"
    __table_args__ = (NO_REUSE,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, object]]
    recorded_by: Mapped[str] = mapped_column(String(254))
    recorded_at: Mapped[datetime]
    undone_by: Mapped[str] = mapped_column(String(254))
    undone_at: Mapped[datetime | None]


class MemberBatchLine(Base):
    """One thing that a batch changed: a role (`row_id`), or the member's own row (None).

    `before` and `after`: the values, as JSON; {} if there was or is nothing. `undone`: the batch
    was undone, and so was this.
    """

    __tablename__ = "member_batch_line"
    __table_args__ = (Index(None, "batch_id"), Index(None, "member_id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("member_batch.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, object]]
    after: Mapped[dict[str, object]]
    undone: Mapped[bool]
