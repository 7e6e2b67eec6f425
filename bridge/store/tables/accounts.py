"""The table of questions about Moodle accounts: is this account this member's?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, Base, BigId

UNANSWERED = text("answer = ''")


class AccountQuestion(Base):
    """Whether a Moodle account is a member's. `answer`: '' (open), same or different.

    `account_email` and `account_number` are what the account says, for a person to compare;
    they may be a stranger's and are emptied by the answer. `moved_from`: the member record that
    lost the account to this one; no foreign key, because that record is then erased.
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
