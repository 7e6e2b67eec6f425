"""The tables. Other rooms use the named queries beside this module, not the tables themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables import accounts, auth, statistics
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

OTHERS = (accounts, auth, statistics)
"""Named here so that whoever knows these tables knows those of the pages and quizzes too."""

OPEN = text("earned_at IS NULL")


class Enrolment(Base):
    """A course somebody is to be in. `earned_at`: when they were seen to have its milestone;
    lists of who waits look at the others alone."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("member_id", "curriculum", "milestone"),
        Index("ix_enrolment_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_enrolment_open_milestone", "curriculum", "milestone", "id", sqlite_where=OPEN,
              postgresql_where=OPEN),
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
    """The newest known state of one activity for one member; `grade` in per cent.

    `change_id` is the id in Moodle's change feed, 0 if it was found by reconciling.
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


class Signoff(Base):
    __tablename__ = "signoff"
    __table_args__ = (UniqueConstraint("member_id", "requirement"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    requirement: Mapped[str] = mapped_column(String(100))
    by_name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Award(Base):
    """A milestone earned. Never updated, never taken back."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("member_id", "curriculum", "milestone"),
        Index(None, "curriculum", "milestone", "member_id"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    curriculum: Mapped[str] = mapped_column(String(100))
    milestone: Mapped[str] = mapped_column(String(100))
    revision: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, object]]
    at: Mapped[datetime]


class ErasedAwardCount(Base):
    """Awards of people who have been forgotten, counted and nothing else."""

    __tablename__ = "erased_award_count"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    milestone: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int]


class RefreshRequest(Base):
    """A member wants their results read from Moodle now; the newest wish of each.

    `outcome` is '' until the reading that answers it has ended.
    """

    __tablename__ = "refresh_request"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    asked_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20))
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
