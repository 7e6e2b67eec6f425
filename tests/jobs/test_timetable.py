"""Jobs run by elapsed time, one run at a time, whatever the clock on the wall says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.jobs import timetable
from bridge.jobs.timetable import Timetable
from tests.support.waiting import HANG_SECONDS, wait_until

EVENING = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)


class Elapsed:
    """A monotonic clock that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def forward(self, table: Timetable, seconds: float) -> None:
        with table._changed:
            self.seconds += seconds
            table._changed.notify_all()


@pytest.fixture
def elapsed() -> Elapsed:
    return Elapsed()


@pytest.fixture
def table(elapsed: Elapsed) -> Iterator[Timetable]:
    made = Timetable(elapsed)
    yield made
    made.stop()


def nothing() -> None:
    """A job with nothing to do."""


def test_a_job_runs_at_the_start_and_after_each_interval(
    table: Timetable, elapsed: Elapsed
) -> None:
    table.every("pull", 60, nothing)
    table.every("drift", 100, nothing, first=100)
    table.start()
    wait_until(lambda: table.ended == {"pull": 1})
    elapsed.forward(table, 60)
    wait_until(lambda: table.ended["pull"] == 2)
    elapsed.forward(table, 40)
    wait_until(lambda: table.ended["drift"] == 1)
    assert table.ended["pull"] == 2


def test_intervals_that_passed_while_a_job_ran_are_left_out(
    table: Timetable, elapsed: Elapsed
) -> None:
    let_go = threading.Event()
    table.every("pull", 60, lambda: let_go.wait(HANG_SECONDS) and None)
    table.start()
    wait_until(lambda: table._intervals["pull"].due == 60)
    elapsed.forward(table, 200)
    let_go.set()
    wait_until(lambda: table._intervals["pull"].due == 240)
    wait_until(lambda: table.ended["pull"] == 2)


@pytest.mark.parametrize(
    ("passed", "due"),
    [
        (timedelta(hours=4), False),
        (timedelta(hours=6), True),
        (timedelta(days=365), True),
        (timedelta(days=-365), False),
    ],
)
def test_a_daily_job_is_due_once_its_time_has_come(passed: timedelta, due: bool) -> None:
    """At 21:00 UTC it's 16:00 in Toronto; the job runs at 21:30 there."""
    now = [EVENING]
    job = timetable._Daily(21, 30, ZoneInfo("America/Toronto"), lambda: now[0], nothing)
    now[0] += passed
    assert job.is_due() is due
    assert not job.is_due()


def test_a_daily_job_runs_again_after_the_clock_was_set_back() -> None:
    now = [EVENING]
    job = timetable._Daily(3, 0, ZoneInfo("UTC"), lambda: now[0], nothing)
    for hours, due in ((-240, False), (3, False), (4, True), (22, False), (1, True)):
        now[0] += timedelta(hours=hours)
        assert job.is_due() is due, hours


def test_a_daily_job_runs_by_itself(table: Timetable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable, "DAILY_CHECK_SECONDS", 0.01)
    now = [EVENING]
    table.daily("reconcile", 3, 0, ZoneInfo("UTC"), lambda: now[0], nothing)
    table.start()
    now[0] += timedelta(hours=7)
    wait_until(lambda: table.ended["reconcile"] == 1)
