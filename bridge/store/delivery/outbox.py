"""Letters that pages owe: claimed by one worker at a time, tried until they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.delivery.deliveries import one_less, printable
from bridge.store.delivery.unreadable_rows import set_aside
from bridge.store.members.matching import email_key
from bridge.store.tables.delivery import OutboxEmail as Row


@dataclass(frozen=True, slots=True)
class ClaimedEmail:
    """A letter that is ours until the lease ends. `attempts` counts this one."""

    id: int
    kind: str
    email: str
    language: str
    payload: Mapping[str, object]
    attempts: int


def enqueue(
    session: Session,
    kind: str,
    email: str,
    language: str,
    payload: Mapping[str, object],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    member_id: int | None = None,
) -> None:
    """Record a letter owed from `now` on. After `expires_at` it is not worth sending.

    `member_id`: whose it is, if it goes to an address that is not, or no longer, theirs.
    """
    row = Row(
        kind=kind,
        email=email_key(email),
        language=language,
        payload=dict(payload),
        state="owed",
        reason="",
        attempts=0,
        next_try=now,
        expires_at=expires_at,
        lease_until=None,
        lease_owner="",
        last_error="",
        done_at=None,
        created_at=now,
        member_id=member_id,
    )
    session.add(row)


def claim(
    session: Session, owner: str, now: datetime, lease: timedelta, limit: int
) -> list[ClaimedEmail]:
    """Take up to `limit` letters that are due; nobody else gets them for `lease`."""
    due = (
        Row.state == "owed",
        Row.next_try <= now,
        or_(Row.lease_until.is_(None), Row.lease_until <= now),
    )
    query = select(Row).where(*due).order_by(Row.next_try, Row.id).limit(limit)
    locked = query.with_for_update(skip_locked=True)
    try:
        rows = session.scalars(locked).all()
    except ValueError:  # one of them is not JSON
        set_aside(session, Row, session.scalars(select(Row.id).where(*due)).all())
        rows = session.scalars(locked).all()
    for row in rows:
        row.attempts += 1
        row.lease_until, row.lease_owner = now + lease, owner
    session.flush()
    return [ClaimedEmail(r.id, r.kind, r.email, r.language, r.payload, r.attempts) for r in rows]


def mark_done(session: Session, letter: int, owner: str, now: datetime) -> bool:
    """It was sent; what it said is dropped. False if it is no longer leased by `owner`."""
    return _settle(session, letter, owner, state="done", reason="", payload={}, done_at=now)


def retry_later(
    session: Session,
    letter: int,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration"] = "later",
) -> bool:
    """It did not work this time."""
    clipped = printable(error)
    return _settle(session, letter, owner, reason=reason, last_error=clipped, next_try=next_try)


def mark_failed(session: Session, letter: int, owner: str, error: str) -> bool:
    """It will not work by itself. What it says is kept for a person to try again."""
    clipped = printable(error)
    return _settle(session, letter, owner, state="failed", reason="never", last_error=clipped)


def release(session: Session, owner: str) -> None:
    """Give back untried what `owner` still holds, because it stops."""
    mine = update(Row).where(Row.state == "owed", Row.lease_owner == owner)
    fewer = one_less(Row.attempts)
    session.execute(mine.values(lease_until=None, lease_owner="", attempts=fewer))


def put_back(
    session: Session,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration"],
) -> int:
    """Give back untried what `owner` still holds, because of what others met; returns how many."""
    mine = update(Row).where(Row.state == "owed", Row.lease_owner == owner)
    values = {"reason": reason, "last_error": printable(error), "next_try": next_try}
    fewer = one_less(Row.attempts)
    freed = mine.values(lease_until=None, lease_owner="", attempts=fewer, **values)
    return len(session.scalars(freed.returning(Row.id)).all())


def expire(session: Session, now: datetime) -> None:
    """What comes too late to be of use is not sent, and what it said is dropped."""
    late = update(Row).where(Row.state != "done", Row.reason != "late", Row.expires_at <= now)
    session.execute(late.values(state="failed", reason="late", payload={}))


def prune(session: Session, before: datetime) -> None:
    """Drop letters that were settled and are older than that."""
    session.execute(delete(Row).where(Row.state != "owed", Row.created_at < before))


def _settle(session: Session, letter: int, owner: str, **values: object) -> bool:
    settled = session.scalars(
        update(Row)
        .where(
            Row.id == letter,
            Row.state == "owed",
            Row.lease_owner == owner,
            Row.lease_until.is_not(None),
        )
        .values(lease_until=None, lease_owner="", **values)
        .returning(Row.id)
    )
    return settled.first() is not None
