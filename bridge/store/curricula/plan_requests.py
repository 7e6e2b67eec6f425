"""Requests of pages to make or apply a plan. They are runs that a job claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.operations import Run

PLAN = "plan-request"
APPLY = "apply-request"
UNCLAIMED = ""
"""Owner of a request that no job has claimed."""
WORKER_TIMEOUT = timedelta(minutes=10)
"""Without a heartbeat for this long, a run counts as dead."""


def request(session: Session, kind: str, detail: Mapping[str, object], now: datetime) -> int:
    """Request a PLAN or APPLY; return the run's ID.

    `detail` has the curriculum, and for APPLY the fingerprint and whether to force. It must not
    hold personal data: the audit log says who made the request.
    """
    row = Run(
        kind=kind,
        owner=UNCLAIMED,
        started_at=now,
        heartbeat_at=now,
        finished_at=None,
        ok=None,
        detail=dict(detail),
    )
    session.add(row)
    session.flush()
    return row.id


def claim(session: Session, owner: str, now: datetime) -> Run | None:
    """Claim the oldest request for `owner`; None if there is none or another worker was faster."""
    open_requests = select(Run.id).where(
        Run.kind.in_((PLAN, APPLY)), Run.owner == UNCLAIMED, Run.finished_at.is_(None)
    )
    oldest = session.scalar(open_requests.order_by(Run.id).limit(1))
    if oldest is None:
        return None
    unclaimed = update(Run).where(Run.id == oldest, Run.owner == UNCLAIMED)
    claimed = session.scalar(unclaimed.values(owner=owner, heartbeat_at=now).returning(Run.id))
    return session.get(Run, claimed) if claimed else None


def record_progress(
    session: Session, run_id: int, detail: Mapping[str, object], now: datetime
) -> None:
    """Record the progress of a run."""
    values = {"heartbeat_at": now, "detail": dict(detail)}
    session.execute(update(Run).where(Run.id == run_id).values(**values))


def newest(session: Session, kind: str, curriculum: str) -> Run | None:
    """Return the latest request of a kind for a curriculum."""
    same_curriculum = Run.detail["curriculum"].as_string() == curriculum
    query = select(Run).where(Run.kind == kind, same_curriculum).order_by(Run.id.desc())
    return session.scalars(query.limit(1)).first()


def is_open(run: Run | None, now: datetime) -> bool:
    """Return whether a run is waiting or at work."""
    return run is not None and run.finished_at is None and now - run.heartbeat_at < WORKER_TIMEOUT
