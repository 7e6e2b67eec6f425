"""Members' requests to read their results from Moodle now: at most one per member."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.learning import RefreshRequest

Outcome = Literal["done", "failed", "no-account"]


def request(session: Session, member_id: int, now: datetime) -> None:
    """Store a request. It replaces an earlier one, even one that a worker is handling."""
    values = {
        "asked_at": now,
        "lease_until": None,
        "lease_owner": "",
        "outcome": "",
        "finished_at": None,
    }
    insert = insert_into(session, RefreshRequest).values(member_id=member_id, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["member_id"], set_=values))


def claim(session: Session, owner: str, now: datetime, lease: timedelta, limit: int) -> list[int]:
    """Claim up to `limit` members, oldest requests first; no other worker gets them for `lease`."""
    unclaimed = or_(RefreshRequest.lease_until.is_(None), RefreshRequest.lease_until <= now)
    open_requests = select(RefreshRequest).where(RefreshRequest.finished_at.is_(None), unclaimed)
    oldest = open_requests.order_by(RefreshRequest.asked_at, RefreshRequest.member_id).limit(limit)
    rows = session.scalars(oldest.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.lease_until, row.lease_owner = now + lease, owner
    session.flush()
    return [row.member_id for row in rows]


def finish(session: Session, member_id: int, owner: str, outcome: Outcome, now: datetime) -> None:
    """Record the outcome, unless another worker has the request or the member made a new one."""
    claimed = update(RefreshRequest).where(
        RefreshRequest.member_id == member_id,
        RefreshRequest.lease_owner == owner,
        RefreshRequest.finished_at.is_(None),
    )
    session.execute(claimed.values(outcome=outcome, finished_at=now, lease_until=None))


def latest_request(session: Session, member_id: int) -> RefreshRequest | None:
    """Return the member's latest request with its outcome."""
    return session.get(RefreshRequest, member_id, populate_existing=True)


def prune(session: Session, before: datetime) -> None:
    """Delete requests finished before a time."""
    session.execute(delete(RefreshRequest).where(RefreshRequest.finished_at < before))
