"""Logins, sign-in links and API tokens. Only the SHA-256 hash of a token is stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, Base, BigId


class Login(Base):
    """A signed-in browser. `email` is the confirmed address, in lower case."""

    __tablename__ = "login"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SigninLink(Base):
    """A one-time link. `nonce` is the cookie of the browser that requested it.

    `client`: the network of that browser, as a keyed hash, to count how many it requested.
    """

    __tablename__ = "signin_link"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    client: Mapped[str] = mapped_column(String(32), server_default=text("''"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    next_page: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class ApiToken(Base):
    """The credential of a program. It grants `scopes` until it is revoked."""

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


class TeamRole(Base):
    """A role given to an email address (in lower case), besides those in the configuration.

    `region`: the one that a chair is for. `given_by`, `confirmed_by`: who did, as in the audit
    log. `lineage`: who gave it, who gave them their place on the committee, and so on.
    `invited_at`: when the last invitation was sent; none is sent before a confidential role
    is confirmed. `accepted_at`: when they first signed in after it; before, it opens nothing.
    """

    __tablename__ = "team_role"
    __table_args__ = (UniqueConstraint("email", "role", "region"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(201))
    role: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(100))
    given_by: Mapped[str] = mapped_column(String(254))
    lineage: Mapped[list[str]]
    given_at: Mapped[datetime]
    confirmed_by: Mapped[str] = mapped_column(String(254))
    invited_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
