"""Deadlines run once, late or not, whatever fails or stops."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.foundations.deadlines import claims, queries
from bridge.foundations.deadlines.claims import LEASE, DueDeadline
from bridge.foundations.deadlines.runner import LATE_AFTER, run_due
from bridge.foundations.deadlines.schedule import cancel
from bridge.store.database import Database, open_database
from tests.foundations.deadlines.environment import AT, Environment
from tests.store.parallel import run_in_threads


def test_a_deadline_runs_once_when_its_time_has_come(env: Environment) -> None:
    assert env.schedule("close", "round:1")
    assert env.run(minutes=59.9) == {}
    assert env.run(minutes=0.1) == {"done": 1}
    assert env.run(minutes=1) == env.run(days=400) == {}
    assert env.ran() == ["round:1"]
    assert env.lateness == [timedelta()]
    assert env.rows() == ["done"]


def test_deadlines_are_brought_up_to_date_before_they_run(env: Environment) -> None:
    env.schedule("close", "round:1")
    env.now = AT

    def move(database: Database, now: datetime) -> None:
        assert now == env.now
        env.schedule("close", "round:1", "2026-03-02 18:00")

    env.update = move
    assert env.run() == {}
    assert env.run(hours=1) == {"done": 1}


def test_a_kind_that_cannot_be_brought_up_to_date_waits(
    env: Environment, caplog: pytest.LogCaptureFixture
) -> None:
    env.schedule("close", "round:1")
    env.schedule("remind", "round:1")
    env.now = AT

    def fail(_database: Database, _now: datetime) -> None:
        raise ValueError

    env.update = fail
    assert env.run() == {"done": 1}
    assert env.rows() == ["pending", "done"]
    assert "deadlines-crashed" in caplog.text
    env.update = None
    assert env.run(minutes=1) == {"done": 1}


def test_a_late_reminder_is_dropped(env: Environment, caplog: pytest.LogCaptureFixture) -> None:
    env.schedule("remind", "round:1")
    env.now = AT + LATE_AFTER + timedelta(seconds=1)
    with caplog.at_level(logging.WARNING):
        assert env.run() == {"dropped": 1}
    assert env.ran() == []
    assert env.rows() == ["dropped"]
    assert env.rows("late_seconds") == [3_601]
    assert "deadline-dropped" in caplog.text
    assert env.run(days=1) == {}


def test_a_reminder_that_is_a_little_late_is_sent(env: Environment) -> None:
    env.schedule("remind", "round:1")
    env.now = AT + LATE_AFTER
    assert env.run() == {"done": 1}
    assert env.lateness == [timedelta()]


def test_a_late_deadline_is_executed_and_says_that_it_is_late(
    env: Environment, caplog: pytest.LogCaptureFixture
) -> None:
    """The service was down for three days."""
    env.schedule("close", "round:1")
    env.now = AT + timedelta(days=3)
    with caplog.at_level(logging.WARNING):
        assert env.run() == {"late": 1}
    assert env.lateness == [timedelta(days=3)]
    assert env.rows("late_seconds") == [3 * 86_400]
    assert env.rows() == ["done"]
    assert "deadline-late" in caplog.text


@pytest.mark.parametrize("error", [KeyError("kim@example.org"), MemberError("no such round.")])
def test_a_failed_deadline_leaves_nothing_and_is_retried(
    env: Environment, error: Exception
) -> None:
    env.schedule("close", "round:1")
    env.schedule("close", "round:2")
    env.failures = [error]
    assert env.run(hours=1) == {"retried": 1, "done": 1}
    assert env.ran() == ["round:2"]
    [failed, _] = env.rows("last_error")
    assert failed == "no such round." or "KeyError at " in str(failed)
    assert "kim@" not in str(failed)
    assert env.run() == {}
    assert env.run(seconds=31) == {"done": 1}
    assert env.ran() == ["round:2", "round:1"]
    assert env.rows("last_error") == ["", ""]


def test_a_deadline_is_retried_until_it_succeeds(env: Environment) -> None:
    env.schedule("close", "round:1")
    for _ in range(20):
        env.failures = [KeyError()]
        assert env.run(hours=6) == {"retried": 1}
    assert env.run(hours=6) == {"late": 1}


def test_a_kind_that_is_unknown_stays_pending(env: Environment) -> None:
    env.schedule("new-kind", "round:1")
    assert env.run(days=9) == {}
    assert env.rows() == ["pending"]
    with env.db.reading() as session:
        assert queries.summarize(session, (), env.now).overdue == 1


def test_a_killed_worker_loses_its_claim(env: Environment) -> None:
    env.schedule("close", "round:1")
    env.now = AT
    with env.db.transaction() as session:
        assert len(claims.claim(session, ["close"], (), "killed", AT, 9)) == 1
        assert claims.claim(session, ["close"], (), "two", AT, 9) == []
    assert env.run() == {}
    env.now = AT + LEASE
    assert env.run("two") == {"done": 1}
    with env.db.transaction() as session:
        assert not claims.hold(session, 1, "killed")


def test_a_worker_that_lost_its_claim_does_nothing(
    env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    env.schedule("close", "round:1")
    env.now = AT
    claim = claims.claim

    def claim_and_lose(session: Session, *rest: object) -> list[DueDeadline]:
        found = claim(session, *rest)  # type: ignore[arg-type]
        if found:
            cancel(session, "close", "round:1")
        return found

    monkeypatch.setattr(claims, "claim", claim_and_lose)
    assert env.run() == {"lost": 1}
    assert env.ran() == []
    assert env.rows() == ["cancelled"]


def test_workers_share_what_is_due(env: Environment, url: str) -> None:
    for number in range(30):
        env.schedule("close", f"round:{number}")
    env.now = AT

    def work(number: int) -> int:
        db = open_database(url)
        one = Environment(db, AT)
        count = sum(one.run(f"worker-{number}").values())
        db.close()
        return count

    assert sum(run_in_threads(work)) == 30
    assert len(env.ran()) == len(set(env.ran())) == 30


def test_a_stopped_worker_releases_the_rest(env: Environment) -> None:
    for number in range(3):
        env.schedule("close", f"round:{number}")
    env.now = AT
    answers = iter([False, False, True])
    run_due(
        env.db,
        env.kinds,
        (),
        owner="one",
        clock=lambda: AT,
        stopped=lambda: next(answers, True),
    )
    assert len(env.ran()) == 1
    assert env.run("two") == {"done": 2}
