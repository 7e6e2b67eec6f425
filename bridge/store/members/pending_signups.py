"""Sign-ups through the public form whose email is not confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key
from bridge.store.tables.members import PendingSignup
from bridge.store.token_hashing import hash_token

LINK_LIFETIME = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class PendingSignupData:
    """A filled-in sign-up form. `consent`: the sentence the person agreed to."""

    email: str
    first_name: str
    last_name: str
    number: str
    region: str
    language: str
    consent: str


def add_pending_signup(
    session: Session, token: str, signup: PendingSignupData, now: datetime, *, client: str = ""
) -> None:
    """Store a sign-up. `token` confirms it within three days. `client`: see `PendingSignup`."""
    row = PendingSignup(
        token=hash_token(token),
        email=email_key(signup.email),
        first_name=signup.first_name,
        last_name=signup.last_name,
        number=signup.number,
        region=signup.region,
        language=signup.language,
        consent=signup.consent,
        client=client,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
        confirmed_at=None,
    )
    session.add(row)


def find_pending_signup(session: Session, token: str, now: datetime) -> PendingSignup | None:
    """Return the sign-up of a token, confirmed or not; None if it is unknown or expired."""
    query = select(PendingSignup).where(
        PendingSignup.token == hash_token(token), PendingSignup.expires_at > now
    )
    return session.scalars(query).first()


def confirm(session: Session, token: str, now: datetime) -> PendingSignupData | None:
    """Mark a sign-up as confirmed and return it.

    None if it is unknown, expired or already confirmed.
    """
    confirmed = (
        update(PendingSignup)
        .where(
            PendingSignup.token == hash_token(token),
            PendingSignup.expires_at > now,
            PendingSignup.confirmed_at.is_(None),
        )
        .values(confirmed_at=now)
        .returning(
            PendingSignup.email,
            PendingSignup.first_name,
            PendingSignup.last_name,
            PendingSignup.number,
            PendingSignup.region,
            PendingSignup.language,
            PendingSignup.consent,
        )
    )
    row = session.execute(confirmed).first()
    return PendingSignupData(**row._mapping) if row else None


def sent_since(session: Session, email: str, since: datetime) -> list[tuple[datetime, str]]:
    """When an address was signed up since a time, and by which clients."""
    query = select(PendingSignup.created_at, PendingSignup.client)
    matching = (PendingSignup.email == email_key(email), PendingSignup.created_at > since)
    return [(row.created_at, row.client) for row in session.execute(query.where(*matching))]


def prune(session: Session, now: datetime) -> None:
    """Delete expired sign-ups, confirmed or not."""
    session.execute(delete(PendingSignup).where(PendingSignup.expires_at <= now))
