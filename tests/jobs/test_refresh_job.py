"""A member's own results, read when they ask: what the feed cannot see, once, by one worker."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import update

from bridge.curriculum.model import ActivityDone
from bridge.errors import MoodleError
from bridge.jobs.refresh import LEASE, run_refresh_requests
from bridge.moodle.client.client import Moodle
from bridge.store.learning import refresh_requests
from bridge.store.privacy import erase_member
from bridge.store.tables.members import Member
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import edited
from tests.support.sandbox_server import TOKEN, SandboxServer


def ask(env: JobEnvironment, number: str = "N1") -> int:
    ((member,),) = env.rows(f"SELECT id FROM member WHERE number = '{number}'")
    with env.database.transaction() as session:
        refresh_requests.request(session, member, env.time)
    return int(member)


def work(env: JobEnvironment) -> dict[str, object]:
    def open_moodle() -> AbstractContextManager[Moodle]:
        return env.site.client()

    return run_refresh_requests(env.database, open_moodle, env.curricula, env.clock)


def outcomes(env: JobEnvironment) -> list[str]:
    return [outcome for (outcome,) in env.rows("SELECT outcome FROM recheck ORDER BY member_id")]


def results(env: JobEnvironment) -> list[tuple[str, bool, float | None]]:
    rows = env.rows("SELECT activity, done, grade FROM completion ORDER BY activity")
    return [(activity, bool(done), grade) for activity, done, grade in rows]


@pytest.fixture
def started(applied: JobEnvironment) -> JobEnvironment:
    """Two members with accounts, in the first course."""
    applied.sign_up(*people(2))
    applied.deliver()
    applied.pull()
    applied.site.faults.clear()
    return applied


def lose_the_feed(env: JobEnvironment) -> None:
    """The feed moves on without telling what happened."""
    env.site.do("DELETE FROM change")


def test_what_the_feed_lost_is_seen_and_awarded(started: JobEnvironment) -> None:
    started.finish("N1", "hello")
    started.finish("N1", "check", 90)
    lose_the_feed(started)
    started.pull()
    assert results(started) == []
    ask(started)
    assert work(started) == {"members": 1}
    assert outcomes(started) == ["done"]
    assert results(started) == [("check", True, 90.0), ("hello", True, None)]
    assert started.awards() == [("N1", "first")]
    assert started.states("mail") == {"owed": 1}


def test_only_the_member_who_asks_is_read(started: JobEnvironment) -> None:
    started.finish("N2", "check", 90)
    lose_the_feed(started)
    ask(started)
    work(started)
    assert started.awards() == []
    calls = [name for name in started.site.faults.log if "gradereport" in name]
    assert len(calls) == 1


def test_it_costs_a_few_calls_however_many_members_there_are(started: JobEnvironment) -> None:
    started.sign_up(*people(30))
    started.deliver()
    started.finish("N1", "check", 90)
    started.site.faults.clear()
    ask(started)
    work(started)
    assert started.site.faults.log == (
        "core_webservice_get_site_info",
        "local_stewardpath_get_site_state",
        "gradereport_user_get_grade_items",
        "core_completion_get_activities_completion_status",
    )


def test_nobody_waits_and_moodle_is_not_asked(started: JobEnvironment) -> None:
    assert work(started) == {"members": 0}
    assert started.site.faults.log == ()


def test_a_try_that_did_not_pass_is_a_result(started: JobEnvironment) -> None:
    started.finish("N1", "check", 40)
    lose_the_feed(started)
    ask(started)
    work(started)
    assert results(started) == [("check", False, 40.0)]
    assert started.awards() == []


def test_what_is_known_stays_as_it_is(started: JobEnvironment) -> None:
    first = started.curricula[0].milestones[0]
    more = replace(first, requirements=(*first.requirements, ActivityDone("hello")))
    started.curricula = [edited(started.curricula[0], 0, more)]
    started.finish("N1", "check", 90)
    started.pull()
    before = started.rows("SELECT * FROM completion")
    started.site.do("UPDATE attempt SET grade = 20")
    started.advance_time()
    ask(started)
    work(started)
    assert outcomes(started) == ["done"]
    assert started.rows("SELECT * FROM completion") == before
    started.site.do("UPDATE attempt SET grade = 95")
    started.finish("N1", "hello")
    ask(started)
    work(started)
    assert results(started) == [("check", True, 95.0), ("hello", True, None)]
    assert started.awards() == [("N1", "first")]


def test_without_the_companion_it_is_seen_too(
    build: BuildEnvironment, bare_sandbox_server: SandboxServer
) -> None:
    env = build(bare_sandbox_server)
    env.apply()
    env.site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name, idnumber,"
        " completion) SELECT 1, courseid, id, 0, 'quiz', 'Quiz check', '', 2 FROM section"
        " WHERE name LIKE '%start'"
    )
    env.site.do("UPDATE activity SET idnumber = 'stewardpath:path:check'")
    env.sign_up(*people(1))
    env.deliver()
    env.finish("N1", "check", 90)
    env.site.do("UPDATE activity SET idnumber = ''")
    ask(env)
    work(env)
    assert outcomes(env) == ["done"]
    assert results(env) == [("check", True, 90.0)]
    assert env.awards() == [("N1", "first")]


def test_a_member_without_an_account_is_told_so(applied: JobEnvironment) -> None:
    applied.sign_up(*people(1))
    ask(applied)
    work(applied)
    assert outcomes(applied) == ["no-account"]


def test_moodle_down_is_told_to_everybody_who_waits(started: JobEnvironment) -> None:
    ask(started, "N1")
    ask(started, "N2")
    started.site.fail("maintenance", times=99)
    with pytest.raises(MoodleError):
        work(started)
    assert outcomes(started) == ["failed", "failed"]


def test_one_who_is_refused_does_not_hold_up_the_others(started: JobEnvironment) -> None:
    ask(started, "N1")
    ask(started, "N2")
    with started.database.transaction() as session:
        session.execute(update(Member).where(Member.number == "N1").values(moodle_user_id=9999))
    started.finish("N2", "check", 90)
    lose_the_feed(started)
    assert work(started) == {"members": 2}
    assert outcomes(started) == ["failed", "done"]
    assert started.awards() == [("N2", "first")]


def test_who_is_forgotten_meanwhile_holds_nobody_up(started: JobEnvironment) -> None:
    first = ask(started, "N1")
    ask(started, "N2")
    started.finish("N1", "check", 90)
    started.finish("N2", "check", 90)

    def forget(function: str, _seconds: float, _outcome: str) -> None:
        if "completion_status" in function and started.rows("SELECT id FROM member WHERE id = 1"):
            with started.database.transaction() as session:
                erase_member(session, first, "somebody", started.time)

    def open_moodle() -> AbstractContextManager[Moodle]:
        return Moodle(started.site.url, TOKEN, observer=forget)

    run_refresh_requests(started.database, open_moodle, started.curricula, started.clock)
    assert outcomes(started) == ["done"]
    assert started.awards() == [("N2", "first")]


def test_two_workers_never_take_the_same_member(started: JobEnvironment) -> None:
    for number in ("N1", "N2"):
        ask(started, number)
    taken: list[int] = []
    gate = threading.Barrier(2)

    def take(name: str) -> None:
        gate.wait()
        with started.database.transaction() as session:
            taken.extend(refresh_requests.claim(session, name, started.time, LEASE, 20))

    threads = [threading.Thread(target=take, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 2


def test_what_a_killed_worker_held_is_taken_when_its_lease_ends(started: JobEnvironment) -> None:
    ask(started)
    with started.database.transaction() as session:
        assert refresh_requests.claim(session, "killed", started.time, LEASE, 20)
    assert work(started) == {"members": 0}
    started.time += LEASE
    assert work(started) == {"members": 1}
    assert outcomes(started) == ["done"]


def test_a_wish_after_the_reading_began_is_not_answered_by_it(started: JobEnvironment) -> None:
    member = ask(started)
    with started.database.transaction() as session:
        assert refresh_requests.claim(session, "slow", started.time, LEASE, 20) == [member]
    ask(started)
    with started.database.transaction() as session:
        refresh_requests.finish(session, member, "slow", "done", started.time)
    assert outcomes(started) == [""]
    assert work(started) == {"members": 1}


@pytest.mark.parametrize("kind", ["error-500", "empty", "exception"])
def test_one_whose_results_cannot_be_read_holds_up_no_other(
    started: JobEnvironment, kind: str
) -> None:
    user = ("userid", str(started.user("N1")))
    started.site.fail(kind, field=user, code="dmlreadexception")
    for number in ("N1", "N2"):
        started.finish(number, "check", 90)
        ask(started, number)
    work(started)
    assert outcomes(started)[1] == "done"
    assert [member for member, _ in started.awards()][-1] == "N2"
