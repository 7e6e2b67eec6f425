"""Changing an email: a link confirms the new address. It works once, for 15 minutes.

The links are stored with the sign-in links but can't be used to sign in: their tokens start with
`new-address/`, and the URL of a sign-in page can't contain a slash there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bridge.store.auth import signin_links
from bridge.store.auth.signin_links import LINK_LIFETIME as LINK_LIFETIME
from bridge.store.tables.auth import SigninLink
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.token_hashing import hash_token

EMAIL_KIND: Final = "new-address"


def request(
    session: Session, token: str, member_id: int, email: str, now: datetime, *, client: str = ""
) -> None:
    """Store a requested change. It replaces an earlier one of the member, which still counts."""
    _delete_emails(session, member_id)
    earlier = (belongs_to(member_id), SigninLink.used_at.is_(None))
    session.execute(update(SigninLink).where(*earlier).values(used_at=now))
    signin_links.add_link(
        session, _stored_token(token), _stored_nonce(member_id), email, "", now, client=client
    )


def is_valid(session: Session, token: str, member_id: int, now: datetime) -> bool:
    """Return whether `redeem` would succeed."""
    return signin_links.is_valid(session, _stored_token(token), _stored_nonce(member_id), now)


def redeem(session: Session, token: str, member_id: int, now: datetime) -> str | None:
    """Use the link; return the confirmed email.

    None if the link is used, expired, unknown or another member's.
    """
    redeemed = signin_links.redeem(session, _stored_token(token), _stored_nonce(member_id), now)
    return redeemed.email if redeemed else None


def pending_email(session: Session, member_id: int, now: datetime) -> str:
    """Return the email that isn't confirmed yet, '' if there is none."""
    query = select(SigninLink.email).where(
        belongs_to(member_id), SigninLink.expires_at > now, SigninLink.used_at.is_(None)
    )
    return session.scalar(query.limit(1)) or ""


def cancel(session: Session, member_id: int) -> None:
    """Delete the member's requested change and the emails about it."""
    _delete_emails(session, member_id)
    session.execute(delete(SigninLink).where(belongs_to(member_id)))


def _delete_emails(session: Session, member_id: int) -> None:
    emails = (OutboxEmail.kind == EMAIL_KIND, OutboxEmail.member_id == member_id)
    session.execute(delete(OutboxEmail).where(*emails))


def belongs_to(member_id: int) -> ColumnElement[bool]:
    """SQL condition: the link is an email change of the member."""
    return SigninLink.nonce == hash_token(_stored_nonce(member_id))


def _stored_token(token: str) -> str:
    return f"new-address/{token}"


def _stored_nonce(member_id: int) -> str:
    return f"new-address/{member_id}"
