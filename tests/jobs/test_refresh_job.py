"""Members' refresh requests are carried out once, by one worker, and find what the feed missed."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import update

from bridge.curriculum.requirements.activity import ActivityDone
from bridge.errors import MoodleError
from bridge.jobs.refresh import LEASE, run_refresh_requests
from bridge.moodle.client.client import Moodle
from bridge.privacy import erase_member
from bridge.store.learning import refresh_requests
from bridge.store.tables.members import Member
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import edited
from tests.support.sandbox_server import TOKEN, SandboxServer


def request(env: JobEnvironment, number: str = "N1") -> int:
    ((member,),) = env.rows(f"SELECT id FROM member WHERE number = '{number}'")
    with env.database.transaction() as session:
        refresh_requests.request(session, member, env.time)
    return int(member)


def run_requests(env: JobEnvironment) -> dict[str, object]:
    def open_moodle() -> AbstractContextManager[Moodle]:
        return env.site.client()

    return run_refresh_requests(env.database, open_moodle, env.curricula, env.clock)


def outcomes(env: JobEnvironment) -> list[str]:
    return [
        outcome for (outcome,) in env.rows("SELECT outcome FROM refresh_request ORDER BY member_id")
    ]


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


def delete_feed_rows(env: JobEnvironment) -> None:
    """Delete the feed's rows, so that a pull doesn't see what happened."""
    env.site.do("DELETE FROM change")


def test_results_that_the_feed_missed_are_found_and_awarded(started: JobEnvironment) -> None:
    started.finish("N1", "hello")
    started.finish("N1", "check", 90)
    delete_feed_rows(started)
    started.pull()
    assert results(started) == []
    request(started)
    assert run_requests(started) == {"members": 1}
    assert outcomes(started) == ["done"]
    assert results(started) == [("check", True, 90.0), ("hello", True, None)]
    assert started.awards() == [("N1", "first")]
    assert started.states("mail") == {"owed": 1}


def test_only_the_requesting_member_is_read(started: JobEnvironment) -> None:
    started.finish("N2", "check", 90)
    delete_feed_rows(started)
    request(started)
    run_requests(started)
    assert started.awards() == []
    calls = [name for name in started.site.faults.log if "gradereport" in name]
    assert len(calls) == 1


def test_the_number_of_calls_does_not_depend_on_the_number_of_members(
    started: JobEnvironment,
) -> None:
    started.sign_up(*people(30))
    started.deliver()
    started.finish("N1", "check", 90)
    started.site.faults.clear()
    request(started)
    run_requests(started)
    assert started.site.faults.log == (
        "core_webservice_get_site_info",
        "local_stewardpath_get_site_state",
        "gradereport_user_get_grade_items",
        "core_completion_get_activities_completion_status",
    )


def test_without_requests_moodle_is_not_called(started: JobEnvironment) -> None:
    assert run_requests(started) == {"members": 0}
    assert started.site.faults.log == ()


def test_a_failed_attempt_is_a_result(started: JobEnvironment) -> None:
    started.finish("N1", "check", 40)
    delete_feed_rows(started)
    request(started)
    run_requests(started)
    assert results(started) == [("check", False, 40.0)]
    assert started.awards() == []


def test_better_results_are_not_overwritten_by_worse_ones(started: JobEnvironment) -> None:
    first = started.curricula[0].milestones[0]
    more = replace(first, requirements=(*first.requirements, ActivityDone("hello")))
    started.curricula = [edited(started.curricula[0], 0, more)]
    started.finish("N1", "check", 90)
    started.pull()
    before = started.rows("SELECT * FROM completion")
    started.site.do("UPDATE attempt SET grade = 20")
    started.advance_time()
    request(started)
    run_requests(started)
    assert outcomes(started) == ["done"]
    assert started.rows("SELECT * FROM completion") == before
    started.site.do("UPDATE attempt SET grade = 95")
    started.finish("N1", "hello")
    request(started)
    run_requests(started)
    assert results(started) == [("check", True, 95.0), ("hello", True, None)]
    assert started.awards() == [("N1", "first")]


def test_it_works_without_the_companion(
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
    request(env)
    run_requests(env)
    assert outcomes(env) == ["done"]
    assert results(env) == [("check", True, 90.0)]
    assert env.awards() == [("N1", "first")]


def test_a_member_without_an_account(applied: JobEnvironment) -> None:
    applied.sign_up(*people(1))
    request(applied)
    run_requests(applied)
    assert outcomes(applied) == ["no-account"]


def test_all_requests_fail_when_moodle_is_down(started: JobEnvironment) -> None:
    request(started, "N1")
    request(started, "N2")
    started.site.fail("maintenance", times=99)
    with pytest.raises(MoodleError):
        run_requests(started)
    assert outcomes(started) == ["failed", "failed"]


def test_a_refused_member_does_not_stop_the_others(started: JobEnvironment) -> None:
    request(started, "N1")
    request(started, "N2")
    with started.database.transaction() as session:
        session.execute(update(Member).where(Member.number == "N1").values(moodle_user_id=9999))
    started.finish("N2", "check", 90)
    delete_feed_rows(started)
    assert run_requests(started) == {"members": 2}
    assert outcomes(started) == ["failed", "done"]
    assert started.awards() == [("N2", "first")]


def test_a_member_erased_meanwhile_does_not_stop_the_others(started: JobEnvironment) -> None:
    first = request(started, "N1")
    request(started, "N2")
    started.finish("N1", "check", 90)
    started.finish("N2", "check", 90)

    def erase(function: str, _seconds: float, _outcome: str) -> None:
        if "completion_status" in function and started.rows("SELECT id FROM member WHERE id = 1"):
            with started.database.transaction() as session:
                erase_member(session, first, "committee", started.time)

    def open_moodle() -> AbstractContextManager[Moodle]:
        return Moodle(started.site.url, TOKEN, observer=erase)

    run_refresh_requests(started.database, open_moodle, started.curricula, started.clock)
    assert outcomes(started) == ["done"]
    assert started.awards() == [("N2", "first")]


def test_two_workers_never_claim_the_same_member(started: JobEnvironment) -> None:
    for number in ("N1", "N2"):
        request(started, number)
    claimed: list[int] = []
    gate = threading.Barrier(2)

    def claim(name: str) -> None:
        gate.wait()
        with started.database.transaction() as session:
            claimed.extend(refresh_requests.claim(session, name, started.time, LEASE, 20))

    threads = [threading.Thread(target=claim, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 2


def test_requests_of_a_killed_worker_are_claimed_when_its_lease_ends(
    started: JobEnvironment,
) -> None:
    request(started)
    with started.database.transaction() as session:
        assert refresh_requests.claim(session, "killed", started.time, LEASE, 20)
    assert run_requests(started) == {"members": 0}
    started.time += LEASE
    assert run_requests(started) == {"members": 1}
    assert outcomes(started) == ["done"]


def test_a_request_made_during_a_refresh_is_carried_out_afterwards(started: JobEnvironment) -> None:
    member = request(started)
    with started.database.transaction() as session:
        assert refresh_requests.claim(session, "slow", started.time, LEASE, 20) == [member]
    request(started)
    with started.database.transaction() as session:
        refresh_requests.finish(session, member, "slow", "done", started.time)
    assert outcomes(started) == [""]
    assert run_requests(started) == {"members": 1}


@pytest.mark.parametrize("kind", ["error-500", "empty", "exception"])
def test_a_member_whose_results_cannot_be_read_does_not_stop_the_others(
    started: JobEnvironment, kind: str
) -> None:
    user = ("userid", str(started.user("N1")))
    started.site.fail(kind, field=user, code="dmlreadexception")
    for number in ("N1", "N2"):
        started.finish(number, "check", 90)
        request(started, number)
    run_requests(started)
    assert outcomes(started)[1] == "done"
    assert [member for member, _ in started.awards()][-1] == "N2"
