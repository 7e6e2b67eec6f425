"""Questions about Moodle accounts: does this account belong to this member?"""

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
