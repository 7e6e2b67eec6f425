"""Sign-in links: they work once, for 15 minutes, in the browser that requested them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key
from bridge.store.tables.auth import SigninLink
from bridge.store.token_hashing import hash_token

LINK_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A used link: its email, and the page to open next ('' if none)."""

    email: str
    next_page: str


def add_link(
    session: Session, token: str, nonce: str, email: str, next_page: str, now: datetime,
    *, client: str = "",
) -> None:  # fmt: skip
    """Store a link for the browser that has `nonce` in a cookie. `client`: see `SigninLink`."""
    row = SigninLink(
        token=hash_token(token),
        nonce=hash_token(nonce),
        client=client,
        email=email_key(email),
        next_page=next_page,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
        used_at=None,
    )
    session.add(row)


def is_valid(session: Session, token: str, nonce: str, now: datetime) -> bool:
    """Return whether `redeem` would succeed."""
    return session.scalar(select(SigninLink.token).where(*_valid(token, nonce, now))) is not None


def redeem(session: Session, token: str, nonce: str, now: datetime) -> Redeemed | None:
    """Use the link; None if it is unknown, used, expired or another browser's."""
    used = (
        update(SigninLink)
        .where(*_valid(token, nonce, now))
        .values(used_at=now)
        .returning(SigninLink.email, SigninLink.next_page)
    )
    row = session.execute(used).first()
    return Redeemed(row.email, row.next_page) if row else None


def sent_since(session: Session, email: str, since: datetime) -> list[tuple[datetime, str]]:
    """When links for an address were requested since a time, and by which clients."""
    query = select(SigninLink.created_at, SigninLink.client)
    matching = (SigninLink.email == email_key(email), SigninLink.created_at > since)
    return [(row.created_at, row.client) for row in session.execute(query.where(*matching))]


def prune(session: Session, before: datetime) -> None:
    """Delete links that expired before a time."""
    session.execute(delete(SigninLink).where(SigninLink.expires_at < before))


def _valid(token: str, nonce: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SigninLink.token == hash_token(token),
        SigninLink.nonce == hash_token(nonce),
        SigninLink.expires_at > now,
        SigninLink.used_at.is_(None),
    )
