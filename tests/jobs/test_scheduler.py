"""The jobs on their clocks: what pages wake runs now, and nothing else can be woken."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bridge.config import ServiceSettings
from bridge.jobs.scheduler import OUTBOX, PULL, REFRESH, Scheduler
from bridge.store.delivery import outbox
from bridge.store.learning import refresh_requests
from bridge.store.operations import locks
from tests.jobs.job_environment import JobEnvironment, config_for, people

SELDOM = ServiceSettings(pull_every=86_400, deliver_every=86_400, drift_every=86_400)
ENOUGH = 60.0


def now() -> datetime:
    return datetime.now(UTC)


def until(holds: Callable[[], bool]) -> None:
    """Wait for it; a test that waits in vain fails."""
    end = time.monotonic() + ENOUGH
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def started(applied: JobEnvironment) -> JobEnvironment:
    applied.sign_up(*people(1))
    applied.deliver()
    applied.pull()
    return applied


@pytest.fixture
def scheduler(started: JobEnvironment) -> Iterator[Scheduler]:
    """One whose jobs have had their first turn, and come again in a day."""
    config = config_for(started.folder, started.site.url, service=SELDOM)
    jobs = Scheduler(config, started.database, started.curricula, started.site.client, now)
    jobs.start()
    until(lambda: pulls(started) == 1)
    yield jobs
    jobs.stop()


def pulls(env: JobEnvironment) -> int:
    """How many ended well."""
    return len(env.rows("SELECT id FROM run WHERE kind = 'pull' AND ok"))


def test_figures_are_counted_as_soon_as_the_jobs_begin(
    started: JobEnvironment, scheduler: Scheduler
) -> None:
    until(lambda: len(started.rows("SELECT name FROM saved_statistics")) == 1)


def test_a_pull_that_is_woken_brings_what_is_new(
    started: JobEnvironment, scheduler: Scheduler
) -> None:
    started.finish("N1", "check", 90)
    scheduler.wake(PULL)
    until(lambda: started.awards() == [("N1", "first")])
    until(lambda: pulls(started) == 2)


def test_who_waits_for_their_results_is_answered(
    started: JobEnvironment, scheduler: Scheduler
) -> None:
    started.finish("N1", "check", 90)
    with started.database.transaction() as session:
        refresh_requests.request(session, 1, now())
    scheduler.wake(REFRESH)
    until(lambda: started.rows("SELECT outcome FROM refresh_request") == [("done",)])
    assert started.awards() == [("N1", "first")]
    assert pulls(started) == 1


def test_their_results_come_while_another_process_pulls(
    started: JobEnvironment, scheduler: Scheduler
) -> None:
    """The guard of the pull holds up the pull alone."""
    with started.database.transaction() as session:
        assert locks.acquire(session, PULL, "another", now(), timedelta(hours=1))
        refresh_requests.request(session, 1, now())
    started.finish("N1", "check", 90)
    scheduler.wake(PULL)
    scheduler.wake(REFRESH)
    until(lambda: started.rows("SELECT outcome FROM refresh_request") == [("done",)])
    assert started.awards() == [("N1", "first")]
    assert pulls(started) == 1


def test_a_letter_that_is_woken_is_sent(started: JobEnvironment, scheduler: Scheduler) -> None:
    until(lambda: len(started.mails()) > 0)
    before = len(started.mails())
    with started.database.transaction() as session:
        words = {"link": "https://path.example/signin/x", "minutes": 15}
        outbox.enqueue(session, "sign-in", "m1@example.org", "en", words, now())
    scheduler.wake(OUTBOX)
    until(lambda: len(started.mails()) == before + 1)


@pytest.mark.parametrize("job", ["reconcile", "drift", "deliver", ""])
def test_nothing_else_is_woken(scheduler: Scheduler, job: str) -> None:
    with pytest.raises(ValueError, match="no page wakes"):
        scheduler.wake(job)


def test_a_job_that_crashes_leaves_a_trace(
    started: JobEnvironment, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_letters(*_: object, **__: object) -> dict[str, int]:
        raise KeyError("kim@example.org")

    monkeypatch.setattr("bridge.jobs.tasks.run_outbox", run_letters)
    sql = "SELECT ok, detail FROM run WHERE kind = 'outbox'"
    for _ in range(2):
        seen = started.rows(sql)
        scheduler.wake(OUTBOX)
        until(lambda seen=seen: started.rows(sql) != seen)  # type: ignore[misc]
    [(ok, detail)] = started.rows(sql)
    assert not ok
    assert "unexpected error KeyError at bridge.jobs.scheduler:" in detail
    assert '"times": 2' in detail
    assert "kim" not in detail
