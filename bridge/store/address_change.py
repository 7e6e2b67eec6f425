"""A new e-mail waits until whoever reads it says so: a link, 15 minutes, one use, one member.

They are rows among the sign-in links, and cannot be used as such: what is stored of them is made
with a slash, which no address of a sign-in page can hold.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bridge.store import signins
from bridge.store.signins import VALID as VALID
from bridge.store.tokens import hashed
from bridge.store.web_tables import OutgoingLetter, Signin

LETTER = "new-address"


def ask(session: Session, token: str, member_id: int, email: str, now: datetime) -> None:
    """Keep the wish; an earlier one of the member is dropped."""
    drop(session, member_id)
    signins.ask(session, _mark(token), _owner(member_id), email, "", now)


def is_valid(session: Session, token: str, member_id: int, now: datetime) -> bool:
    """Whether `redeem` would succeed."""
    return signins.is_valid(session, _mark(token), _owner(member_id), now)


def redeem(session: Session, token: str, member_id: int, now: datetime) -> str | None:
    """The e-mail that is proven; None if the link is used, too old, unknown or another's."""
    redeemed = signins.redeem(session, _mark(token), _owner(member_id), now)
    return redeemed.email if redeemed else None


def waiting(session: Session, member_id: int, now: datetime) -> str:
    """The e-mail that waits to be proven, '' if there is none."""
    query = select(Signin.email).where(
        belongs_to(member_id), Signin.expires_at > now, Signin.used_at.is_(None)
    )
    return session.scalar(query.limit(1)) or ""


def drop(session: Session, member_id: int) -> None:
    """Forget what the member wished, and the letters about it."""
    about = (OutgoingLetter.kind == LETTER, OutgoingLetter.member_id == member_id)
    session.execute(delete(OutgoingLetter).where(*about))
    session.execute(delete(Signin).where(belongs_to(member_id)))


def belongs_to(member_id: int) -> ColumnElement[bool]:
    """Whether a sign-in row is a wish of the member's."""
    return Signin.nonce == hashed(_owner(member_id))


def _mark(token: str) -> str:
    return f"new-address/{token}"


def _owner(member_id: int) -> str:
    return f"new-address/{member_id}"
