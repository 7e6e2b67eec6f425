"""Runs of jobs: when they started, and how they ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bridge.store.tables.operations import Run

FAILURE_GROUPING_PERIOD = timedelta(days=1)
"""The same error within this time is counted on one run."""


def start_run(session: Session, kind: str, owner: str, now: datetime) -> int:
    """Record the start of a job; return the run's ID."""
    row = Run(
        kind=kind,
        owner=owner,
        started_at=now,
        heartbeat_at=now,
        finished_at=None,
        ok=None,
        detail={},
    )
    session.add(row)
    session.flush()
    return row.id


def heartbeat(session: Session, run_id: int, now: datetime) -> None:
    """Record that the run is still at work."""
    session.execute(update(Run).where(Run.id == run_id).values(heartbeat_at=now))


def finish_run(
    session: Session, run_id: int, ok: bool, detail: Mapping[str, object], now: datetime
) -> None:
    """Record the end of a run. `detail` has counts and reasons, never personal data."""
    values = {"finished_at": now, "heartbeat_at": now, "ok": ok, "detail": dict(detail)}
    session.execute(update(Run).where(Run.id == run_id).values(**values))


def last_run(session: Session, kind: str, *, ok_only: bool = False) -> Run | None:
    """Return the latest run of a kind; with `ok_only` the latest that succeeded."""
    query = select(Run).where(Run.kind == kind).order_by(Run.started_at.desc(), Run.id.desc())
    if ok_only:
        query = query.where(Run.ok.is_(True))
    return session.scalars(query.limit(1), execution_options={"populate_existing": True}).first()


def record_failure(session: Session, kind: str, owner: str, error: str, now: datetime) -> None:
    """Record a failure of a job that doesn't record each of its runs.

    The same error within a day only increases a count, so that a job that fails every few
    seconds doesn't fill the table.
    """
    last = last_run(session, kind)
    repeated = last is not None and last.ok is False and last.detail.get("error") == error
    if last is None or not repeated or now - last.started_at > FAILURE_GROUPING_PERIOD:
        run = start_run(session, kind, owner, now)
        finish_run(session, run, False, {"error": error, "times": 1}, now)
        return
    times = last.detail.get("times")
    count = times + 1 if isinstance(times, int) else 2
    finish_run(session, last.id, False, {**last.detail, "times": count}, now)


def failed_since(session: Session, kinds: Collection[str], since: datetime) -> list[Run]:
    """Return the latest failed run of each kind that ended after `since`."""
    found = (
        session.scalars(
            select(Run)
            .where(Run.kind == kind, Run.ok.is_(False), Run.finished_at > since)
            .order_by(Run.started_at.desc(), Run.id.desc())
            .limit(1),
            execution_options={"populate_existing": True},
        ).first()
        for kind in kinds
    )
    return [run for run in found if run]


def runs_since(session: Session, kind: str, since: datetime, limit: int = 50) -> Sequence[Run]:
    """Return the latest runs of a kind that started after `since`, newest first."""
    query = select(Run).where(Run.kind == kind, Run.started_at > since)
    return session.scalars(query.order_by(Run.started_at.desc(), Run.id.desc()).limit(limit)).all()


def prune(session: Session, before: datetime) -> int:
    """Delete runs that started before a time; return how many."""
    deleted = delete(Run).where(Run.started_at < before).returning(Run.id)
    return len(session.scalars(deleted).all())
