"""The tables. Other rooms use the named queries beside this module, not the tables themselves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store import account_tables, quiz_tables, web_tables
from bridge.store.base import NO_REUSE, BigId, NameKey
from bridge.store.base import Base as Base

OTHERS = (account_tables, web_tables, quiz_tables)
"""Named here so that whoever knows these tables knows those of the pages and quizzes too."""

UNIDENTIFIED = text("number IS NULL AND moodle_user_id IS NULL")
OPEN = text("earned_at IS NULL")
MANY_ATTEMPTS = 5
"""Tries after which a delivery that is still retried is shown to a person."""
NEEDS_A_PERSON = text(
    f"reason IN ('never', 'configuration') OR (reason = 'later' AND attempts >= {MANY_ATTEMPTS})"
)


class Member(Base):
    """A person. `number` is the union's; `email_key` is the e-mail folded for comparing,
    `first_key` and `last_key` are the names folded for looking them up."""

    __tablename__ = "member"
    __table_args__ = (
        Index("uq_member_unidentified", "email_key", unique=True, sqlite_where=UNIDENTIFIED,
              postgresql_where=UNIDENTIFIED),
        Index(None, "region", "id"),
        Index(None, "created_at"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str | None] = mapped_column(String(100), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    first_key: Mapped[str] = mapped_column(NameKey, index=True, server_default=text("''"))
    last_key: Mapped[str] = mapped_column(NameKey, index=True, server_default=text("''"))
    region: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(40))
    role_since: Mapped[date | None]
    moodle_user_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Enrolment(Base):
    """A course somebody is to be in. `earned_at`: when they were seen to have its milestone;
    lists of who waits look at the others alone."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("member_id", "curriculum", "milestone"),
        Index("ix_enrolment_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_enrolment_open_step", "curriculum", "milestone", "id", sqlite_where=OPEN,
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


class Delivery(Base):
    """One effect owed. `state`: owed, done, failed; `reason`: '', later, never, configuration."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("member_id", "kind", "target"),
        Index(None, "state", "kind", "next_try"),
        Index("ix_delivery_needs_a_person", "id", sqlite_where=NEEDS_A_PERSON,
              postgresql_where=NEEDS_A_PERSON),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, object]]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    next_try: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    last_error: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Cursor(Base):
    """How far a change feed has been read; `missing`: ids not seen yet, with when first missed."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
    feed: Mapped[str] = mapped_column(String(100))
    missing: Mapped[list[tuple[int, str]]]
    updated_at: Mapped[datetime]


class Run(Base):
    __tablename__ = "run"
    __table_args__ = (Index(None, "kind", "started_at"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    ok: Mapped[bool | None]
    detail: Mapped[dict[str, object]]


class Lock(Base):
    __tablename__ = "lock"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    owner: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime]


class Audit(Base):
    """Who did what. `member_id` is no foreign key: the number outlives the person's record."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "action", "id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    before: Mapped[dict[str, object]]
    after: Mapped[dict[str, object]]


class WebhookDelivery(Base):
    """Signatures accepted lately: the same request is not accepted again."""

    __tablename__ = "webhook_delivery"

    signature: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Tally(Base):
    """Awards of people who have been forgotten, counted and nothing else."""

    __tablename__ = "tally"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    milestone: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int]


class CourseModule(Base):
    """Where Moodle keeps an activity: a copy, made anew whenever the site is read."""

    __tablename__ = "course_module"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    activity: Mapped[str] = mapped_column(String(100), primary_key=True)
    cmid: Mapped[int] = mapped_column(BigInteger)


class KeptFigures(Base):
    """How many there are of what, as `bridge.store.figures` counted them; no personal data.

    `seconds`: how long the counting took.
    """

    __tablename__ = "figures"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    counted_at: Mapped[datetime]
    seconds: Mapped[float] = mapped_column(Double)
    counts: Mapped[dict[str, object]]
