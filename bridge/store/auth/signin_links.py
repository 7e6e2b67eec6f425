"""One-time links that sign somebody in: 15 minutes, one use, one browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key
from bridge.store.tables.auth import SigninLink
from bridge.store.token_hashing import hash_token

LINK_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Whom a link signs in, and where they wanted to go ('' if nowhere)."""

    email: str
    next_page: str


def add_link(
    session: Session, token: str, nonce: str, email: str, next_page: str, now: datetime
) -> None:
    """Keep a link that holds for the browser with `nonce`."""
    row = SigninLink(
        token=hash_token(token),
        nonce=hash_token(nonce),
        email=email_key(email),
        next_page=next_page,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
        used_at=None,
    )
    session.add(row)


def is_valid(session: Session, token: str, nonce: str, now: datetime) -> bool:
    """Whether `redeem` would succeed."""
    return session.scalar(select(SigninLink.token).where(*_holds(token, nonce, now))) is not None


def redeem(session: Session, token: str, nonce: str, now: datetime) -> Redeemed | None:
    """Use the link up; None if it never was, is used, is too old or another browser's."""
    used = (
        update(SigninLink)
        .where(*_holds(token, nonce, now))
        .values(used_at=now)
        .returning(SigninLink.email, SigninLink.next_page)
    )
    row = session.execute(used).first()
    return Redeemed(row.email, row.next_page) if row else None


def recent_count(session: Session, email: str, since: datetime) -> int:
    """How many links were asked for that address since then."""
    query = select(func.count()).select_from(SigninLink)
    mine = (SigninLink.email == email_key(email), SigninLink.created_at > since)
    return session.scalar(query.where(*mine)) or 0


def prune(session: Session, before: datetime) -> None:
    """Drop links that stopped to hold before that time."""
    session.execute(delete(SigninLink).where(SigninLink.expires_at < before))


def _holds(token: str, nonce: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SigninLink.token == hash_token(token),
        SigninLink.nonce == hash_token(nonce),
        SigninLink.expires_at > now,
        SigninLink.used_at.is_(None),
    )
