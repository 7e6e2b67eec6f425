"""What pages ask of the jobs, as runs that nobody has taken yet: a plan, or that one is applied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.operations import Run

PLAN = "plan-request"
APPLY = "apply-request"
UNCLAIMED = ""
"""Owner of what no job has taken."""
WORKER_TIMEOUT = timedelta(minutes=10)
"""A run that has been silent for so long has died."""


def request(session: Session, kind: str, detail: Mapping[str, object], now: datetime) -> int:
    """Ask for a PLAN or APPLY; returns the run's id.

    `detail` names the curriculum, and for APPLY the fingerprint and whether to force: no
    personal data. Who asked stands in the audit log.
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
    """The oldest that waits, now the owner's; None where none waits or another was faster."""
    waiting = select(Run.id).where(
        Run.kind.in_((PLAN, APPLY)), Run.owner == UNCLAIMED, Run.finished_at.is_(None)
    )
    oldest = session.scalar(waiting.order_by(Run.id).limit(1))
    if oldest is None:
        return None
    mine = update(Run).where(Run.id == oldest, Run.owner == UNCLAIMED)
    taken = session.scalar(mine.values(owner=owner, heartbeat_at=now).returning(Run.id))
    return session.get(Run, taken) if taken else None


def progress(session: Session, run_id: int, detail: Mapping[str, object], now: datetime) -> None:
    """Record how far it is."""
    values = {"heartbeat_at": now, "detail": dict(detail)}
    session.execute(update(Run).where(Run.id == run_id).values(**values))


def newest(session: Session, kind: str, curriculum: str) -> Run | None:
    """The newest of that kind for one curriculum."""
    its_own = Run.detail["curriculum"].as_string() == curriculum
    query = select(Run).where(Run.kind == kind, its_own).order_by(Run.id.desc())
    return session.scalars(query.limit(1)).first()


def is_open(run: Run | None, now: datetime) -> bool:
    """Whether somebody still waits for it."""
    return run is not None and run.finished_at is None and now - run.heartbeat_at < WORKER_TIMEOUT
