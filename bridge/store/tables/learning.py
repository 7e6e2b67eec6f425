"""Enrolments, completions, credits, awards and refresh requests."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables import accounts, auth, statistics
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

OTHER_TABLES = (accounts, auth, statistics)
"""Imported so that loading these tables also loads the tables of pages and quizzes."""

OPEN = text("earned_at IS NULL")
CURRENT = text("withdrawn_at IS NULL")
IN_A_BATCH = text("batch_id IS NOT NULL")


class Enrolment(Base):
    """A course that a member is to take. `earned_at`: when they earned its milestone.

    Lists of waiting members only read rows without `earned_at`.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("member_id", "curriculum", "milestone"),
        Index("ix_enrolment_open", "wanted_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_enrolment_open_milestone", "curriculum", "milestone", "wanted_at", "id",
              sqlite_where=OPEN, postgresql_where=OPEN),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    curriculum: Mapped[str] = mapped_column(String(100))
    milestone: Mapped[str] = mapped_column(String(100))
    wanted_at: Mapped[datetime]
    enrolled_at: Mapped[datetime | None]
    earned_at: Mapped[datetime | None]


class Completion(Base):
    """The latest known state of one activity for one member; `grade` in percent.

    `change_id` is the ID in Moodle's change feed, or 0 if reconciliation found it.
    """

    __tablename__ = "completion"
    __table_args__ = (Index(None, "curriculum", "activity", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    activity: Mapped[str] = mapped_column(String(100), primary_key=True)
    done: Mapped[bool]
    grade: Mapped[float | None] = mapped_column(Double)
    at: Mapped[datetime]
    change_id: Mapped[int] = mapped_column(BigInteger)


class Credit(Base):
    """A fact that counts towards a milestone and does not come from Moodle, such as a sign-off.

    Rows are only added; a withdrawal sets the last three columns once. `curriculum` is '' for
    sign-offs of earlier releases, which count in every curriculum. `evidence`: what the source
    knows about it, such as who signed it off. `batch_id`: the `SignoffBatch` it was recorded with.
    """

    __tablename__ = "credit"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index(None, "member_id", "kind"),
        Index(None, "batch_id", sqlite_where=IN_A_BATCH, postgresql_where=IN_A_BATCH),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    curriculum: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(100))
    occurred_on: Mapped[date]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[dict[str, object]]
    recorded_by: Mapped[str] = mapped_column(String(254))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(254))
    withdrawn_reason: Mapped[str] = mapped_column(Text)
    batch_id: Mapped[int | None] = mapped_column(BigInteger)


class Award(Base):
    """A milestone earned. A person can withdraw it once; nothing withdraws it automatically.

    `reopened_at`: since when the milestone can be earned again after the withdrawal.
    """

    __tablename__ = "award"
    __table_args__ = (
        Index("uq_award_current", "member_id", "curriculum", "milestone", unique=True,
              sqlite_where=CURRENT, postgresql_where=CURRENT),
        Index(None, "member_id"),
        Index(None, "curriculum", "milestone", "member_id"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    curriculum: Mapped[str] = mapped_column(String(100))
    milestone: Mapped[str] = mapped_column(String(100))
    revision: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, object]]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(254), server_default=text("''"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    reopened_at: Mapped[datetime | None]


class ErasedAwardCount(Base):
    """How many erased members had earned each milestone."""

    __tablename__ = "erased_award_count"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    milestone: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int]


class Reminder(Base):
    """A reminder that was queued for a member who works on a milestone. Rows are only added.

    `sent_by`: an address, a user of the command line, or AUTOMATIC of the workflow that sends them.
    """

    __tablename__ = "reminder"
    __table_args__ = (Index(None, "member_id", "sent_at"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    curriculum: Mapped[str] = mapped_column(String(100))
    milestone: Mapped[str] = mapped_column(String(100))
    sent_at: Mapped[datetime]
    sent_by: Mapped[str] = mapped_column(String(254))


class RefreshRequest(Base):
    """A member's latest request to read their results from Moodle now.

    `outcome` is '' until the results have been read.
    """

    __tablename__ = "refresh_request"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    asked_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20))
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
