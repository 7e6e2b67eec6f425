"""Lists of sign-offs that were recorded together, and awards that a person must decide about."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

OPEN = text("decided_at IS NULL")


class SignoffBatch(Base):
    """Sign-offs of one requirement that were recorded together; `Credit.batch_id` names it.

    `key`: of the form that recorded it, so that sending it twice records it once. Who recorded it
    and who undid it is in its credits.
    """

    __tablename__ = "signoff_batch"
    __table_args__ = (NO_REUSE,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    curriculum: Mapped[str] = mapped_column(String(100))
    requirement: Mapped[str] = mapped_column(String(100))
    occurred_on: Mapped[date]
    recorded_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class AwardDecision(Base):
    """An award that lacks something since a correction. A person decides whether it stays.

    `about`: what was corrected, such as `signoff:basic-training`, `certificate:first-aid` or
    `role:steward`. `reason`: of the correction. `answer`: '', keep, withdraw, or settled (it lacks
    nothing any more). `note`: of the person who decided.
    """

    __tablename__ = "award_decision"
    __table_args__ = (
        Index("uq_award_decision_open", "award_id", unique=True,
              sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "member_id"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    about: Mapped[str] = mapped_column(String(130))
    reason: Mapped[str] = mapped_column(Text)
    raised_by: Mapped[str] = mapped_column(String(254))
    raised_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(254))
    decided_at: Mapped[datetime | None]
