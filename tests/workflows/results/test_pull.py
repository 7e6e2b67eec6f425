"""In whatever order the feed arrives, a pull gives the same awards."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bridge.errors import MoodleError
from bridge.jobs.tasks import run_pull
from bridge.moodle.schemas.companion_feed import Changes
from bridge.store.operations import cursors
from bridge.workflows.results import pull as pulling
from bridge.workflows.results.pull import FEED_CURSOR, PullResult, has_feed_gap
from tests.support.job_environment import JobEnvironment, people, person
from tests.support.sandbox_server import SandboxServer, running_sandbox

MEMBERS = 3
KEYS = ("check", "deep")


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    return _prepared(applied)


def _prepared(env: JobEnvironment) -> JobEnvironment:
    env.sign_up(*people(MEMBERS))
    env.deliver()
    env.pull()
    return env


def cursor(env: JobEnvironment) -> cursors.Cursor:
    with env.database.reading() as session:
        return cursors.get(session, FEED_CURSOR)


def add_feed_row(
    site: SandboxServer, change: int, user: int, key: str, state: int, time: int
) -> None:
    """Add a feed row with this id."""
    site.do(
        "INSERT INTO change (id, kind, userid, idnumber, state, time)"
        " VALUES (?, 'completion', ?, ?, ?, ?)",
        change, user, f"stewardpath:path:{key}", state, time,
    )  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """An environment where three members are enrolled and the feed has been read."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(empty_store, folder / "store.db")
    with running_sandbox(folder / "moodle.db") as site:
        env = JobEnvironment(folder, site)
        env.apply()
        _prepared(env)
        env.close()
    return folder


EVENTS = st.lists(
    st.tuples(
        st.integers(0, MEMBERS - 1), st.sampled_from(KEYS), st.sampled_from([1, 2, 2, 3]),
        st.integers(0, 5),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(events=EVENTS, data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_commits_gives_the_same_awards(
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    events: list[tuple[int, str, int, int]],
    data: st.DataObject,
) -> None:
    """Rows appear in any order, some below the cursor, some ids never, with pulls in between."""
    folder = tmp_path_factory.mktemp("feed")
    for name in ("store.db", "moodle.db"):
        shutil.copy(template / name, folder / name)
    ids = data.draw(
        st.lists(st.integers(1, 30), min_size=len(events), max_size=len(events), unique=True)
    )
    order = data.draw(st.permutations(range(len(events))))
    pauses = data.draw(st.sets(st.integers(0, len(events))))
    with running_sandbox(folder / "moodle.db") as site:
        env = JobEnvironment(folder, site)
        start = site.one("SELECT max(id) FROM change")
        users = [env.user(f"N{n + 1}") for n in range(MEMBERS)]
        for place, index in enumerate(order):
            member, key, state, time = events[index]
            add_feed_row(site, start + ids[index], users[member], key, state, site.time + time)
            if place in pauses:
                env.pull()
        env.pull()
        env.pull()
        awards = env.awards()
        stored = env.rows("SELECT member_id, activity, done FROM completion ORDER BY 1, 2")
        env.close()
        fresh = _all_at_once(folder, template, site)
    assert stored == fresh.pop("stored")
    assert set(awards) >= set(fresh["awards"])
    assert set(awards) <= _possible_awards(events)


def _all_at_once(folder: Path, template: Path, site: SandboxServer) -> dict[str, list[object]]:
    other = folder / "other"
    other.mkdir()
    shutil.copy(template / "store.db", other / "store.db")
    env = JobEnvironment(other, site)
    env.pull()
    sql = "SELECT member_id, activity, done FROM completion ORDER BY 1, 2"
    result: dict[str, list[object]] = {"stored": [*env.rows(sql)], "awards": [*env.awards()]}
    env.close()
    return result


def _possible_awards(events: list[tuple[int, str, int, int]]) -> set[tuple[str, str]]:
    """The awards of members who passed at any time: an award is never withdrawn."""
    passed = {(member, key) for member, key, state, _ in events if state in (1, 2)}
    firsts = {(f"N{m + 1}", "first") for m, key in passed if key == "check"}
    seconds = {
        (f"N{m + 1}", "second") for m, key in passed if key == "deep" and (m, "check") in passed
    }
    return firsts | seconds


@given(ids=st.lists(st.integers(1, 40), min_size=2, max_size=12, unique=True))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_read_in_any_order(
    template: Path, tmp_path_factory: pytest.TempPathFactory, ids: list[int]
) -> None:
    """Pull after each row. All rows are passes, so every award must be there."""
    folder = tmp_path_factory.mktemp("rows")
    for name in ("store.db", "moodle.db"):
        shutil.copy(template / name, folder / name)
    with running_sandbox(folder / "moodle.db") as site:
        env = JobEnvironment(folder, site)
        start = site.one("SELECT max(id) FROM change")
        users = [env.user(f"N{n + 1}") for n in range(MEMBERS)]
        for place, number in enumerate(ids):
            add_feed_row(site, start + number, users[place % 3], KEYS[place % 2], 2, site.time)
            env.pull()
        env.pull()
        awards = env.awards()
        env.close()
    passed = [(place % 3, KEYS[place % 2], 2, 0) for place in range(len(ids))]
    assert set(awards) == _possible_awards(passed)


def test_an_id_below_the_first_one_is_read(env: JobEnvironment) -> None:
    env.apply()
    env.sign_up(person(1))
    env.deliver()
    env.site.do("DELETE FROM change")
    add_feed_row(env.site, 1_002, env.user("N1"), "deep", 2, env.site.time)
    env.pull()
    add_feed_row(env.site, 1_001, env.user("N1"), "check", 2, env.site.time)
    env.pull()
    assert env.awards() == [("N1", "first"), ("N1", "second")]


def test_a_missing_id_is_given_up_after_an_hour(ready: JobEnvironment) -> None:
    add_feed_row(ready.site, 5_000, ready.user("N1"), "hello", 1, ready.site.time)
    ready.pull()
    assert len(cursor(ready).missing) == 500
    ready.time += timedelta(minutes=61)
    ready.pull()
    assert cursor(ready).missing == ()


def test_a_pull_reads_several_pages(ready: JobEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling.change_feed, "CHANGES_PAGE_SIZE", 2)
    for number in (1, 2, 3):
        ready.finish(f"N{number}", "check", 100.0)
        ready.finish(f"N{number}", "deep", 100.0)
    ready.site.faults.clear()
    pulled = ready.pull()
    assert pulled.changes == 12
    assert ready.site.faults.calls["local_stewardpath_get_changes"] == 6
    assert len(ready.awards()) == 6


def test_nothing_new_costs_one_call_and_changes_nothing(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.pull()
    ready.site.faults.clear()
    assert ready.pull().changes == 0
    assert len(ready.site.faults.log) == 1
    ready.site.do("UPDATE change SET time = time")
    assert ready.awards() == [("N1", "first")]


def test_a_new_feed_is_a_gap_and_is_read_from_the_start(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    assert not ready.pull().gap
    ready.site.do("UPDATE meta SET value = 'another' WHERE name = 'feed'")
    ready.site.do("DELETE FROM change")
    ready.site.do("DELETE FROM sqlite_sequence WHERE name = 'change'")
    ready.finish("N2", "check", 100.0)
    assert ready.pull().gap
    assert cursor(ready).feed == "another"
    assert ready.awards() == [("N1", "first"), ("N2", "first")]
    assert not ready.pull().gap


def test_a_restored_backup_of_moodle_is_a_gap(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.pull()
    ready.site.do("DELETE FROM change WHERE id = (SELECT max(id) FROM change)")
    assert ready.pull().gap


def test_pruned_rows_are_a_gap(ready: JobEnvironment) -> None:
    lose_a_row(ready)
    assert ready.pull().gap
    ready.reconcile()
    assert ready.awards() == [("N1", "first"), ("N2", "first")]


def test_a_gap_is_remembered_until_all_results_are_compared(ready: JobEnvironment) -> None:
    lose_a_row(ready)
    ready.pull()  # and killed before the rest
    assert has_feed_gap(ready.database)
    run_pull(ready.database, ready.moodle, ready.config, ready.curricula, ready.clock)
    assert ready.awards() == [("N1", "first"), ("N2", "first")]
    assert not has_feed_gap(ready.database)


def lose_a_row(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.site.do("DELETE FROM change")
    ready.finish("N2", "check", 100.0)


@pytest.mark.parametrize(
    "kind", ["error-500", "html", "cut", "close", "maintenance", "after-write"]
)
def test_a_failed_pull_loses_nothing(ready: JobEnvironment, kind: str) -> None:
    ready.finish("N1", "check", 100.0)
    before = cursor(ready)
    ready.site.fail(kind, nth=1, times=9)
    with pytest.raises(MoodleError):
        ready.pull()
    assert cursor(ready) == before
    ready.site.faults.clear()
    ready.pull()
    assert ready.awards() == [("N1", "first")]


def test_two_pulls_at_the_same_time_give_each_award_once(ready: JobEnvironment) -> None:
    for number in (1, 2, 3):
        ready.finish(f"N{number}", "check", 100.0)
        ready.finish(f"N{number}", "deep", 100.0)
    together = threading.Barrier(2)

    def work() -> None:
        with ready.site.client() as moodle:
            together.wait()
            pulling.pull(ready.database, moodle, ready.curricula, {}, clock=ready.clock)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ready.awards()) == len(set(ready.awards())) == 6
    assert ready.states("message") == {"owed": 6}
    assert cursor(ready).value == ready.site.one("SELECT max(id) FROM change")


def test_a_deleted_account_is_unlinked(ready: JobEnvironment) -> None:
    user = ready.user("N1")
    ready.site.do("UPDATE user SET deleted = 1 WHERE id = ?", user)
    ready.site.do("INSERT INTO change (kind, userid, time) VALUES ('user-deleted', ?, ?)", user, 0)
    ready.pull()
    assert ready.rows("SELECT moodle_user_id FROM member WHERE number = 'N1'") == [(None,)]


def finish_all(env: JobEnvironment) -> None:
    """Every member earns both milestones."""
    for key in KEYS:
        for n in range(MEMBERS):
            env.finish(f"N{n + 1}", key, 100.0 if key == "check" else None)


def test_a_page_is_stored_in_parts_with_few_members_each(
    ready: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite nobody can sign up while a part is stored."""
    stored: list[set[int]] = []
    store_part = pulling._store_part

    def store(session: Session, answer: Changes, *args: Any) -> PullResult:
        stored.append({row.userid for row in answer.changes})
        return store_part(session, answer, *args)

    monkeypatch.setattr(pulling, "MEMBERS_AT_A_TIME", 2)
    monkeypatch.setattr(pulling, "_store_part", store)
    finish_all(ready)
    pulled = ready.pull()
    assert len(stored) > 1
    assert {len(users) for users in stored} <= {1, 2}
    assert pulled.awards == 2 * MEMBERS
    assert not ready.pull().changes


def test_a_page_that_was_half_stored_is_read_again(
    ready: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_part, before = pulling._store_part, cursor(ready)

    def fail(session: Session, answer: Changes, *args: Any) -> PullResult:
        result = store_part(session, answer, *args)
        if ready.rows("SELECT 1 FROM completion WHERE done"):
            raise MoodleError("stopped", todo="")
        return result

    finish_all(ready)
    with monkeypatch.context() as patched:
        patched.setattr(pulling, "MEMBERS_AT_A_TIME", 1)
        patched.setattr(pulling, "_store_part", fail)
        with pytest.raises(MoodleError):
            ready.pull()
    assert cursor(ready) == before
    assert ready.rows("SELECT 1 FROM completion WHERE done")
    ready.pull()
    assert len(ready.awards()) == 2 * MEMBERS
    assert ready.states("mail").total() == 2 * MEMBERS
