"""First attempts are stored once, in any order, and counted with Moodle's question statistics."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.errors import MoodleError, MoodleMisconfigured
from bridge.jobs.tasks import run_quizzes
from bridge.moodle.sandbox.webservice import registry
from bridge.store.statistics import quiz_statistics
from bridge.workflows.quiz_statistics import QuizStatisticsResult
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import edited, milestone, quiz, section
from tests.support.sandbox_server import SandboxServer, running_sandbox

TRIES = "SELECT member_id, quiz, grade, change_id FROM first_attempt ORDER BY 1, 2"
Figures = dict[str, tuple[int, int]]


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    applied.sign_up(*people(3))
    applied.deliver()
    applied.pull()
    return applied


def add_feed_row(
    site: SandboxServer,
    change: int,
    user: int,
    key: str,
    number: int,
    grade: float | None,
    time: int = 0,
) -> None:
    """Add a feed row with this id: an attempt was finished."""
    site.do(
        "INSERT INTO change (id, kind, userid, idnumber, state, grade, time)"
        " VALUES (?, 'attempt', ?, ?, ?, ?, ?)",
        change, user, f"stewardpath:path:{key}", number, grade, site.time + time,
    )  # fmt: skip


def update(env: JobEnvironment, *, everything: bool = False) -> QuizStatisticsResult:
    return run_quizzes(env.database, env.moodle, env.curricula, env.clock, everything=everything)


def quiz_figures(env: JobEnvironment) -> Figures:
    """Attempts and failures by quiz, for all regions together."""
    with env.database.reading() as session:
        found = quiz_statistics.load_quiz_statistics(session, None)
    return {each.quiz: (each.tries, each.failed) for each in found}


def question_figures(env: JobEnvironment) -> dict[tuple[str, str], tuple[int, int, int]]:
    with env.database.reading() as session:
        found = quiz_statistics.load_question_statistics(session, ["path"])
    return {(q.quiz, q.question): (q.asked, q.wrong, q.partly) for q in found}


def test_only_the_first_attempt_is_stored(ready: JobEnvironment) -> None:
    for grade in (40.0, 90.0, 100.0):
        ready.finish("N1", "check", grade)
        ready.pull()
    ready.finish("N2", "check", 80.0)
    ready.pull()
    assert [row[1:3] for row in ready.rows(TRIES)] == [("check", 40.0), ("check", 80.0)]


def test_other_rows_are_ignored(ready: JobEnvironment) -> None:
    start, user = ready.site.one("SELECT max(id) FROM change"), ready.user("N1")
    add_feed_row(ready.site, start + 1, user, "check", 2, 40.0)
    add_feed_row(ready.site, start + 2, user, "deep", 1, None)
    add_feed_row(ready.site, start + 3, 987_654, "check", 1, 40.0)
    ready.site.do("UPDATE change SET idnumber = 'stewardpath:other:check' WHERE id = ?", start)
    ready.pull()
    assert ready.rows(TRIES) == []


def test_a_first_attempt_is_stored_when_it_is_graded(ready: JobEnvironment) -> None:
    start, user = ready.site.one("SELECT max(id) FROM change"), ready.user("N1")
    add_feed_row(ready.site, start + 1, user, "check", 1, None)
    ready.pull()
    add_feed_row(ready.site, start + 2, user, "check", 1, 55.0)
    ready.pull()
    assert [row[1:] for row in ready.rows(TRIES)] == [("check", 55.0, start + 2)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """An environment where three members are enrolled and the feed has been read."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(empty_store, folder / "store.db")
    with running_sandbox(folder / "moodle.db") as site:
        env = JobEnvironment(folder, site)
        env.apply()
        env.sign_up(*people(3))
        env.deliver()
        env.pull()
        env.close()
    return folder


ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["check", "deep"]), st.integers(1, 2),
              st.sampled_from([None, 40.0, 100.0]), st.integers(0, 2)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(found=ROWS, data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_commits_stores_the_same_first_attempts(
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    found: list[tuple[int, str, int, float | None, int]],
    data: st.DataObject,
) -> None:
    """Rows appear in any order, some below the cursor, with pulls in between and pages twice."""
    folder = tmp_path_factory.mktemp("feed")
    for name in ("store.db", "moodle.db"):
        shutil.copy(template / name, folder / name)
    size = len(found)
    ids = data.draw(st.lists(st.integers(1, 30), min_size=size, max_size=size, unique=True))
    order = data.draw(st.permutations(range(size)))
    pauses = data.draw(st.sets(st.integers(0, size)))
    with running_sandbox(folder / "moodle.db") as site:
        env = JobEnvironment(folder, site)
        start = site.one("SELECT max(id) FROM change")
        for place, index in enumerate(order):
            number, key, attempt, grade, time = found[index]
            user = env.user(f"N{number}")
            add_feed_row(site, start + ids[index], user, key, attempt, grade, time)
            if place in pauses:
                env.pull()
        env.pull()
        env.pull()
        kept = env.rows(TRIES)
        expected = _expected(env, found, [start + one for one in ids])
        env.close()
    assert kept == expected


def _expected(
    env: JobEnvironment, found: list[tuple[int, str, int, float | None, int]], ids: list[int]
) -> list[tuple[object, ...]]:
    members = dict(env.rows("SELECT number, id FROM member"))  # type: ignore[arg-type]
    earliest: dict[tuple[object, str], tuple[object, ...]] = {}
    rows = zip(found, ids, strict=True)
    for (number, key, attempt, grade, _), id_ in sorted(rows, key=lambda row: (row[0][4], row[1])):
        member = members[f"N{number}"]
        if attempt == 1 and grade is not None:
            earliest.setdefault((member, key), (member, key, grade, id_))
    return [earliest[place] for place in sorted(earliest)]  # type: ignore[type-var]


def test_statistics_by_quiz_and_question(ready: JobEnvironment) -> None:
    for number, grade in (("N1", 40.0), ("N2", 100.0)):
        ready.finish(number, "check", grade)
    ready.pull()
    assert update(ready) == QuizStatisticsResult(0, 2)
    assert quiz_figures(ready) == {"check": (2, 1)}
    assert question_figures(ready) == {("check", "one"): (2, 2, 0), ("check", "two"): (2, 2, 0)}


def test_an_update_costs_one_call_a_course_and_none_without_changes(
    ready: JobEnvironment,
) -> None:
    update(ready)
    ready.finish("N1", "check", 40.0)
    ready.pull()
    for calls in (1, 0):
        ready.site.faults.clear()
        update(ready)
        made = ready.site.faults.calls
        assert made["local_stewardpath_get_missed_questions"] == 2 * calls
        assert made["local_stewardpath_get_first_tries"] == 0
        assert sum(made.values()) == 4 * calls
        ready.advance_time()


def test_all_attempts_are_read_once_a_day(ready: JobEnvironment) -> None:
    update(ready)
    ready.time += timedelta(hours=23)
    ready.site.faults.clear()
    update(ready)
    assert not ready.site.faults.calls
    ready.time += timedelta(hours=1)
    update(ready)
    assert ready.site.faults.calls["local_stewardpath_get_first_tries"] == 2


def test_attempts_that_the_feed_missed_are_added(ready: JobEnvironment) -> None:
    for number, grade in (("N1", 40.0), ("N2", 100.0), ("N1", 100.0)):
        ready.finish(number, "check", grade)
    ready.site.do("DELETE FROM change WHERE kind = 'attempt'")
    ready.pull()
    assert ready.rows(TRIES) == []
    assert update(ready, everything=True) == QuizStatisticsResult(2, 2)
    assert quiz_figures(ready) == {"check": (2, 1)}
    assert update(ready, everything=True).tries == 0


def test_attempts_from_the_feed_are_not_overwritten(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 40.0)
    ready.pull()
    ready.site.do("UPDATE attempt SET grade = 90.0, timefinish = timefinish - 1")
    before = ready.rows(TRIES)
    update(ready, everything=True)
    assert ready.rows(TRIES) == before


def test_a_renamed_quiz_keeps_its_first_attempts(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 40.0)
    ready.pull()
    renamed = milestone(
        "first", section("start", quiz("test", "one", "two", previously="check", pass_mark=30))
    )
    ready.curricula = [edited(ready.curricula[0], 0, renamed)]
    ready.apply()
    ready.finish("N2", "test", 20.0)
    ready.finish("N1", "test", 20.0)
    ready.pull()
    update(ready)
    assert quiz_figures(ready) == {"check": (1, 0), "test": (1, 1)}
    assert set(question_figures(ready)) == {("test", "one"), ("test", "two")}
    update(ready, everything=True)
    assert sum(tries for tries, _ in quiz_figures(ready).values()) == 2


def test_a_site_without_the_companion_is_recorded(bare: JobEnvironment) -> None:
    assert update(bare) == QuizStatisticsResult()
    assert quiz_figures(bare) == {}
    assert bare.rows("SELECT ok, detail FROM run WHERE kind = 'quizzes'") == [
        (1, '{"way": "core", "tries": 0, "questions": 0}')
    ]
    assert update(bare) == QuizStatisticsResult()
    assert len(bare.rows("SELECT 1 FROM run WHERE kind = 'quizzes'")) == 1


@pytest.fixture
def bare(build: BuildEnvironment, bare_sandbox_server: SandboxServer) -> JobEnvironment:
    return build(bare_sandbox_server)


def test_stored_attempts_are_counted_when_moodle_is_down(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 40.0)
    ready.pull()
    ready.site.fail("maintenance", "local_stewardpath_get_missed_questions")
    with pytest.raises(MoodleError):
        update(ready)
    assert quiz_figures(ready) == {"check": (1, 1)}
    assert question_figures(ready) == {}
    ready.site.faults.clear()
    update(ready)
    assert question_figures(ready)


def test_an_old_companion_is_reported(
    build: BuildEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.functions(companion=True)
    monkeypatch.delitem(registry._FUNCTIONS, "local_stewardpath_get_missed_questions")
    with running_sandbox(tmp_path / "old.db") as site:
        env = build(site)
        env.apply()
        with pytest.raises(MoodleMisconfigured, match="update the plugin"):
            update(env)
