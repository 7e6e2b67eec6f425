"""Letters of the pages that were not sent, as the committee looks at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.tables.delivery import MANY_ATTEMPTS, OutboxEmail


@dataclass(frozen=True, slots=True)
class FailedEmail:
    """`reason` is never, configuration, later (tried many times and still retried) or late; what
    came too late cannot be tried again."""

    id: int
    kind: str
    email: str
    state: str
    reason: str
    attempts: int
    last_error: str
    created_at: datetime

    @property
    def may_be_retried(self) -> bool:
        return self.reason != "late"


COLUMNS = (
    OutboxEmail.id, OutboxEmail.kind, OutboxEmail.email, OutboxEmail.state,
    OutboxEmail.reason, OutboxEmail.attempts, OutboxEmail.last_error,
    OutboxEmail.created_at,
)  # fmt: skip


def failed_emails(session: Session, limit: int, after: int = 0) -> list[FailedEmail]:
    """Up to `limit` letters with ids past `after`, the oldest first. One query."""
    query = select(*COLUMNS).where(_needs_a_person(), OutboxEmail.id > after)
    rows = session.execute(query.order_by(OutboxEmail.id).limit(limit))
    return [FailedEmail(**row._mapping) for row in rows]


def retry(session: Session, now: datetime, ids: Collection[int] | None = None) -> list[FailedEmail]:
    """Try these again at once, or all, unless they came too late; returns each as it was.

    Two queries.
    """
    before = select(*COLUMNS).where(_needs_a_person(), OutboxEmail.reason != "late")
    if ids is not None:
        before = before.where(OutboxEmail.id.in_(ids))
    before = before.order_by(OutboxEmail.id)
    found = [FailedEmail(**row._mapping) for row in session.execute(before.with_for_update())]
    fresh = update(OutboxEmail).where(OutboxEmail.id.in_([each.id for each in found]))
    session.execute(fresh.values(state="owed", reason="", attempts=0, next_try=now))
    return found


def _needs_a_person() -> ColumnElement[bool]:
    often = and_(OutboxEmail.reason == "later", OutboxEmail.attempts >= MANY_ATTEMPTS)
    stuck = or_(OutboxEmail.reason == "configuration", often)
    return or_(OutboxEmail.state == "failed", and_(OutboxEmail.state == "owed", stuck))


def count_retried(session: Session) -> int:
    """How many letters did not go and are tried again automatically."""
    waiting = OutboxEmail.state == "owed", OutboxEmail.reason == "later"
    return session.scalar(select(func.count()).select_from(OutboxEmail).where(*waiting)) or 0
