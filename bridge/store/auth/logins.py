"""Logins: browsers that are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from bridge.access.roles import Role
from bridge.access.team import Grant
from bridge.store.members.matching import email_key
from bridge.store.tables.auth import Login, TeamRole
from bridge.store.tables.members import Member
from bridge.store.token_hashing import hash_token

IDLE_TIMEOUT = timedelta(hours=12)
MAX_LIFETIME = timedelta(days=7)
RETENTION = timedelta(minutes=5)
"""How often `seen_at` is updated: not every page view writes."""


@dataclass(frozen=True, slots=True)
class LoginData:
    """A valid login, with its member if it belongs to one, and the roles that it accepted."""

    email: str
    member_id: int | None
    name: str
    region: str
    language: str
    seen_at: datetime
    grants: frozenset[Grant] = frozenset()


def start(session: Session, token: str, email: str, member_id: int | None, now: datetime) -> None:
    """Start a login: it ends 12 hours after its last use, and after 7 days at the latest."""
    row = Login(
        token=hash_token(token),
        member_id=member_id,
        email=email_key(email),
        created_at=now,
        seen_at=now,
        expires_at=now + MAX_LIFETIME,
    )
    session.add(row)


def find_login(session: Session, token: str, now: datetime) -> LoginData | None:
    """Return the login of a token, None if it doesn't exist or has ended. One query.

    A member's login ends when their address changes, whatever changed it: it proved the old one.
    """
    query = (
        select(
            Login.email,
            Login.member_id,
            Login.seen_at,
            Member.first_name,
            Member.last_name,
            Member.region,
            Member.language,
            TeamRole.role,
            TeamRole.region.label("chaired"),
        )
        .outerjoin(Member, Member.id == Login.member_id)
        .outerjoin(TeamRole, and_(TeamRole.email == Login.email, TeamRole.accepted_at.is_not(None)))
        .where(
            Login.token == hash_token(token),
            Login.expires_at > now,
            Login.seen_at > now - IDLE_TIMEOUT,
            or_(Login.member_id.is_(None), Member.email_key == Login.email),
        )
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    row = rows[0]
    grants = frozenset(Grant(cast(Role, each.role), each.chaired) for each in rows if each.role)
    name = f"{row.first_name or ''} {row.last_name or ''}".strip() or row.email
    region, language = row.region or "", row.language or ""
    return LoginData(row.email, row.member_id, name, region, language, row.seen_at, grants)


def touch(session: Session, token: str, now: datetime) -> None:
    """Record that the login is in use."""
    session.execute(update(Login).where(Login.token == hash_token(token)).values(seen_at=now))


def end(session: Session, token: str) -> None:
    """End the login of a token."""
    session.execute(delete(Login).where(Login.token == hash_token(token)))


def end_all(session: Session, email: str) -> None:
    """End all logins of an email address."""
    session.execute(delete(Login).where(Login.email == email_key(email)))


def prune(session: Session, now: datetime) -> None:
    """Delete logins that have ended."""
    ended = (Login.expires_at <= now) | (Login.seen_at <= now - IDLE_TIMEOUT)
    session.execute(delete(Login).where(ended))
