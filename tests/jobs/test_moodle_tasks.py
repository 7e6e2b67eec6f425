"""What features keep in Moodle: done when it is due, all of it at night, one error at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bridge.errors import MoodleUnavailable
from bridge.foundations.feature import Feature, MoodleTask, MoodleWork
from bridge.jobs.locks import run_locked
from bridge.jobs.moodle_tasks import run_moodle_tasks
from bridge.jobs.scheduler import Scheduler
from bridge.moodle.client.client import Moodle
from tests.support.job_environment import JobEnvironment


@dataclass
class Task:
    """A task that notes its runs: whether each was a check."""

    name: str
    due: bool = True
    broken: bool = False
    runs: list[bool] = field(default_factory=list)

    def run(self, work: MoodleWork, moodle: Moodle, *, check: bool = False) -> Mapping[str, int]:
        self.runs.append(check)
        if self.broken:
            raise MoodleUnavailable("the site is down.")
        return {"saved": 1}

    @property
    def feature(self) -> Feature:
        task = MoodleTask(self.name, lambda _: self.due, self.run)
        return Feature(name=self.name, moodle_tasks=(task,))


@pytest.fixture
def work(env: JobEnvironment) -> MoodleWork:
    return MoodleWork(env.database, env.config, (), lambda: datetime.now(UTC))


Connect = Callable[[], AbstractContextManager[Moodle]]


def run(work: MoodleWork, env: JobEnvironment, *tasks: Task, check: bool = False) -> dict[str, int]:
    features = [each.feature for each in tasks]
    return dict(run_moodle_tasks(work, env.site.client, features=features, check=check))


def test_what_is_not_due_waits_for_the_night(work: MoodleWork, env: JobEnvironment) -> None:
    due, done = Task("due"), Task("done", due=False)
    assert run(work, env, due, done) == {"saved": 1}
    assert (due.runs, done.runs) == ([False], [])
    assert run(work, env, due, done, check=True) == {"saved": 2}
    assert (due.runs, done.runs) == ([False, True], [True])


def test_without_anything_due_nothing_connects(work: MoodleWork, env: JobEnvironment) -> None:
    def connect() -> AbstractContextManager[Moodle]:
        raise AssertionError("it connected")

    features = [Task("done", due=False).feature]
    assert run_moodle_tasks(work, connect, features=features) == {}


def test_an_error_stops_no_other_and_is_recorded(work: MoodleWork, env: JobEnvironment) -> None:
    broken, other = Task("broken", broken=True), Task("other")
    assert run(work, env, broken, other) == {"failed": 1, "saved": 1}
    [(kind, detail)] = env.rows("SELECT kind, detail FROM run WHERE ok = 0")
    assert kind == "broken"
    assert "the site is down." in detail


def test_one_process_at_a_time(work: MoodleWork, env: JobEnvironment) -> None:
    task = Task("calendar")
    with run_locked(env.database, "calendar", work.clock):
        assert run(work, env, task) == {"failed": 1}
    assert task.runs == []


def test_the_nightly_job_checks(applied: JobEnvironment) -> None:
    task = Task("calendar", due=False)
    jobs = Scheduler(
        applied.config, applied.database, applied.curricula, applied.site.client,
        lambda: datetime.now(UTC), features=[task.feature],
    )  # fmt: skip
    with applied.site.client() as moodle:
        jobs._reconcile(moodle)
    assert task.runs == [True]
