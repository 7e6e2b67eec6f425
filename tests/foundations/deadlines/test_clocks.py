"""Clock changes, wrong clocks, holidays and time zones."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text

from bridge.foundations.deadlines import claims
from bridge.foundations.deadlines.schedule import schedule
from tests.foundations.deadlines.environment import AT, DUE, YEAR, Environment
from tests.foundations.deadlines.test_local_time import local, utc


def test_deadlines_run_in_the_order_of_their_moments(env: Environment) -> None:
    """Not of their local times: it is 17:00 in the east first."""
    for zone in ("America/Los_Angeles", "UTC", "America/Toronto"):
        with env.db.transaction() as session:
            schedule(session, "close", zone, local(DUE, zone), env.now)
    env.now = AT + timedelta(days=1)
    env.run()
    assert env.ran() == ["UTC", "America/Toronto", "America/Los_Angeles"]


def test_an_unknown_zone_does_not_stop_the_others(env: Environment) -> None:
    env.schedule("close", "round:1")
    env.schedule("close", "round:2")
    with env.db.transaction() as session:
        session.execute(text("UPDATE due SET zone = 'Gone/Zone' WHERE subject = 'round:1'"))
    assert env.run(days=1) == {"late": 1}
    assert env.ran() == ["round:2"]


def test_a_changed_holiday_moves_what_is_pending(env: Environment) -> None:
    with env.db.transaction() as session:
        schedule(session, "close", "round:1", local("2026-03-06 17:00", skip=True), env.now)
        schedule(session, "close", "round:2", local("2026-03-06 17:00"), env.now)
    env.holidays = frozenset({date(2026, 3, 6)})
    env.now = utc("2026-03-08 23:00")
    assert env.run() == {"late": 1}
    assert env.ran() == ["round:2"]
    env.now = utc("2026-03-09 21:00")  # Monday, and the clocks have changed
    assert env.run() == {"done": 1}


def test_a_time_that_comes_twice_runs_the_second_time_only(env: Environment) -> None:
    env.schedule("close", "round:1", "2026-11-01 01:30")
    env.now = utc("2026-11-01 05:30")
    assert env.run() == {}
    assert env.run(minutes=59.9) == {}
    assert env.run(minutes=0.1) == {"done": 1}
    assert env.run(hours=1) == {}


def test_a_time_that_does_not_exist_runs_at_the_clock_change(env: Environment) -> None:
    env.schedule("close", "round:1", "2026-03-08 02:30")
    env.now = utc("2026-03-08 06:59:59")
    assert env.run() == {}
    assert env.run(seconds=1) == {"done": 1}


def test_a_clock_that_is_set_back_runs_nothing_twice(env: Environment) -> None:
    env.schedule("close", "round:1")
    env.run(hours=2)
    for hours in (-1, -10, 5, 10):
        assert env.run(hours=hours) == {}
    assert env.ran() == ["round:1"]


def test_a_clock_that_was_a_year_ahead_delays_nothing(env: Environment) -> None:
    """What was claimed or failed meanwhile doesn't wait for that year."""
    env.schedule("close", "claimed", "2026-03-02 17:00")
    env.schedule("close", "failed", "2026-03-02 17:00")
    env.now += YEAR
    with env.db.transaction() as session:
        claims.claim(session, ["close"], (), "killed", env.now, 1)
    env.failures = [KeyError()]
    assert env.run() == {"retried": 1}
    env.now = AT
    assert env.run() == {"done": 2}


def test_a_deadline_scheduled_while_the_clock_was_ahead(env: Environment) -> None:
    env.now += YEAR
    env.schedule("close", "round:1")
    env.now = AT
    assert env.run() == {"done": 1}
