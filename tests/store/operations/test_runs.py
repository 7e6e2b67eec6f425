"""Runs."""

from __future__ import annotations

from datetime import timedelta

from bridge.store.database import Database
from bridge.store.operations import runs
from tests.store.sample_members import LATER, NOW

HOUR = timedelta(hours=1)


def test_runs_are_recorded(db: Database) -> None:
    with db.transaction() as session:
        assert runs.last_run(session, "pull") is None
        good = runs.start_run(session, "pull", "me", NOW)
        runs.finish_run(session, good, True, {"changes": 3}, LATER)
        bad = runs.start_run(session, "pull", "me", LATER)
        runs.heartbeat(session, bad, LATER + HOUR)
        running = runs.last_run(session, "pull")
        assert running is not None
        assert (running.id, running.ok, running.heartbeat_at) == (bad, None, LATER + HOUR)
        runs.finish_run(session, bad, False, {"error": "no answer"}, LATER)
        last, last_good = (runs.last_run(session, "pull", ok_only=ok) for ok in (False, True))
    assert last is not None
    assert last_good is not None
    assert (last.id, last.ok, last.detail) == (bad, False, {"error": "no answer"})
    assert (last_good.id, last_good.finished_at) == (good, LATER)
