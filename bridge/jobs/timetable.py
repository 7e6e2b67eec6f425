"""When jobs run: at intervals of elapsed time, which setting the system's clock doesn't change."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAILY_CHECK_SECONDS = 30.0

Run = Callable[[], None]


@dataclass(slots=True)
class _Interval:
    seconds: float
    run: Run
    due: float
    soon: bool = False


@dataclass(slots=True)
class _Daily:
    hour: int
    minute: int
    zone: ZoneInfo
    clock: Callable[[], datetime]
    run: Run
    checked: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.checked = self.clock()

    def is_due(self) -> bool:
        """Whether the time of day has come since the last call."""
        before, self.checked = self.checked, self.clock()
        local = before.astimezone(self.zone)
        due = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        if due <= local:
            due += timedelta(days=1)
        return due <= self.checked


class Timetable:
    """Runs each job on a thread of its own, so that it never runs twice at the same time.

    `run` of a job must not raise. An interval that passed while the job ran is left out. `ended`
    counts the runs of each job.
    """

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._intervals: dict[str, _Interval] = {}
        self._daily: dict[str, _Daily] = {}
        self._threads: list[threading.Thread] = []
        self.ended: Counter[str] = Counter()

    def every(self, name: str, seconds: float, run: Run, *, first: float = 0) -> None:
        """Run a job every so many seconds, for the first time `first` seconds from now."""
        self._intervals[name] = _Interval(seconds, run, self._elapsed() + first)

    def daily(
        self, name: str, hour: int, minute: int, zone: ZoneInfo, clock: Callable[[], datetime],
        run: Run,
    ) -> None:  # fmt: skip
        """Run a job at a time of day, which only the clock on the wall knows."""
        self._daily[name] = _Daily(hour, minute, zone, clock, run)

    def start(self) -> None:
        """Start the threads."""
        jobs = dict.fromkeys(self._intervals, self._run_interval)
        jobs |= dict.fromkeys(self._daily, self._run_daily)
        for name, target in jobs.items():
            thread = threading.Thread(target=target, args=(name,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def run_soon(self, *names: str) -> None:
        """Run jobs now. One that is running runs again when it ends."""
        with self._changed:
            for name in names:
                self._intervals[name].soon = True
            self._changed.notify_all()

    def run_all_soon(self) -> None:
        """Run all jobs that have an interval now."""
        self.run_soon(*self._intervals)

    def stop(self) -> None:
        """Wait until the jobs that are running have ended. No other begins."""
        with self._changed:
            self._stopping.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _run_interval(self, name: str) -> None:
        job = self._intervals[name]
        while self._wait(job):
            job.run()
            with self._changed:
                self.ended[name] += 1

    def _wait(self, job: _Interval) -> bool:
        """Wait until the job is to run. False if it isn't to run any more."""
        with self._changed:
            while not self._stopping.is_set() and not job.soon and self._elapsed() < job.due:
                self._changed.wait(job.due - self._elapsed())
            job.soon = False
            while job.due <= self._elapsed():
                job.due += job.seconds
            return not self._stopping.is_set()

    def _run_daily(self, name: str) -> None:
        job = self._daily[name]
        while not self._stopping.wait(DAILY_CHECK_SECONDS):
            if job.is_due():
                job.run()
                with self._changed:
                    self.ended[name] += 1
