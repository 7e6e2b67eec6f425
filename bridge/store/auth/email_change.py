"""A new e-mail waits until whoever reads it says so: a link, 15 minutes, one use, one member.

They are rows among the sign-in links, and cannot be used as such: what is stored of them is made
with a slash, which no address of a sign-in page can hold.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bridge.store.auth import signin_links
from bridge.store.auth.signin_links import LINK_LIFETIME as LINK_LIFETIME
from bridge.store.tables.auth import SigninLink
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.token_hashing import hash_token

EMAIL_KIND = "new-address"


def request(session: Session, token: str, member_id: int, email: str, now: datetime) -> None:
    """Keep the wish; an earlier one of the member is dropped."""
    drop(session, member_id)
    signin_links.add_link(session, _mark(token), _owner(member_id), email, "", now)


def is_valid(session: Session, token: str, member_id: int, now: datetime) -> bool:
    """Whether `redeem` would succeed."""
    return signin_links.is_valid(session, _mark(token), _owner(member_id), now)


def redeem(session: Session, token: str, member_id: int, now: datetime) -> str | None:
    """The e-mail that is proven; None if the link is used, too old, unknown or another's."""
    redeemed = signin_links.redeem(session, _mark(token), _owner(member_id), now)
    return redeemed.email if redeemed else None


def waiting(session: Session, member_id: int, now: datetime) -> str:
    """The e-mail that waits to be proven, '' if there is none."""
    query = select(SigninLink.email).where(
        belongs_to(member_id), SigninLink.expires_at > now, SigninLink.used_at.is_(None)
    )
    return session.scalar(query.limit(1)) or ""


def drop(session: Session, member_id: int) -> None:
    """Forget what the member wished, and the letters about it."""
    about = (OutboxEmail.kind == EMAIL_KIND, OutboxEmail.member_id == member_id)
    session.execute(delete(OutboxEmail).where(*about))
    session.execute(delete(SigninLink).where(belongs_to(member_id)))


def belongs_to(member_id: int) -> ColumnElement[bool]:
    """Whether a sign-in row is a wish of the member's."""
    return SigninLink.nonce == hash_token(_owner(member_id))


def _mark(token: str) -> str:
    return f"new-address/{token}"


def _owner(member_id: int) -> str:
    return f"new-address/{member_id}"
