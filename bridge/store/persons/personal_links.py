"""Personal links: each works once, for one person and one purpose, until it expires.

The token is long and random, and only its hash is stored. So a link can't be forged or guessed,
and a stolen database opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bridge.store.persons.locking import lock
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.persons import PersonalLink as Row
from bridge.store.token_hashing import hash_token

LINK_SUBJECT = "link:"
"""Begins the subject of an email that only brings a link."""


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """A valid link. `subject` is what it is about, in the terms of its purpose."""

    person_id: int
    purpose: str
    subject: str


def issue(
    session: Session,
    token: str,
    purpose: str,
    person_id: int,
    subject: str,
    now: datetime,
    lifetime: timedelta,
    *,
    replaces: bool = True,
) -> None:
    """Store a link. It replaces the person's earlier links for this purpose and subject, unless
    `replaces` is False.

    Raises PersonError if there is no such person.
    """
    lock(session, person_id)  # a change of the address ends all links, also this one
    same = (Row.person_id == person_id, Row.purpose == purpose, Row.subject == subject)
    if replaces:
        session.execute(delete(Row).where(*same))
    row = Row(
        token=hash_token(token),
        person_id=person_id,
        purpose=purpose,
        subject=subject,
        created_at=now,
        expires_at=now + lifetime,
        used_at=None,
    )
    session.add(row)
    session.flush()


def issue_all(
    session: Session,
    tokens: Mapping[int, str],
    purpose: str,
    subject: str,
    now: datetime,
    lifetime: timedelta,
) -> None:
    """Store a link for each of these persons, who are locked. Their earlier ones go on working.

    `tokens`: by person ID.
    """
    rows = [
        {"token": hash_token(token), "person_id": person, "purpose": purpose, "subject": subject,
         "created_at": now, "expires_at": now + lifetime, "used_at": None}
        for person, token in tokens.items()
    ]  # fmt: skip
    if rows:
        session.execute(insert(Row), rows)


def find(session: Session, token: str, now: datetime) -> PersonalLink | None:
    """Return the link of a token; None if it is unknown, used, replaced or expired."""
    query = select(Row.person_id, Row.purpose, Row.subject).where(*_valid(token, now))
    row = session.execute(query).first()
    return PersonalLink(*row) if row else None


def redeem(session: Session, token: str, now: datetime) -> PersonalLink | None:
    """Use the link, once; None if it is unknown, used, replaced or expired."""
    used = update(Row).where(*_valid(token, now)).values(used_at=now)
    row = session.execute(used.returning(Row.person_id, Row.purpose, Row.subject)).first()
    return PersonalLink(*row) if row else None


def recent_count(session: Session, person_id: int, purpose: str, since: datetime) -> int:
    """Return how many links for a purpose the person got since a time."""
    mine = (Row.person_id == person_id, Row.purpose == purpose, Row.created_at >= since)
    return session.scalar(select(func.count()).select_from(Row).where(*mine)) or 0


def valid_since(session: Session, person_id: int, purpose: str, now: datetime) -> datetime | None:
    """Return when the person got their valid link for a purpose, None if they have none."""
    mine = (Row.person_id == person_id, Row.purpose == purpose, Row.expires_at > now)
    return session.scalar(select(func.max(Row.created_at)).where(*mine, Row.used_at.is_(None)))


def end(session: Session, person_id: int, purpose: str) -> None:
    """End a person's links for a purpose."""
    mine = (Row.person_id == person_id, Row.purpose == purpose)
    session.execute(delete(Row).where(*mine))


def end_all(session: Session, person_id: int) -> None:
    """End all links of a person, such as after a change of address: the old mailbox has them.

    Emails that only bring a link, and weren't sent yet, are given up.
    """
    session.execute(delete(Row).where(Row.person_id == person_id))
    unsent = update(OutboxEmail).where(
        OutboxEmail.person_id == person_id,
        OutboxEmail.subject.startswith(LINK_SUBJECT),
        OutboxEmail.state == "owed",
    )
    session.execute(unsent.values(state="done", reason="superseded", payload={}))


def prune(session: Session, before: datetime) -> None:
    """Delete links that expired before a time."""
    session.execute(delete(Row).where(Row.expires_at < before))


def _valid(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Row.token == hash_token(token), Row.expires_at > now, Row.used_at.is_(None)
