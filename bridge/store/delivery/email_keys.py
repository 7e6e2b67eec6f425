"""Emails with a key: each is queued once, and those about one subject are sent in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bridge.store.persons import records
from bridge.store.tables.delivery import OutboxEmail as Row

NO_CONTENT: Mapping[str, object] = {"payload": {}, "attachment": None}


@dataclass(frozen=True, slots=True)
class EmailKey:
    """What identifies an email to a person, besides its kind.

    `subject`: what it is about, such as `session:12`. `revision`: which version of the subject it
    tells about; it only rises.
    """

    person_id: int
    subject: str
    revision: int


def make_room(
    session: Session, key: EmailKey, kind: str, supersedes: Collection[str], now: datetime
) -> bool:
    """Return whether an email with this key may be queued; give up those that it supersedes.

    The lock on the person makes the IDs of their emails rise in the order they are committed.
    """
    records.lock(session, key.person_id)
    same_subject = (Row.person_id == key.person_id, Row.subject == key.subject)
    same_key = and_(Row.revision == key.revision, Row.kind == kind)
    known = select(Row.id).where(*same_subject, or_(same_key, Row.revision > key.revision))
    if session.scalar(known.limit(1)) is not None:
        return False
    if supersedes:
        unsent = (*same_subject, Row.kind.in_(supersedes), *claimable(now))
        session.execute(update(Row).where(*unsent).values(**not_sent("superseded")))
    return True


def claimable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: not sent, and no worker holds it."""
    return Row.state == "owed", or_(Row.lease_until.is_(None), Row.lease_until <= now)


def not_sent(reason: Literal["superseded", "unsubscribed"]) -> dict[str, object]:
    """The columns of an email that needn't be sent."""
    return {"state": "done", "reason": reason, **NO_CONTENT}


def is_next() -> ColumnElement[bool]:
    """SQL condition: no earlier email to the same person about the same subject is unsent."""
    earlier = aliased(Row)
    return ~exists().where(
        earlier.person_id == Row.person_id,
        earlier.subject == Row.subject,
        earlier.state == "owed",
        or_(
            earlier.revision < Row.revision,
            and_(earlier.revision == Row.revision, earlier.id < Row.id),
        ),
    )


def next_revision(session: Session, person_id: int, subject: str) -> int:
    """Return a revision for a new email to a person about a subject that has no revisions itself.

    Raises PersonError if there is no such person.
    """
    records.lock(session, person_id)
    query = select(func.max(Row.revision)).where(Row.person_id == person_id, Row.subject == subject)
    return (session.scalar(query) or 0) + 1


def forget_later(session: Session, subjects: str, revision: int) -> None:
    """Delete emails about later revisions of subjects that begin so, made by a wrong clock."""
    later = delete(Row).where(Row.subject.startswith(subjects), Row.revision > revision)
    session.execute(later)


def move(session: Session, removed: int, kept: int) -> None:
    """Give the emails of a merged person to the other, who may have been sent the same ones.

    Unsent ones about an earlier revision than one of them was sent are given up.
    """
    other = aliased(Row)
    same = exists().where(
        other.person_id == kept, other.subject == Row.subject, other.revision == Row.revision,
        other.kind == Row.kind,
    )  # fmt: skip
    twice = delete(Row).where(Row.person_id == removed, same)
    session.execute(twice, execution_options={"synchronize_session": False})
    session.execute(update(Row).where(Row.person_id == removed).values(person_id=kept))
    overtaken = exists().where(
        other.person_id == kept, other.subject == Row.subject, other.revision > Row.revision,
        other.state == "done", other.reason == "",
    )  # fmt: skip
    unsent = update(Row).where(Row.person_id == kept, Row.state == "owed", overtaken)
    session.execute(
        unsent.values(**not_sent("superseded")), execution_options={"synchronize_session": False}
    )
