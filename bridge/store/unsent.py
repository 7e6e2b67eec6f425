"""Letters of the pages that were not sent, as the committee looks at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.tables import MANY_ATTEMPTS
from bridge.store.web_tables import OutgoingLetter


@dataclass(frozen=True, slots=True)
class Unsent:
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
    OutgoingLetter.id, OutgoingLetter.kind, OutgoingLetter.email, OutgoingLetter.state,
    OutgoingLetter.reason, OutgoingLetter.attempts, OutgoingLetter.last_error,
    OutgoingLetter.created_at,
)  # fmt: skip


def unsent(session: Session, limit: int, after: int = 0) -> list[Unsent]:
    """Up to `limit` letters with ids past `after`, the oldest first. One query."""
    query = select(*COLUMNS).where(_needs_a_person(), OutgoingLetter.id > after)
    rows = session.execute(query.order_by(OutgoingLetter.id).limit(limit))
    return [Unsent(**row._mapping) for row in rows]


def retry(session: Session, now: datetime, ids: Collection[int] | None = None) -> list[Unsent]:
    """Try these again at once, or all, unless they came too late; returns each as it was.

    Two queries.
    """
    before = select(*COLUMNS).where(_needs_a_person(), OutgoingLetter.reason != "late")
    if ids is not None:
        before = before.where(OutgoingLetter.id.in_(ids))
    before = before.order_by(OutgoingLetter.id)
    found = [Unsent(**row._mapping) for row in session.execute(before.with_for_update())]
    fresh = update(OutgoingLetter).where(OutgoingLetter.id.in_([each.id for each in found]))
    session.execute(fresh.values(state="owed", reason="", attempts=0, next_try=now))
    return found


def _needs_a_person() -> ColumnElement[bool]:
    often = and_(OutgoingLetter.reason == "later", OutgoingLetter.attempts >= MANY_ATTEMPTS)
    stuck = or_(OutgoingLetter.reason == "configuration", often)
    return or_(OutgoingLetter.state == "failed", and_(OutgoingLetter.state == "owed", stuck))


def count_retried(session: Session) -> int:
    """How many letters did not go and are tried again automatically."""
    waiting = OutgoingLetter.state == "owed", OutgoingLetter.reason == "later"
    return session.scalar(select(func.count()).select_from(OutgoingLetter).where(*waiting)) or 0
