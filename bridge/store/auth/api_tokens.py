"""API tokens: the credentials of programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.auth import ApiToken
from bridge.store.token_hashing import hash_token

SCOPES = ("members:write", "members:read", "awards:read", "curricula:read", "status:read")
"""Permissions that a token may have."""


def add_token(
    session: Session, token: str, name: str, scopes: Collection[str], actor: str, now: datetime
) -> int:
    """Store a token with its scopes; return its ID."""
    row = ApiToken(
        name=name,
        token=hash_token(token),
        scopes=sorted(scopes),
        created_by=actor,
        created_at=now,
        used_at=None,
        revoked_at=None,
    )
    session.add(row)
    session.flush()
    return row.id


def find_token(session: Session, token: str) -> ApiToken | None:
    """Return the token if it exists and isn't revoked. One query."""
    query = select(ApiToken).where(
        ApiToken.token == hash_token(token), ApiToken.revoked_at.is_(None)
    )
    return session.scalars(query).first()


def list_tokens(session: Session) -> Sequence[ApiToken]:
    """Return all tokens, including revoked ones, oldest first."""
    return session.scalars(select(ApiToken).order_by(ApiToken.id)).all()


def record_use(session: Session, token: int, now: datetime) -> None:
    """Record when the token was last used."""
    session.execute(update(ApiToken).where(ApiToken.id == token).values(used_at=now))


def revoke(session: Session, token: int, now: datetime) -> bool:
    """Revoke a token; return False if it doesn't exist or is already revoked."""
    active = update(ApiToken).where(ApiToken.id == token, ApiToken.revoked_at.is_(None))
    revoked = active.values(revoked_at=now).returning(ApiToken.id)
    return session.scalars(revoked).first() is not None
