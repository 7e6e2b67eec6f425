"""Guards that let one process at a time work, and the record of what jobs did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bridge.store.tables.operations import Run

ONE_RECORD = timedelta(days=1)
"""For so long the same failure of a job is counted on one record."""


def start_run(session: Session, kind: str, owner: str, now: datetime) -> int:
    """Record that a job of that kind has begun; returns the run's id."""
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
    """Record that the run is still alive."""
    session.execute(update(Run).where(Run.id == run_id).values(heartbeat_at=now))


def finish_run(
    session: Session, run_id: int, ok: bool, detail: Mapping[str, object], now: datetime
) -> None:
    """Record how it ended. `detail` holds counts and reasons, never personal data."""
    values = {"finished_at": now, "heartbeat_at": now, "ok": ok, "detail": dict(detail)}
    session.execute(update(Run).where(Run.id == run_id).values(**values))


def last_run(session: Session, kind: str, *, ok_only: bool = False) -> Run | None:
    """The newest run of that kind; with `ok_only` the newest that ended well."""
    query = select(Run).where(Run.kind == kind).order_by(Run.started_at.desc(), Run.id.desc())
    if ok_only:
        query = query.where(Run.ok.is_(True))
    return session.scalars(query.limit(1), execution_options={"populate_existing": True}).first()


def note_failure(session: Session, kind: str, owner: str, error: str, now: datetime) -> None:
    """Record that a job of that kind ended with `error`, where no run of its own says so.

    The same error again within a day is counted on the record that is there: a job that fails
    every few seconds fills no table.
    """
    last = last_run(session, kind)
    again = last is not None and last.ok is False and last.detail.get("error") == error
    if last is None or not again or now - last.started_at > ONE_RECORD:
        run = start_run(session, kind, owner, now)
        finish_run(session, run, False, {"error": error, "times": 1}, now)
        return
    times = last.detail.get("times")
    count = times + 1 if isinstance(times, int) else 2
    finish_run(session, last.id, False, {**last.detail, "times": count}, now)


def failed_since(session: Session, kinds: Collection[str], since: datetime) -> list[Run]:
    """For each kind the newest run that failed and ended after that time, if there is one."""
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


def prune(session: Session, before: datetime) -> int:
    """Forget runs that began before that time; returns how many."""
    gone = delete(Run).where(Run.started_at < before).returning(Run.id)
    return len(session.scalars(gone).all())
