"""Deliveries to Moodle and the outbox of emails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

MANY_ATTEMPTS = 5
"""After this many attempts, a delivery that is still retried needs attention."""

NEEDS_ATTENTION = text(
    f"reason IN ('never', 'configuration') OR (reason = 'later' AND attempts >= {MANY_ATTEMPTS})"
)


class Delivery(Base):
    """One change to make in Moodle, or email to send, for a member.

    `state`: owed, done, failed. `reason`: '', later, never, configuration.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("member_id", "kind", "target"),
        Index(None, "state", "kind", "next_try"),
        Index("ix_delivery_needs_attention", "id", sqlite_where=NEEDS_ATTENTION,
              postgresql_where=NEEDS_ATTENTION),
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


class OutboxEmail(Base):
    """An email to send. States and reasons as in `delivery`, and `late`: expired before sending.

    `payload` is emptied once the email is sent or expired. `member_id` is set if the address
    alone doesn't show which member the email belongs to.
    """

    __tablename__ = "outbox_email"
    __table_args__ = (Index(None, "state", "next_try"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(10))
    payload: Mapped[dict[str, object]]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    next_try: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    last_error: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
