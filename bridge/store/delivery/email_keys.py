"""Emails with a key: each is queued once, and those about one subject are sent in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bridge.store.persons import records
from bridge.store.persons.personal_links import LINK_SUBJECT
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


def not_sent(reason: Literal["superseded", "unsubscribed", "left"]) -> dict[str, object]:
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


def last_revisions(session: Session, person_ids: Collection[int], subject: str) -> dict[int, int]:
    """The revision of the last email about a subject to each of these persons who got one."""
    mine = (Row.person_id.in_(person_ids), Row.subject == subject)
    query = select(Row.person_id, func.max(Row.revision)).where(*mine).group_by(Row.person_id)
    return {row[0]: row[1] for row in session.execute(query) if row[0] is not None}


def forget_later(session: Session, subjects: str, revision: int) -> None:
    """Delete emails about later revisions of subjects that begin so, made by a wrong clock."""
    later = delete(Row).where(Row.subject.startswith(subjects), Row.revision > revision)
    session.execute(later)


def move(session: Session, removed: int, kept: int) -> None:
    """Give the emails of a merged person to the other, who may have been sent the same ones.

    Of two with the same key, one that was sent stays, else one that can still be sent. Unsent ones
    about an earlier revision than one that was sent are given up. Those with a link aren't moved:
    merging ends the links of the merged person.
    """
    theirs = Row.person_id == removed
    session.execute(delete(Row).where(theirs, Row.subject.startswith(LINK_SUBJECT)))
    _delete_twins(session, removed, kept)
    session.execute(update(Row).where(theirs).values(person_id=kept))
    other = aliased(Row)
    overtaken = exists().where(
        other.person_id == kept, other.subject == Row.subject, other.revision > Row.revision,
        other.state == "done", other.reason == "",
    )  # fmt: skip
    unsent = update(Row).where(Row.person_id == kept, Row.state == "owed", overtaken)
    session.execute(
        unsent.values(**not_sent("superseded")), execution_options={"synchronize_session": False}
    )


def _delete_twins(session: Session, removed: int, kept: int) -> None:
    """Delete one of two emails with the same key."""
    columns = (Row.id, Row.subject, Row.revision, Row.kind, Row.state, Row.reason)
    gone, own = (
        {
            (row.subject, row.revision, row.kind): row
            for row in session.execute(select(*columns).where(Row.person_id == person))
        }
        for person in (removed, kept)
    )
    twins = [(own[key], gone[key]) for key in own.keys() & gone.keys()]
    worse = [max(pair, key=lambda each: _rank(each.state, each.reason)).id for pair in twins]
    session.execute(delete(Row).where(Row.id.in_(worse)))


def _rank(state: str, reason: str) -> int:
    """Which of two emails with the same key stays: the one with the lower number."""
    match state, reason:
        case "done", "":
            return 0  # sent
        case "failed", "unknown":
            return 1  # perhaps sent
        case "owed", _:
            return 2
        case "failed", _:
            return 3  # can be retried
        case _:
            return 4
