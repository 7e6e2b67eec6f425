"""A job that has lost its lock stops; a killed run is marked as killed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.jobs import locks as job_locks
from bridge.jobs.locks import LEASE, LockLost, run_locked
from bridge.moodle.site.connection import connect
from bridge.store.operations import locks, runs
from bridge.store.operations.runs import KILLED
from bridge.workflows import site_sync
from tests.support.job_environment import JobEnvironment
from tests.support.waiting import wait_until


def test_an_apply_that_has_lost_its_lock_stops(
    env: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_locks, "RENEW_SECONDS", 0.02)
    steps: list[int] = []
    with run_locked(env.database, "apply", env.clock) as held:

        def progress(_step: object, index: int, _count: int) -> None:
            steps.append(index)
            if index == 2:
                with env.database.transaction() as session:
                    later = env.time + LEASE
                    assert locks.acquire(session, "apply", "other", later, LEASE)
                wait_until(held.lost.is_set)
            held.stop_if_lost()

        with pytest.raises(LockLost):
            site_sync.apply(connect(env.moodle), env.curricula[0], max_share=1.0, progress=progress)
    assert steps == [0, 1, 2]


def test_a_killed_run_is_marked_when_the_job_runs_again(env: JobEnvironment) -> None:
    with env.database.transaction() as session:
        killed = runs.start_run(session, "pull", "killed", env.time)
        other = runs.start_run(session, "drift", "running", env.time)
    env.time += timedelta(minutes=3)
    with run_locked(env.database, "pull", env.clock):
        pass
    found = env.rows("SELECT id, ok, finished_at IS NULL FROM run ORDER BY id")
    assert found[:2] == [(killed, 0, 0), (other, None, 1)]
    assert KILLED in str(env.rows(f"SELECT detail FROM run WHERE id = {killed}"))
