"""The nightly reconciliation, which is also the only way to read results without the companion."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.cli.service.moodle_status import lost_results
from bridge.curriculum.model import Quiz
from bridge.jobs.tasks import run_pull
from bridge.moodle.schemas.core import GradeItem, UserGrades
from bridge.workflows.results.pull import PullResult
from bridge.workflows.results.reconcile import quiz_results
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import curriculum, milestone, quiz, section
from tests.support.sandbox_server import SandboxServer


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    applied.sign_up(*people(3))
    applied.deliver()
    return applied


def stored(env: JobEnvironment) -> list[tuple[Any, ...]]:
    sql = "SELECT number, activity, done FROM completion JOIN member ON member.id = member_id"
    return sorted(env.rows(sql))


def test_results_that_the_feed_missed_are_found(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.finish("N2", "check", 10.0)
    ready.finish("N3", "hello")
    ready.site.do("DELETE FROM change")
    ready.advance_time()
    ready.reconcile()
    assert stored(ready) == [("N1", "check", 1), ("N2", "check", 0), ("N3", "hello", 1)]
    assert ready.awards() == [("N1", "first")]


def test_a_second_reconciliation_changes_nothing(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.advance_time()
    ready.pull()
    before = ready.rows("SELECT * FROM completion")
    pulled = ready.reconcile()
    assert (pulled.members, pulled.awards) == (0, 0)
    assert ready.rows("SELECT * FROM completion") == before


def test_results_deleted_in_moodle_are_not_done(ready: JobEnvironment) -> None:
    ready.finish("N1", "hello")
    ready.pull()
    ready.site.do("DELETE FROM completion")
    ready.advance_time()
    ready.reconcile()
    assert stored(ready) == [("N1", "hello", 0)]


def test_completions_are_read_in_pages(
    ready: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.moodle.learners.change_feed.COMPLETIONS_PAGE_SIZE", 1)
    for number in (1, 2, 3):
        ready.finish(f"N{number}", "check", 100.0)
    ready.advance_time()
    ready.reconcile()
    assert len(ready.awards()) == 3


@pytest.fixture
def bare(build: BuildEnvironment, bare_sandbox_server: SandboxServer) -> JobEnvironment:
    """A site without the companion, whose quizzes were made by hand with the right names."""
    env = build(bare_sandbox_server)
    env.apply()
    env.sign_up(*people(3))
    env.deliver()
    for course, name in (("first", "Quiz check"), ("second", "Quiz deep")):
        bare_sandbox_server.do(
            "INSERT INTO activity (instance, courseid, sectionid, position, modname, name,"
            " gradepass) SELECT 1 + coalesce((SELECT max(cmid) FROM activity), 0), course.id,"
            " section.id, 0, 'quiz', ?, 70 FROM course JOIN section ON courseid = course.id"
            " WHERE course.idnumber = ? AND number = 1", name, f"stewardpath:path:{course}",
        )  # fmt: skip
    return env


def attempt(env: JobEnvironment, number: str, name: str, grade: float) -> None:
    env.site.do(
        "INSERT INTO attempt (cmid, userid, number, state, timestart, grade, questions)"
        " SELECT cmid, ?, 1, 'finished', 0, ?, '[]' FROM activity WHERE name = ?",
        env.user(number), grade, name,
    )  # fmt: skip


def test_without_the_companion_one_call_a_course(bare: JobEnvironment) -> None:
    attempt(bare, "N1", "Quiz check", 70.0)
    attempt(bare, "N2", "Quiz check", 69.0)
    bare.site.faults.clear()
    bare.reconcile()
    assert bare.awards() == [("N1", "first")]
    assert bare.site.faults.calls["gradereport_user_get_grade_items"] == 2
    bare.deliver()
    attempt(bare, "N1", "Quiz deep", 100.0)
    bare.reconcile()
    assert bare.awards() == [("N1", "first"), ("N1", "second")]


def graded(quizzes: list[Quiz], **item: Any) -> list[tuple[str, bool]]:
    known = {"itemtype": "mod", "itemmodule": "quiz", "grademax": 100.0} | item
    user = UserGrades(courseid=1, userid=7, gradeitems=(GradeItem(**known),))
    path = curriculum(milestone("m", section("s", *quizzes)))
    return [(key, done) for _, key, done, _, _ in quiz_results(user, path, quizzes)]


@pytest.mark.parametrize(
    ("raw", "most", "mark", "done"),
    [(0.57, 1.0, 57, True), (69.99, 100.0, 70, False), (7.0, 10.0, 70, True), (0.0, 1.0, 1, False)],
)
def test_grades_are_compared_like_in_moodle(raw: float, most: float, mark: int, done: bool) -> None:
    check = quiz("check", pass_mark=mark)
    found = graded([check], itemname="Quiz check", graderaw=raw, grademax=most)
    assert found == [("check", done)]


def test_two_quizzes_with_the_same_name_are_ignored() -> None:
    twins = [quiz("a"), quiz("b")]
    object.__setattr__(twins[1], "title", twins[0].title)
    assert graded(twins, itemname="Quiz a", graderaw=100.0) == []
    by_number = {"itemname": "Quiz a", "idnumber": "stewardpath:path:b", "graderaw": 100.0}
    assert graded(twins, **by_number) == [("b", True)]


def reset_course(env: JobEnvironment) -> None:
    """Somebody resets the first course: Moodle reports that, and no single result."""
    env.site.do("DELETE FROM completion")
    env.site.do(
        "INSERT INTO change (kind, userid, courseid, courseidnumber, time)"
        " VALUES ('course-reset', 0, 2, 'stewardpath:path:first', ?)",
        env.site.time,
    )


def test_a_course_reset_is_noticed_by_the_next_pull(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.pull()
    awards = ready.awards()
    ready.advance_time()
    reset_course(ready)
    pulled = run_pull(ready.database, ready.moodle, ready.config, ready.curricula, ready.clock)
    assert (pulled.lost, pulled.reset) == (1, True)
    assert stored(ready) == [("N1", "check", 0)]
    assert ready.awards() == awards == [("N1", "first")], "awards stay"
    with ready.database.reading() as session:
        (row,) = lost_results(session, ready.time)
    assert (row["course"], row["lost"], row["of"], row["held"]) == (
        "stewardpath:path:first", 1, 1, False,
    )  # fmt: skip
    ready.advance_time()
    again = run_pull(ready.database, ready.moodle, ready.config, ready.curricula, ready.clock)
    assert not again.gap, "it is compared once"


def test_many_results_that_are_gone_without_a_reset_wait_for_a_person(
    env: JobEnvironment,
) -> None:
    env.apply()
    env.sign_up(*people(12))
    env.deliver()
    for number in range(1, 13):
        env.finish(f"N{number}", "hello")
    env.pull()
    env.advance_time()
    env.site.do("DELETE FROM completion")

    def pull(**more: bool) -> PullResult:
        env.advance_time()
        return run_pull(
            env.database, env.moodle, env.config, env.curricula, env.clock, everything=True, **more
        )

    assert pull().lost == 0
    assert {done for _, _, done in stored(env)} == {1}
    with env.database.reading() as session:
        assert [row["held"] for row in lost_results(session, env.time)] == [True]
    assert pull(force=True).lost == 12
    assert {done for _, _, done in stored(env)} == {0}
