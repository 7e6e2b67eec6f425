"""One-time links that sign somebody in: 15 minutes, one use, one browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bridge.store.matching import email_key
from bridge.store.tokens import hashed
from bridge.store.web_tables import Signin

VALID = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Whom a link signs in, and where they wanted to go ('' if nowhere)."""

    email: str
    next_page: str


def ask(
    session: Session, token: str, nonce: str, email: str, next_page: str, now: datetime
) -> None:
    """Keep a link that holds for the browser with `nonce`."""
    row = Signin(
        token=hashed(token),
        nonce=hashed(nonce),
        email=email_key(email),
        next_page=next_page,
        created_at=now,
        expires_at=now + VALID,
        used_at=None,
    )
    session.add(row)


def is_valid(session: Session, token: str, nonce: str, now: datetime) -> bool:
    """Whether `redeem` would succeed."""
    return session.scalar(select(Signin.token).where(*_holds(token, nonce, now))) is not None


def redeem(session: Session, token: str, nonce: str, now: datetime) -> Redeemed | None:
    """Use the link up; None if it never was, is used, is too old or another browser's."""
    used = (
        update(Signin)
        .where(*_holds(token, nonce, now))
        .values(used_at=now)
        .returning(Signin.email, Signin.next_page)
    )
    row = session.execute(used).first()
    return Redeemed(row.email, row.next_page) if row else None


def asked_lately(session: Session, email: str, since: datetime) -> int:
    """How many links were asked for that address since then."""
    query = select(func.count()).select_from(Signin)
    mine = (Signin.email == email_key(email), Signin.created_at > since)
    return session.scalar(query.where(*mine)) or 0


def prune(session: Session, before: datetime) -> None:
    """Drop links that stopped to hold before that time."""
    session.execute(delete(Signin).where(Signin.expires_at < before))


def _holds(token: str, nonce: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Signin.token == hashed(token),
        Signin.nonce == hashed(nonce),
        Signin.expires_at > now,
        Signin.used_at.is_(None),
    )
