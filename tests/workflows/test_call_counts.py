"""Counts that must not grow: calls and statements a batch, and reads of the curricula."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from bridge.curriculum.model import Curriculum
from bridge.jobs.tasks import run_pull
from bridge.moodle.site.connection import connect
from bridge.store.delivery.kinds import LARGE_BATCH_SIZE
from bridge.workflows.delivery.dispatcher import deliver
from bridge.workflows.results.pull import PullResult
from bridge.workflows.site_sync import make_plan
from tests.support.job_environment import JobEnvironment, people
from tests.support.query_lists import added, listed

PATH = "stewardpath:path"
CALLS = "Calls to Moodle: {}. If you mean to add one, raise the number in this test."


@pytest.fixture
def ready(env: JobEnvironment) -> JobEnvironment:
    env.apply()
    env.moodle.calls.clear()
    return env


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement that reaches a database while this is open."""
    found: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    yield found
    event.remove(Engine, "before_cursor_execute", record)


class CountingLibrary(tuple[Curriculum, ...]):
    """Curricula that count how often they are iterated."""

    asked = 0

    def __iter__(self) -> Iterator[Curriculum]:
        type(self).asked += 1
        return super().__iter__()


def sign_up_and_enrol(env: JobEnvironment, count: int) -> list[str]:
    """Sign up and enrol members. Returns the SQL statements."""
    env.sign_up(*people(count))
    kinds = [kind for kind in env.delivery_kinds() if kind.kind in ("account", "enrol")]
    with statements() as found:
        resolutions = deliver(env.database, kinds, owner="one", clock=env.clock)
    assert set(+resolutions) == {"done"}
    return found


def test_a_batch_of_members_is_enrolled_in_three_calls(ready: JobEnvironment) -> None:
    sign_up_and_enrol(ready, 2 * LARGE_BATCH_SIZE)
    assert ready.moodle.calls == {
        "core_webservice_get_site_info": 1,
        "local_stewardpath_get_site_state": 1,
        "local_stewardpath_find_users": 2,
        "core_user_create_users": 2,
        "enrol_manual_enrol_users": 2,
    }, CALLS.format(ready.moodle.calls)


def test_a_batch_takes_as_many_statements_as_one_member(ready: JobEnvironment) -> None:
    few, many = (sign_up_and_enrol(ready, count) for count in (1, LARGE_BATCH_SIZE))
    assert len(few) == len(many), added(few, many)


def test_a_thousand_changes_are_pulled_in_two_calls(ready: JobEnvironment) -> None:
    sign_up_and_enrol(ready, 20)
    run(ready)
    ready.moodle.calls.clear()
    with ready.site.database.transaction() as db:
        users = [row["id"] for row in db.execute("SELECT id FROM user WHERE idnumber <> ''")]
        db.executemany(
            "INSERT INTO change (kind, userid, idnumber, state, grade, time)"
            " VALUES ('completion', ?, ?, 2, 100, ?)",
            [(users[n % 20], f"{PATH}:no-{n}", ready.site.time) for n in range(1_000)],
        )
    with statements() as found:
        pulled = run(ready)
    assert (pulled.changes, pulled.members) == (1_000, 20)
    assert sum(ready.moodle.calls.values()) == 2, CALLS.format(ready.moodle.calls)
    assert len(found) < 60, listed(found)


def run(env: JobEnvironment) -> PullResult:
    return run_pull(env.database, env.moodle, env.config, env.curricula, env.clock)


def test_a_plan_with_nothing_to_do_costs_two_calls_and_one_a_course(ready: JobEnvironment) -> None:
    plan = make_plan(connect(ready.moodle), ready.curricula[0], 1)
    assert not plan.changes
    courses = len(ready.curricula[0].milestones)
    assert sum(ready.moodle.calls.values()) == 2 + courses, CALLS.format(ready.moodle.calls)


def test_curricula_are_read_as_often_for_many_members_as_for_one(ready: JobEnvironment) -> None:
    ready.curricula = CountingLibrary(ready.curricula)
    asked = []
    for count in (1, 30):
        CountingLibrary.asked = 0
        ready.sign_up(*people(count))
        run(ready)
        asked.append(CountingLibrary.asked)
    assert asked[0] == asked[1], "Read the curricula once for all members, not once for each."
