"""Deliveries to Moodle and the outbox of emails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

MANY_ATTEMPTS = 5
"""After this many attempts, a delivery that is still retried needs attention."""
MAX_UNKNOWN_OUTCOMES = 2
"""An email that may have been sent so many times is not sent again unless a person decides so."""

NEEDS_ATTENTION = text(
    "reason IN ('never', 'configuration', 'unknown') OR "
    f"(reason = 'later' AND attempts >= {MANY_ATTEMPTS})"
)


HAS_KEY = text("person_id IS NOT NULL")
WITHOUT_AWARD = text("award_id IS NULL")
OF_AWARD = text("award_id IS NOT NULL")


class Delivery(Base):
    """One change to make in Moodle, or email to send, for a member. Unique by award, or by member.

    `state`: owed, done, failed. `reason`: '', later, never, configuration, unknown, companion
    (waits for the companion plugin). `unknown_outcomes`: how often an email may have been sent
    although no reply said so, counting the attempt that is being made. `object_id` and
    `account_id`: the Moodle object (such as the course) and the Moodle account that it was done
    to; None if it is not done, or was done by an earlier release.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("uq_delivery_without_award", "member_id", "kind", "target", unique=True,
              sqlite_where=WITHOUT_AWARD, postgresql_where=WITHOUT_AWARD),
        Index("uq_delivery_of_award", "award_id", "kind", "target", unique=True,
              sqlite_where=OF_AWARD, postgresql_where=OF_AWARD),
        Index(None, "member_id", "kind"),
        Index(None, "state", "kind", "next_try"),
        Index(None, "kind", "target"),
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
    unknown_outcomes: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    next_try: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    last_error: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    object_id: Mapped[int | None] = mapped_column(BigInteger)
    account_id: Mapped[int | None] = mapped_column(BigInteger)


class OutboxEmail(Base):
    """An email to send. States, reasons and `unknown_outcomes` as in `delivery`.

    Further reasons: `late` (failed: expired before sending), `superseded`, `unsubscribed` and
    `left` (done: not sent, and needn't be). `payload` and the attachment are emptied once the email
    is done or expired. `member_id` is set if the address alone doesn't show which member the email
    belongs to.

    An email with a key (`person_id`, `subject`, `revision`, `kind`) is queued once, and those of
    one person about one subject are sent in order. Other emails have no person and no subject.

    `needs`: a confidential right. Who doesn't have it sees neither the recipient nor the subject.
    """

    __tablename__ = "outbox_email"
    __table_args__ = (
        Index(None, "state", "next_try"),
        Index("uq_outbox_email_key", "person_id", "subject", "revision", "kind", unique=True,
              sqlite_where=HAS_KEY, postgresql_where=HAS_KEY),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(10))
    payload: Mapped[dict[str, object]]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    unknown_outcomes: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    next_try: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    last_error: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    subject: Mapped[str] = mapped_column(String(200), server_default=text("''"))
    revision: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    attachment_name: Mapped[str] = mapped_column(String(100), server_default=text("''"))
    attachment_type: Mapped[str] = mapped_column(String(100), server_default=text("''"))
    attachment: Mapped[bytes | None] = mapped_column(LargeBinary)
    needs: Mapped[str] = mapped_column(String(40), server_default=text("''"))
