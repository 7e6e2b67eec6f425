"""The tables behind the pages. Tokens are kept as SHA-256 alone: see `bridge.store.tokens`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.base import NO_REUSE, Base, BigId


class WebSession(Base):
    """Somebody signed in. `email` is the address that was proven, as it is compared."""

    __tablename__ = "web_session"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Signin(Base):
    """A one-time link. `nonce` is what the browser that asked has in a cookie."""

    __tablename__ = "signin"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254), index=True)
    next_page: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class OutgoingLetter(Base):
    """A mail a page owes. States and reasons are those of `delivery`, and the reason `late`: its
    end came before it was sent. `payload` is emptied when it has been sent, or came too late.
    `member_id`: whose it is, where its address alone does not say so."""

    __tablename__ = "letter"
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


class ContactRequest(Base):
    """Somebody asks to be contacted by a steward of their region."""

    __tablename__ = "contact_request"
    __table_args__ = (Index(None, "region", "handled_at", "id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(40))
    region: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str] = mapped_column(String(254))


class JoinRequest(Base):
    """A sign-up whose e-mail waits to be confirmed; consent was given at `created_at`."""

    __tablename__ = "join_request"
    __table_args__ = (NO_REUSE,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(100))
    region: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    consent: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]


class ApiToken(Base):
    """What a program signs in with. It may do what `scopes` say until it is revoked."""

    __tablename__ = "api_token"
    __table_args__ = (NO_REUSE,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class CurriculumVersion(Base):
    """A file of a curriculum as somebody saved it, whole; `file` is relative to its folder."""

    __tablename__ = "curriculum_version"
    __table_args__ = (Index(None, "curriculum", "file", "id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(100))
    file: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(200))
    who: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]


class Recheck(Base):
    """A member wants their results read from Moodle now; the newest wish of each.

    `outcome` is '' until the reading that answers it has ended.
    """

    __tablename__ = "recheck"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    asked_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20))
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
