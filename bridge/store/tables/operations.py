"""Cursors, runs, locks, the audit log and accepted webhook requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class Cursor(Base):
    """How far a change feed has been read. `missing`: skipped IDs, with when they were missed."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
    feed: Mapped[str] = mapped_column(String(100))
    missing: Mapped[list[tuple[int, str]]]
    updated_at: Mapped[datetime]


class Run(Base):
    """One run of a job. `ok` is None while it runs."""

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
    """A named lock. Anyone may take it once `expires_at` has passed."""

    __tablename__ = "lock"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    owner: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what. `member_id` and `person_id` are no foreign keys: the entry outlives them.

    `needs`: the right that its content needs; '' if every reader of the log may see it.
    """

    __tablename__ = "audit"
    __table_args__ = (Index(None, "action", "id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    person_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    before: Mapped[dict[str, object]]
    after: Mapped[dict[str, object]]
    needs: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))


class WebhookRequest(Base):
    """The signature of an accepted webhook request, so that it isn't accepted twice."""

    __tablename__ = "webhook_request"

    signature: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
