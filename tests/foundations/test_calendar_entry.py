"""Calendar entries: days and times, and the moments they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.foundations.calendar_entry import CalendarEntry, Hours

VANCOUVER, PARIS = ZoneInfo("America/Vancouver"), ZoneInfo("Europe/Paris")


def hours(starts: str, ends: str, zone: str = "America/Vancouver") -> Hours:
    return Hours(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone)


@pytest.mark.parametrize(
    ("starts", "since"),
    [
        ("2027-04-17 18:00", datetime(2027, 4, 18, 1, tzinfo=UTC)),
        ("2027-03-14 02:30", datetime(2027, 3, 14, 10, 30, tzinfo=UTC)),  # doesn't exist
        ("2027-11-07 01:30", datetime(2027, 11, 7, 8, 30, tzinfo=UTC)),  # twice: the first
    ],
)
def test_the_moment_of_a_local_time(starts: str, since: datetime) -> None:
    assert hours(starts, "2027-12-01 00:00").since == since


def test_the_day_depends_on_the_zone_of_the_reader() -> None:
    evening = CalendarEntry("a-1", "A", hours("2027-04-17 18:00", "2027-04-17 20:00"))
    assert evening.last_day(VANCOUVER) == date(2027, 4, 17)
    assert evening.last_day(PARIS) == date(2027, 4, 18)
    whole = CalendarEntry("a-2", "A", date(2027, 4, 17))
    assert whole.last_day(VANCOUVER) == whole.last_day(PARIS) == date(2027, 4, 17)
    assert whole.begins(VANCOUVER) == datetime(2027, 4, 17, 7, tzinfo=UTC)


def test_what_ends_at_midnight_ends_the_day_before() -> None:
    late = CalendarEntry("a-1", "A", hours("2027-04-17 22:00", "2027-04-18 00:00"))
    assert late.last_day(VANCOUVER) == date(2027, 4, 17)


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "problem"),
    [
        ("2027-04-17 18:00", "2027-04-17 18:00", "Europe/Paris", "not after its start"),
        ("2027-04-17 18:00", "2027-04-17 17:00", "Europe/Paris", "not after its start"),
        ("2027-04-17 18:00", "2027-04-17 19:00", "Nowhere", "not a time zone"),
        ("2027-04-17 18:00+00:00", "2027-04-17 19:00", "Europe/Paris", "zone of its own"),
    ],
)
def test_times_that_cannot_be(starts: str, ends: str, zone: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        hours(starts, ends, zone)


@pytest.mark.parametrize(
    ("starts", "ends", "until"),
    [
        ("02:30", "03:15", "04:15"),
        ("02:30", "03:30", "04:30"),
        ("02:30", "03:45", "03:45"),
        ("02:10", "02:50", "02:50"),  # both are skipped, and an hour later
        ("01:30", "02:30", "02:30"),
    ],
)
def test_what_lies_in_the_hour_that_a_clock_change_skips(
    starts: str, ends: str, until: str
) -> None:
    found = hours(f"2027-03-14 {starts}", f"2027-03-14 {ends}")
    assert found.ends == datetime.fromisoformat(f"2027-03-14 {until}")
    assert found.until > found.since


@given(
    st.datetimes(datetime.fromisoformat("2027-03-13"), datetime.fromisoformat("2027-03-15")),
    st.integers(min_value=1, max_value=300),
    st.sampled_from(["America/Vancouver", "Europe/Paris", "Australia/Lord_Howe", "UTC"]),
)
def test_hours_end_after_they_start(starts: datetime, minutes: int, zone: str) -> None:
    for day in (starts, starts + timedelta(days=14), starts + timedelta(days=238)):
        found = Hours(day, day + timedelta(minutes=minutes), zone)
        assert found.until > found.since
        assert Hours(found.starts, found.ends, zone) == found


def test_a_moment_is_no_day_and_an_entry_has_a_uid() -> None:
    with pytest.raises(TypeError, match="a-1 are not Hours"):
        CalendarEntry("a-1", "A", datetime(2027, 4, 17, 18, tzinfo=UTC))
    with pytest.raises(ValueError, match="“A” has no uid"):
        CalendarEntry("", "A", date(2027, 4, 17))
