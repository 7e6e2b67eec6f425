"""What programs sign in with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.auth import ApiToken
from bridge.store.token_hashing import hash_token

SCOPES = ("members:write", "members:read", "awards:read", "curricula:read", "status:read")
"""What a token may be allowed to do."""


def add(
    session: Session, token: str, name: str, scopes: Collection[str], actor: str, now: datetime
) -> int:
    """Let whoever carries `token` do what `scopes` say; returns its id."""
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
    """The token that is carried, if it holds; one query."""
    query = select(ApiToken).where(
        ApiToken.token == hash_token(token), ApiToken.revoked_at.is_(None)
    )
    return session.scalars(query).first()


def every_token(session: Session) -> Sequence[ApiToken]:
    """All of them, also the revoked ones, oldest first."""
    return session.scalars(select(ApiToken).order_by(ApiToken.id)).all()


def used(session: Session, token: int, now: datetime) -> None:
    """Remember when it was last used."""
    session.execute(update(ApiToken).where(ApiToken.id == token).values(used_at=now))


def revoke(session: Session, token: int, now: datetime) -> bool:
    """It holds no longer; False if it is not there or was revoked before."""
    mine = update(ApiToken).where(ApiToken.id == token, ApiToken.revoked_at.is_(None))
    return session.scalars(mine.values(revoked_at=now).returning(ApiToken.id)).first() is not None
