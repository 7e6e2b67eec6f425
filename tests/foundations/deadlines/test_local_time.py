"""When a local time comes: clock changes, moved rules, weekends and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.foundations.deadlines.local_time import (
    LocalTime,
    instant_of,
    local_clock,
    next_working_day,
    wall_time,
)

ZONES = ("UTC", "America/Toronto", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu",
         "Pacific/Apia", "Pacific/Kiritimati", "Europe/Dublin", "Africa/Casablanca",
         "America/St_Johns")  # fmt: skip


def local(text: str, zone: str = "America/Toronto", *, skip: bool = False) -> LocalTime:
    return LocalTime(datetime.fromisoformat(text), zone, skip)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-01-15 17:00", "America/Toronto", "2026-01-15 22:00"),
        ("2026-07-15 17:00", "America/Toronto", "2026-07-15 21:00"),
        ("2026-07-15 17:00", "Asia/Kathmandu", "2026-07-15 11:15"),
        ("2026-07-15 00:00", "Pacific/Kiritimati", "2026-07-14 10:00"),
    ],
)
def test_an_ordinary_time(text: str, zone: str, expected: str) -> None:
    assert instant_of(local(text, zone)) == utc(expected)


@pytest.mark.parametrize("text", ["2026-03-08 02:00", "2026-03-08 02:30", "2026-03-08 03:00"])
def test_a_time_that_does_not_exist_comes_at_the_clock_change(text: str) -> None:
    assert instant_of(local(text)) == utc("2026-03-08 07:00")


def test_a_day_that_does_not_exist_comes_at_its_end() -> None:
    """Samoa moved to the other side of the date line, and had no 30 December 2011."""
    assert instant_of(local("2011-12-30 12:00", "Pacific/Apia")) == utc("2011-12-30 10:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01 00:59:59", "2026-11-01 04:59:59"),
        ("2026-11-01 01:00", "2026-11-01 06:00"),
        ("2026-11-01 01:30", "2026-11-01 06:30"),
        ("2026-11-01 02:00", "2026-11-01 07:00"),
    ],
)
def test_a_time_that_comes_twice_counts_the_second_time(text: str, expected: str) -> None:
    assert instant_of(local(text)) == utc(expected)


@given(
    st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2037-12-31")),
    st.sampled_from(ZONES),
    st.integers(1, 200_000),
)
def test_the_clocks_show_the_time_from_that_moment_on(at: datetime, zone: str, later: int) -> None:
    at = at.replace(microsecond=0)
    moment, place = instant_of(LocalTime(at, zone)), ZoneInfo(zone)
    assert wall_time(moment, place) >= at
    assert min(wall_time(moment + timedelta(seconds=later * n), place) for n in (0, 1)) >= at
    second = timedelta(seconds=1)
    before = [wall_time(moment - second, place), wall_time(moment - second * 3_600, place)]
    assert before[0] < at or wall_time(moment, place) < before[0] + second  # or set back just now
    assert instant_of(LocalTime(at + second, zone)) >= moment


@pytest.mark.parametrize(
    "zone", ["", "Nowhere/City", "America", "../secrets", "EST5EDT4,x", "a\0b"]
)
def test_an_unknown_zone_is_an_error(zone: str) -> None:
    with pytest.raises(ValueError, match=r"zone|null|path|key"):
        local("2026-01-01 12:00", zone)


def test_a_local_time_has_no_zone_and_no_fractions() -> None:
    with pytest.raises(ValueError, match="no time zone of its own"):
        LocalTime(utc("2026-01-01 12:00"), "UTC")
    with pytest.raises(ValueError, match="fractions"):
        local("2026-01-01 12:00:00.5")


CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-24", "2026-12-24"),
        ("2026-12-25", "2026-12-29"),  # Friday, a weekend and another holiday
        ("2026-12-26", "2026-12-29"),
        ("2027-01-02", "2027-01-04"),
    ],
)
def test_the_next_working_day(day: str, expected: str) -> None:
    found = next_working_day(date.fromisoformat(day), CHRISTMAS)
    assert found == date.fromisoformat(expected)


def test_a_deadline_skips_holidays_only_if_it_says_so() -> None:
    assert instant_of(local("2026-12-25 17:00"), CHRISTMAS) == utc("2026-12-25 22:00")
    skipping = local("2026-12-25 17:00", skip=True)
    assert instant_of(skipping, CHRISTMAS) == utc("2026-12-29 22:00")
    assert instant_of(skipping) == utc("2026-12-25 22:00")


def test_a_weekend_deadline_moves_to_the_time_after_a_clock_change() -> None:
    """Sunday, 8 March 2026, 02:30 does not exist; Monday, 9 March, 02:30 does."""
    assert instant_of(local("2026-03-08 02:30", skip=True)) == utc("2026-03-09 06:30")


def test_a_local_clock_shows_the_day_there_and_adds_hours_across_a_clock_change() -> None:
    moments = iter(
        (datetime(2026, 11, 28, 6, 17, tzinfo=UTC), datetime(2026, 11, 1, 8, tzinfo=UTC))
    )
    clock = local_clock(lambda: next(moments), "America/Vancouver")
    evening = clock()
    assert evening == datetime(2026, 11, 28, 6, 17, tzinfo=UTC)
    assert evening.date() == date(2026, 11, 27)
    before_the_change = clock()
    assert before_the_change + timedelta(hours=2) == datetime(2026, 11, 1, 10, tzinfo=UTC)
