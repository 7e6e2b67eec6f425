"""Questions to people: whose is a Moodle account or a number, and was a difference meant?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, Base, BigId

UNANSWERED = text("answer = ''")


class AccountQuestion(Base):
    """Does a Moodle account belong to a member? `answer`: '' (open), same or different.

    `account_email` and `account_number` come from the account, for a person to compare. They may
    be someone else's, so an answer clears them. `moved_from`: the member record that lost the
    account to this one. It's no foreign key because that record may be erased later.
    """

    __tablename__ = "account_question"
    __table_args__ = (
        UniqueConstraint("member_id", "moodle_user_id"),
        Index("ix_account_question_open", "id", sqlite_where=UNANSWERED,
              postgresql_where=UNANSWERED),
        Index(None, "moodle_user_id"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    moodle_user_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    account_email: Mapped[str] = mapped_column(String(254))
    account_number: Mapped[str] = mapped_column(String(255))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(10))
    answered_by: Mapped[str] = mapped_column(String(254))
    answered_at: Mapped[datetime | None]
    moved_from: Mapped[int | None] = mapped_column(BigInteger)


class NumberQuestion(Base):
    """Is a record with this number about a member? `answer`: '' (open), same, replace or different.

    Once it is answered with same or replace, the number means the member, whatever their own
    number is. `email`, `first_name` and `last_name` come from the record, for a person to compare.
    They may be someone else's, so an answer clears them.
    """

    __tablename__ = "number_question"
    __table_args__ = (
        UniqueConstraint("member_id", "number"),
        Index("ix_number_question_open", "id", sqlite_where=UNANSWERED,
              postgresql_where=UNANSWERED),
        Index(None, "number"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    number: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(String(254))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(10))
    answered_by: Mapped[str] = mapped_column(String(254))
    answered_at: Mapped[datetime | None]


class MoodleDifference(Base):
    """Something in Moodle differs from a delivery that is done, and someone may have meant it.

    `what`: see `bridge.delivery_check`. `answer`: '' (open), again (carry it out again) or leave.
    `delivery_id` is no foreign key: deliveries of withdrawn awards are removed.
    """

    __tablename__ = "moodle_difference"
    __table_args__ = (
        UniqueConstraint("delivery_id"),
        Index(None, "member_id"),
        Index("ix_moodle_difference_open", "id", sqlite_where=UNANSWERED,
              postgresql_where=UNANSWERED),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    delivery_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(20))
    found_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(10))
    answered_by: Mapped[str] = mapped_column(String(254))
    answered_at: Mapped[datetime | None]
