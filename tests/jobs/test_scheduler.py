"""The scheduler: pages can trigger some jobs, and a failed job is recorded."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from apscheduler.schedulers import SchedulerNotRunningError

from bridge.access.form_readers import file_purpose
from bridge.config import ServiceSettings
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.feature import Feature
from bridge.foundations.files import rows
from bridge.foundations.files.file_types import FileType
from bridge.foundations.files.storage import open_files
from bridge.foundations.owners import Owner
from bridge.jobs import clock
from bridge.jobs.scheduler import FILES, OUTBOX, PULL, REFRESH, Scheduler
from bridge.store.delivery import outbox
from bridge.store.learning import refresh_requests
from bridge.store.operations import locks
from tests.support.job_environment import JobEnvironment, config_for, people
from tests.support.waiting import HANG_SECONDS, wait_until

DAY_SECONDS = 86_400
JOBS_AT_START = 10
"""All but drift and reconcile."""


def now() -> datetime:
    return datetime.now(UTC)


def once_a_day() -> ServiceSettings:
    """Every job starts now, and again in a day; those that run at night start in twelve hours."""
    night = now() + timedelta(hours=12)
    return ServiceSettings(
        pull_every=DAY_SECONDS,
        deliver_every=DAY_SECONDS,
        drift_every=DAY_SECONDS,
        reconcile_at=f"{night:%H:%M}",
    )


@pytest.fixture
def started(applied: JobEnvironment) -> JobEnvironment:
    applied.sign_up(*people(1))
    applied.deliver()
    applied.pull()
    return applied


@pytest.fixture
def scheduler(started: JobEnvironment) -> Iterator[Scheduler]:
    """A scheduler whose jobs have all ended their first run; they run again in a day.

    A job that still ran would run a second time when a test triggers it.
    """
    config = config_for(started.folder, started.site.url, service=once_a_day())
    jobs = Scheduler(config, started.database, started.curricula, started.site.client, now)
    ended: list[object] = []
    jobs._scheduler.add_listener(ended.append, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
    jobs.start()
    wait_until(lambda: len(ended) == JOBS_AT_START, "the first run of every job")
    assert pull_count(started) == 1
    yield jobs
    with suppress(SchedulerNotRunningError):
        jobs.stop()


def pull_count(env: JobEnvironment) -> int:
    """How many pulls succeeded."""
    return len(env.rows("SELECT id FROM run WHERE kind = 'pull' AND ok"))


def test_statistics_are_counted_at_the_start(started: JobEnvironment, scheduler: Scheduler) -> None:
    found = started.rows("SELECT name FROM saved_statistics")
    assert {name for (name,) in found} == {"everything", "coverage", "one-signoff-away"}


def test_a_triggered_pull_reads_new_results(started: JobEnvironment, scheduler: Scheduler) -> None:
    started.finish("N1", "check", 90)
    scheduler.trigger(PULL)
    wait_until(lambda: started.awards() == [("N1", "first")])
    wait_until(lambda: pull_count(started) == 2)


def test_a_triggered_refresh_reads_the_members_results(
    started: JobEnvironment, scheduler: Scheduler
) -> None:
    started.finish("N1", "check", 90)
    with started.database.transaction() as session:
        refresh_requests.request(session, 1, now())
    scheduler.trigger(REFRESH)
    wait_until(lambda: started.rows("SELECT outcome FROM refresh_request") == [("done",)])
    assert started.awards() == [("N1", "first")]
    assert pull_count(started) == 1


def test_a_refresh_runs_while_another_process_pulls(
    started: JobEnvironment, scheduler: Scheduler
) -> None:
    """The lock of the pull delays the pull only."""
    with started.database.transaction() as session:
        assert locks.acquire(session, PULL, "another", now(), timedelta(hours=1))
        refresh_requests.request(session, 1, now())
    started.finish("N1", "check", 90)
    scheduler.trigger(PULL)
    scheduler.trigger(REFRESH)
    wait_until(lambda: started.rows("SELECT outcome FROM refresh_request") == [("done",)])
    assert started.awards() == [("N1", "first")]
    assert pull_count(started) == 1


def test_a_triggered_outbox_sends_its_emails(started: JobEnvironment, scheduler: Scheduler) -> None:
    before = len(started.emails())
    with started.database.transaction() as session:
        words = {"link": "https://path.example/signin/x", "minutes": 15}
        outbox.enqueue(session, "sign-in", "m1@example.org", "en", words, now())
    scheduler.trigger(OUTBOX)
    wait_until(lambda: len(started.emails()) == before + 1)
    assert "m1@example.org" in [each["To"] for each in started.emails()]


def test_a_triggered_cleanup_deletes_removed_files(
    started: JobEnvironment, scheduler: Scheduler
) -> None:
    stored = open_files(started.config, started.database)
    file = stored.store(
        b"%PDF-", FileType.PDF, "a.pdf", owner=Owner(1), purpose=file_purpose(""), now=now()
    )
    with started.database.transaction() as session:
        rows.remove(session, [file])
    scheduler.trigger(FILES)
    wait_until(lambda: started.rows("SELECT id FROM stored_file") == [])
    assert not [each for each in (started.folder / "var/files").rglob("*") if each.is_file()]


def test_deadlines_run_by_themselves(started: JobEnvironment, scheduler: Scheduler) -> None:
    scheduler.stop()
    ran = threading.Event()
    kind = DeadlineKind("close", reminder=False, run=lambda *_: ran.set())
    rounds = Feature(name="rounds", deadlines=lambda _config, _curricula: (kind,))
    with started.database.transaction() as session:
        past = LocalTime(datetime.fromisoformat("2026-03-02 17:00"), "America/Toronto")
        schedule(session, "close", "round:1", past, now())
    again = Scheduler(
        started.config, started.database, started.curricula, started.site.client, now, (rounds,)
    )
    again.start()
    assert ran.wait(HANG_SECONDS)
    again.stop()
    assert started.rows("SELECT state FROM due") == [("done",)]


class BlockedJob:
    """Stands in for `run_refresh_requests`. Each run waits until `let_go` is set."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.started_runs = 0
        self.ended_runs = 0

    def __call__(self, *_: object, **__: object) -> dict[str, int]:
        self.started_runs += 1
        assert self.let_go.wait(HANG_SECONDS)
        self.ended_runs += 1
        return {}


@pytest.fixture
def blocked_refresh(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockedJob]:
    """The refresh job is running, and does not end until the test lets it."""
    job = BlockedJob()
    monkeypatch.setattr("bridge.jobs.scheduler.run_refresh_requests", job)
    scheduler.trigger(REFRESH)
    wait_until(lambda: job.started_runs > 0)
    yield job
    job.let_go.set()


def test_a_job_triggered_while_it_runs_runs_again(
    scheduler: Scheduler, blocked_refresh: BlockedJob, caplog: pytest.LogCaptureFixture
) -> None:
    """It may be past what it was triggered for, and its next turn is a day away."""
    with caplog.at_level(logging.WARNING, "apscheduler"):
        scheduler.trigger(REFRESH)
        scheduler.trigger(REFRESH)
        wait_until(lambda: "maximum number of running instances" in caplog.text)
    assert blocked_refresh.started_runs == 1
    blocked_refresh.let_go.set()
    wait_until(lambda: blocked_refresh.ended_runs >= 2)


def test_a_triggered_job_does_not_keep_the_scheduler_from_stopping(
    scheduler: Scheduler, blocked_refresh: BlockedJob
) -> None:
    scheduler.trigger(REFRESH)
    stopper = threading.Thread(target=scheduler.stop)
    stopper.start()
    wait_until(lambda: not scheduler._scheduler.running)
    blocked_refresh.let_go.set()
    stopper.join(HANG_SECONDS)
    assert not stopper.is_alive()
    assert blocked_refresh.ended_runs == blocked_refresh.started_runs == 1


@pytest.mark.parametrize("job", ["reconcile", "drift", "deliver", ""])
def test_other_jobs_cannot_be_triggered(scheduler: Scheduler, job: str) -> None:
    with pytest.raises(ValueError, match="no page triggers"):
        scheduler.trigger(job)


def test_a_job_that_crashes_is_recorded(
    started: JobEnvironment, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> dict[str, int]:
        raise KeyError("kim@example.org")

    monkeypatch.setattr("bridge.jobs.tasks.run_outbox", crash)
    sql = "SELECT ok, detail FROM run WHERE kind = 'outbox'"
    for _ in range(2):
        seen = started.rows(sql)
        scheduler.trigger(OUTBOX)
        wait_until(lambda seen=seen: started.rows(sql) != seen)  # type: ignore[misc]
    [(ok, detail)] = started.rows(sql)
    assert not ok
    assert "unexpected error KeyError at bridge.jobs.scheduler:" in detail
    assert '"times": 2' in detail
    assert "kim" not in detail


def test_jobs_go_on_when_the_clock_is_set_back(
    started: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "CHECK_SECONDS", 0.05)
    offset = timedelta()
    config = config_for(started.folder, started.site.url, service=once_a_day())
    jobs = Scheduler(
        config, started.database, started.curricula, started.site.client, lambda: now() + offset
    )
    jobs.start()
    try:
        wait_until(lambda: pull_count(started) == 1)
        offset = timedelta(minutes=-10)
        wait_until(lambda: pull_count(started) == 2)
        with started.database.transaction() as session:
            year = timedelta(days=365)
            locks.acquire(session, "pull", "killed", now() + year, timedelta(minutes=2))
        offset = timedelta(minutes=-20)
        wait_until(lambda: pull_count(started) == 3)
    finally:
        jobs.stop()
    assert pull_count(started) == 3
