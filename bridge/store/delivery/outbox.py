"""The outbox: emails that pages queue. One worker at a time claims and sends each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.delivery.deliveries import storable_error, undo_attempt
from bridge.store.delivery.unreadable_rows import READ_ERRORS, fail_unreadable, is_unreadable
from bridge.store.members.matching import email_key
from bridge.store.tables.delivery import OutboxEmail as Row


@dataclass(frozen=True, slots=True)
class ClaimedEmail:
    """An email that one worker holds until the lease ends. `attempts` includes the current one."""

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
    """Queue an email that is due from `now` on. It isn't sent after `expires_at`.

    `member_id`: the member it belongs to, if `email` isn't (or is no longer) their address.
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
    """Claim up to `limit` due emails; no other worker gets them for `lease`."""
    due = (
        Row.state == "owed",
        Row.next_try <= now,
        or_(Row.lease_until.is_(None), Row.lease_until <= now),
    )
    query = select(Row).where(*due).order_by(Row.next_try, Row.id).limit(limit)
    locked = query.with_for_update(skip_locked=True)
    try:
        rows = session.scalars(locked).all()
    except READ_ERRORS as error:
        if not is_unreadable(error):
            raise
        fail_unreadable(session, Row, session.scalars(select(Row.id).where(*due)).all())
        rows = session.scalars(locked).all()
    for row in rows:
        row.attempts += 1
        row.lease_until, row.lease_owner = now + lease, owner
    session.flush()
    return [ClaimedEmail(r.id, r.kind, r.email, r.language, r.payload, r.attempts) for r in rows]


def mark_done(session: Session, email_id: int, owner: str, now: datetime) -> bool:
    """Record that an email was sent, and clear its content.

    Returns False if `owner` no longer holds it.
    """
    return _record_outcome(
        session, email_id, owner, state="done", reason="", payload={}, done_at=now
    )


def retry_later(
    session: Session,
    email_id: int,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration"] = "later",
) -> bool:
    """Record a temporary failure. Returns False if `owner` no longer holds the email."""
    clipped = storable_error(error)
    return _record_outcome(
        session, email_id, owner, reason=reason, last_error=clipped, next_try=next_try
    )


def mark_failed(session: Session, email_id: int, owner: str, error: str) -> bool:
    """Record a permanent failure. The content is kept, so that someone can retry it.

    Returns False if `owner` no longer holds the email.
    """
    clipped = storable_error(error)
    return _record_outcome(
        session, email_id, owner, state="failed", reason="never", last_error=clipped
    )


def release(session: Session, owner: str) -> None:
    """Release what `owner` still holds without counting an attempt."""
    held = update(Row).where(Row.state == "owed", Row.lease_owner == owner)
    attempts = undo_attempt(Row.attempts)
    session.execute(held.values(lease_until=None, lease_owner="", attempts=attempts))


def postpone(
    session: Session,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration"],
) -> int:
    """Postpone what `owner` still holds because of an error of another email; return how many."""
    held = update(Row).where(Row.state == "owed", Row.lease_owner == owner)
    values = {"reason": reason, "last_error": storable_error(error), "next_try": next_try}
    attempts = undo_attempt(Row.attempts)
    released = held.values(lease_until=None, lease_owner="", attempts=attempts, **values)
    return len(session.scalars(released.returning(Row.id)).all())


def expire(session: Session, now: datetime) -> None:
    """Mark expired emails as late, and clear their content."""
    expired = update(Row).where(Row.state != "done", Row.reason != "late", Row.expires_at <= now)
    session.execute(expired.values(state="failed", reason="late", payload={}))


def prune(session: Session, before: datetime) -> None:
    """Delete sent and failed emails that were queued before a time."""
    session.execute(delete(Row).where(Row.state != "owed", Row.created_at < before))


def _record_outcome(session: Session, email_id: int, owner: str, **values: object) -> bool:
    recorded = session.scalars(
        update(Row)
        .where(
            Row.id == email_id,
            Row.state == "owed",
            Row.lease_owner == owner,
            Row.lease_until.is_not(None),
        )
        .values(lease_until=None, lease_owner="", **values)
        .returning(Row.id)
    )
    return recorded.first() is not None
