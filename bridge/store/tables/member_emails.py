"""Emails that the committee writes to many members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class MemberEmail(Base):
    """An email to the members of a filtered list.

    `state`: draft, sending (recipients are still handed to the outbox), stopped, or sent (all
    were). `texts`: the subject and the text by language. `reply_to`: '' for that of the
    configuration. `filters`: of the list; without search words once it is sent. `previewed`: the
    IDs of the members who would have got it when someone looked last. `recipients`: how many it
    was sent to.
    """

    __tablename__ = "member_email"
    __table_args__ = (Index(None, "state"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    texts: Mapped[dict[str, object]]
    reply_to: Mapped[str] = mapped_column(String(254))
    filters: Mapped[dict[str, object]]
    previewed: Mapped[dict[str, object]]
    version: Mapped[int]
    recipients: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime]
    sent_by: Mapped[str] = mapped_column(String(254))
    sent_at: Mapped[datetime | None]


class MemberEmailRecipient(Base):
    """A member who gets an email: fixed when it is sent, so that each gets it once.

    `outbox_id`: of the email in the outbox; None while it isn't there. It is no foreign key,
    because the outbox forgets its rows first. `skipped`: why they don't get it after all:
    unsubscribed, left, or address (none that an email can be sent to).
    """

    __tablename__ = "member_email_recipient"
    __table_args__ = (
        Index(None, "member_email_id", "member_id", unique=True),
        Index(None, "member_id"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_email_id: Mapped[int] = mapped_column(ForeignKey("member_email.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    outbox_id: Mapped[int | None] = mapped_column(BigInteger)
    skipped: Mapped[str] = mapped_column(String(20))
