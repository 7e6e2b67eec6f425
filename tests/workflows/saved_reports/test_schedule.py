"""When a report is due: weekly and monthly, late, with clock changes and wrong clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.workflows.saved_reports.schedule import Schedule, due_day, latest_day, next_day

TORONTO = ZoneInfo("America/Toronto")
START, END = (datetime(year, 1, 1) for year in (2020, 2035))  # noqa: DTZ001
MONDAYS = Schedule("weekly", 1)
FIRSTS = Schedule("monthly", 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO)


@pytest.mark.parametrize(
    ("schedule", "now", "latest", "following"),
    [
        (MONDAYS, "2026-03-02T06:59", "2026-02-23", "2026-03-02"),
        (MONDAYS, "2026-03-02T07:00", "2026-03-02", "2026-03-09"),
        (MONDAYS, "2026-03-08T23:59", "2026-03-02", "2026-03-09"),  # clocks change that night
        (MONDAYS, "2026-03-09T07:00", "2026-03-09", "2026-03-16"),
        (FIRSTS, "2026-03-01T06:59", "2026-02-01", "2026-03-01"),
        (FIRSTS, "2026-12-31T12:00", "2026-12-01", "2027-01-01"),
        (Schedule("monthly", 28), "2026-02-28T07:00", "2026-02-28", "2026-03-28"),
    ],
)
def test_the_days_of_a_schedule(schedule: Schedule, now: str, latest: str, following: str) -> None:
    found = latest_day(schedule, at(now), TORONTO), next_day(schedule, at(now), TORONTO)
    assert found == (date.fromisoformat(latest), date.fromisoformat(following))


def test_the_day_is_that_of_the_unions_time_zone() -> None:
    in_utc = at("2026-03-01T23:00").astimezone(ZoneInfo("UTC"))  # Monday there
    assert latest_day(MONDAYS, in_utc, TORONTO) == date(2026, 2, 23)


def test_only_the_latest_day_is_due_after_a_long_break() -> None:
    assert due_day(MONDAYS, date(2026, 1, 5), at("2026-03-04T09:00"), TORONTO) == date(2026, 3, 2)
    assert due_day(MONDAYS, date(2026, 3, 2), at("2026-03-08T09:00"), TORONTO) is None


def test_a_day_that_a_wrong_clock_recorded_does_not_count() -> None:
    assert due_day(MONDAYS, date(2027, 3, 1), at("2026-03-04T09:00"), TORONTO) == date(2026, 3, 2)


@given(
    st.sampled_from([Schedule("weekly", day) for day in range(1, 8)]
                    + [Schedule("monthly", day) for day in range(1, 29)]),
    st.datetimes(START, END),
    st.lists(st.integers(1, 60 * 24 * 40), max_size=20),
)  # fmt: skip
def test_each_day_is_due_once_however_often_one_looks(
    schedule: Schedule, start: datetime, minutes: list[int]
) -> None:
    now, seen = start.replace(tzinfo=TORONTO), list[date]()
    done = latest_day(schedule, now, TORONTO)
    for pause in minutes:
        now += timedelta(minutes=pause)
        if due := due_day(schedule, done, now, TORONTO):
            seen.append(due)
            done = due
        assert due_day(schedule, done, now, TORONTO) is None
    assert len(seen) == len(set(seen))
    assert all(schedule.falls_on(each) for each in seen)
