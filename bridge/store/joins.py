"""Sign-ups through the public form, until their e-mail is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bridge.store.matching import email_key
from bridge.store.tokens import hashed
from bridge.store.web_tables import JoinRequest

VALID = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody filled in; `consent` is the sentence they agreed to."""

    email: str
    first_name: str
    last_name: str
    number: str
    region: str
    language: str
    consent: str


def ask(session: Session, token: str, joining: Joining, now: datetime) -> None:
    """Keep a sign-up that `token` confirms within three days."""
    row = JoinRequest(
        token=hashed(token),
        email=email_key(joining.email),
        first_name=joining.first_name,
        last_name=joining.last_name,
        number=joining.number,
        region=joining.region,
        language=joining.language,
        consent=joining.consent,
        created_at=now,
        expires_at=now + VALID,
        confirmed_at=None,
    )
    session.add(row)


def find_join(session: Session, token: str, now: datetime) -> JoinRequest | None:
    """The sign-up that `token` belongs to, confirmed or not; None if too old or unknown."""
    query = select(JoinRequest).where(
        JoinRequest.token == hashed(token), JoinRequest.expires_at > now
    )
    return session.scalars(query).first()


def confirm(session: Session, token: str, now: datetime) -> Joining | None:
    """The e-mail is theirs: what they filled in; None if not waiting for that any more."""
    confirmed = (
        update(JoinRequest)
        .where(
            JoinRequest.token == hashed(token),
            JoinRequest.expires_at > now,
            JoinRequest.confirmed_at.is_(None),
        )
        .values(confirmed_at=now)
        .returning(
            JoinRequest.email,
            JoinRequest.first_name,
            JoinRequest.last_name,
            JoinRequest.number,
            JoinRequest.region,
            JoinRequest.language,
            JoinRequest.consent,
        )
    )
    row = session.execute(confirmed).first()
    return Joining(**row._mapping) if row else None


def asked_lately(session: Session, email: str, since: datetime) -> int:
    """How many sign-ups came for that address since then."""
    query = select(func.count()).select_from(JoinRequest)
    mine = (JoinRequest.email == email_key(email), JoinRequest.created_at > since)
    return session.scalar(query.where(*mine)) or 0


def prune(session: Session, now: datetime) -> None:
    """Drop what nobody confirmed in time, and what was confirmed and is done with."""
    session.execute(delete(JoinRequest).where(JoinRequest.expires_at <= now))
