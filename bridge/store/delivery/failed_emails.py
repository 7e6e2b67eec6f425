"""Emails in the outbox that need attention."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bridge.store.delivery import unknown_outcomes
from bridge.store.delivery.failed_deliveries import FailureReason
from bridge.store.tables.delivery import MANY_ATTEMPTS, OutboxEmail

EmailFailureReason = FailureReason | Literal["late"]


@dataclass(frozen=True, slots=True)
class FailedEmail:
    """An email that needs attention.

    `reason`: never, configuration, later (tried many times and still retried), unknown (it may
    have been sent) or late (expired, so it can't be retried). `needs`: the confidential right that
    seeing more than the reason takes, '' for none.
    """

    id: int
    kind: str
    email: str
    state: str
    reason: EmailFailureReason
    attempts: int
    last_error: str
    created_at: datetime
    needs: str
    overtaken: bool

    @property
    def may_be_retried(self) -> bool:
        return self.reason != "late" and not self.overtaken


RETRIED = {"state": "owed", "reason": "", "attempts": 0, "unknown_outcomes": 0}


def _columns() -> tuple[ColumnElement[object], ...]:
    names = [field.name for field in fields(FailedEmail) if field.name != "overtaken"]
    columns = [OutboxEmail.__table__.c[name] for name in names]
    return (*columns, _overtaken().label("overtaken"))


def failed_emails(session: Session, limit: int, after: int = 0) -> list[FailedEmail]:
    """Return up to `limit` emails that need attention, with IDs above `after`. One query."""
    query = select(*_columns()).where(_needs_attention(), OutboxEmail.id > after)
    rows = session.execute(query.order_by(OutboxEmail.id).limit(limit))
    return [FailedEmail(**row._mapping) for row in rows]


def retry(session: Session, now: datetime, ids: Collection[int] | None = None) -> list[FailedEmail]:
    """Queue emails again: those with `ids`, or all that haven't expired or perhaps been sent.

    An email about a subject isn't sent after a later one about it, such as an invitation after the
    cancellation. Returns them as they were before. Two queries.
    """
    query = select(*_columns()).where(
        _needs_attention(), OutboxEmail.reason != "late", ~_overtaken()
    )
    if ids is None:
        query = query.where(OutboxEmail.reason != "unknown")
    else:
        query = query.where(OutboxEmail.id.in_(ids))
    query = query.order_by(OutboxEmail.id)
    found = [FailedEmail(**row._mapping) for row in session.execute(query.with_for_update())]
    retried = update(OutboxEmail).where(OutboxEmail.id.in_([each.id for each in found]))
    session.execute(retried.values(**RETRIED, next_try=now))
    return found


def send_again(session: Session, now: datetime) -> list[int]:
    """Queue all emails again that may have been sent. Returns their IDs."""
    query = select(OutboxEmail.id).where(OutboxEmail.reason == "unknown")
    return [each.id for each in retry(session, now, session.scalars(query).all())]


def treat_as_sent(session: Session, now: datetime, ids: Collection[int] | None = None) -> list[int]:
    """Settle emails that may have been sent: those with `ids`, or all. Returns their IDs."""
    return unknown_outcomes.treat_as_sent(session, OutboxEmail, ids, now)


def rights_needed(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the confidential right that seeing each of these emails takes, '' for none."""
    query = select(OutboxEmail.id, OutboxEmail.needs).where(OutboxEmail.id.in_(ids))
    return {row.id: row.needs for row in session.execute(query)}


def _overtaken() -> ColumnElement[bool]:
    """SQL condition: a later email to the same person about the same subject was sent, or will."""
    later = aliased(OutboxEmail)
    return and_(
        OutboxEmail.state == "failed",
        exists().where(
            later.person_id == OutboxEmail.person_id,
            later.subject == OutboxEmail.subject,
            or_(later.state == "owed", and_(later.state == "done", later.reason == "")),
            or_(
                later.revision > OutboxEmail.revision,
                and_(later.revision == OutboxEmail.revision, later.id > OutboxEmail.id),
            ),
        ),
    )


def _needs_attention() -> ColumnElement[bool]:
    often = and_(OutboxEmail.reason == "later", OutboxEmail.attempts >= MANY_ATTEMPTS)
    stuck = or_(OutboxEmail.reason == "configuration", often)
    return or_(OutboxEmail.state == "failed", and_(OutboxEmail.state == "owed", stuck))


def count_all(session: Session) -> int:
    """Return how many emails need someone: not those that expired, or were followed by another."""
    query = select(func.count()).select_from(OutboxEmail)
    wanted = _needs_attention(), OutboxEmail.reason != "late", ~_overtaken()
    return session.scalar(query.where(*wanted)) or 0


def count_retried(session: Session) -> int:
    """Return how many emails failed and are retried automatically."""
    conditions = OutboxEmail.state == "owed", OutboxEmail.reason == "later"
    return session.scalar(select(func.count()).select_from(OutboxEmail).where(*conditions)) or 0
