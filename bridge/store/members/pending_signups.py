"""Sign-ups through the public form, until their e-mail is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key
from bridge.store.tables.members import PendingSignup
from bridge.store.token_hashing import hash_token

LINK_LIFETIME = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class PendingSignupData:
    """What somebody filled in; `consent` is the sentence they agreed to."""

    email: str
    first_name: str
    last_name: str
    number: str
    region: str
    language: str
    consent: str


def add_pending_signup(
    session: Session, token: str, joining: PendingSignupData, now: datetime
) -> None:
    """Keep a sign-up that `token` confirms within three days."""
    row = PendingSignup(
        token=hash_token(token),
        email=email_key(joining.email),
        first_name=joining.first_name,
        last_name=joining.last_name,
        number=joining.number,
        region=joining.region,
        language=joining.language,
        consent=joining.consent,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
        confirmed_at=None,
    )
    session.add(row)


def find_pending_signup(session: Session, token: str, now: datetime) -> PendingSignup | None:
    """The sign-up that `token` belongs to, confirmed or not; None if too old or unknown."""
    query = select(PendingSignup).where(
        PendingSignup.token == hash_token(token), PendingSignup.expires_at > now
    )
    return session.scalars(query).first()


def confirm(session: Session, token: str, now: datetime) -> PendingSignupData | None:
    """The e-mail is theirs: what they filled in; None if not waiting for that any more."""
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


def recent_count(session: Session, email: str, since: datetime) -> int:
    """How many sign-ups came for that address since then."""
    query = select(func.count()).select_from(PendingSignup)
    mine = (PendingSignup.email == email_key(email), PendingSignup.created_at > since)
    return session.scalar(query.where(*mine)) or 0


def prune(session: Session, now: datetime) -> None:
    """Drop what nobody confirmed in time, and what was confirmed and is done with."""
    session.execute(delete(PendingSignup).where(PendingSignup.expires_at <= now))
