"""Repeating monthly: which days, which months have none, and what is created."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bridge.errors import SessionError
from bridge.sessions import live_sessions, scheduling
from bridge.sessions.rules import Times
from bridge.sessions.schedule_files.copies import act_on_all, copy, plan, repeat_monthly
from bridge.sessions.schedule_files.repeating import Repeat, Rhythm, occurrences
from bridge.store.database import Database
from tests.sessions.environment import DATA, ZONE, Union, times


def days(first: Times, repeat: Repeat) -> list[str]:
    """The days, or `month: problem`."""
    return [
        f"{each.times.starts:%m-%d}" if each.times else f"{each.month:%m}: {each.problem}"
        for each in occurrences(first, repeat)
    ]


@pytest.mark.parametrize(
    ("day", "rhythm", "expected"),
    [
        ("2027-04-13", "weekday", ["05-11", "06-08", "07-13"]),  # second Tuesday
        ("2027-04-30", "weekday", ["05: this month has no such day.",
                                   "06: this month has no such day.", "07-30",
                                   "08: this month has no such day.",
                                   "09: this month has no such day.", "10-29", "11: this month "
                                   "has no such day.", "12-31"]),  # fifth Friday
        ("2027-04-30", "last-weekday", ["05-28", "06-25", "07-30"]),
        ("2027-08-31", "day", ["09: this month has no such day.", "10-31",
                               "11: this month has no such day.", "12-31",
                               "01-31"]),
    ],
)  # fmt: skip
def test_the_days(day: str, rhythm: Rhythm, expected: list[str]) -> None:
    assert days(times(day), Repeat(rhythm, 3)) == expected


def test_until_a_day_and_over_a_clock_change() -> None:
    early = times("2027-02-14", "02:30", "04:00")
    problem = f"03: this time doesn't exist in {ZONE}: clocks go forward."
    assert days(early, Repeat("day", until=date(2027, 4, 14))) == [problem, "04-14"]
    assert days(early, Repeat("day", until=date(2027, 4, 13))) == [problem]
    twice = times("2027-10-07", "01:30", "04:00")
    assert days(twice, Repeat("day", 1))[0].startswith("11: this time comes twice")


def test_over_midnight() -> None:
    late = Times(datetime.fromisoformat("2027-04-13T23:00"),
                 datetime.fromisoformat("2027-04-14T01:00"), ZONE)  # fmt: skip
    [found] = occurrences(late, Repeat("weekday", 1))
    assert found.times
    assert f"{found.times.ends:%m-%d %H:%M}" == "05-12 01:00"


@pytest.mark.parametrize(
    ("repeat", "message"),
    [
        (lambda: Repeat("day"), "how many times"),
        (lambda: Repeat("day", 2, date(2027, 9, 1)), "how many times"),
        (lambda: Repeat("day", 37), "1 to 36 times"),
        (lambda: occurrences(times(), Repeat("day", until=date(2027, 4, 30))), "no month until"),
        (lambda: occurrences(times(), Repeat("day", until=date(2060, 4, 30))), "1 to 36 times"),
        (lambda: occurrences(times("2027-04-13"), Repeat("last-weekday", 1)), "isn't on the last"),
    ],
)
def test_what_cannot_be_repeated(repeat: object, message: str) -> None:
    with pytest.raises(SessionError, match=message):
        repeat()  # type: ignore[operator]


def test_copies_are_drafts_once_with_the_leaders_that_may_be_named(db: Database) -> None:
    union = Union(db)
    number, kim, lou = union.schedule(), union.person("Kim"), union.person("Lou")
    with db.transaction() as session:
        scheduling.set_leaders(session, union.office, number, [kim, lou])
        repeat_monthly(session, union.office, number, Repeat("day", 2))
    with db.transaction() as session:
        done = repeat_monthly(session, union.office, number, Repeat("day", 3), opened=True,
                              may_name=lambda _session, person: person != kim)  # fmt: skip
        assert [str(each.problem) for each in done] == ["it is scheduled already."] * 2 + [""]
        last = done[-1].created
        assert live_sessions.leader_ids(session, last) == {lou}
        assert live_sessions.lock(session, last).state == "open"
    assert union.session(last - 1).state == "draft"
    with pytest.raises(SessionError, match="nothing to create"), db.transaction() as session:
        repeat_monthly(session, union.office, number, Repeat("day", 3))
    union.now = times("2027-06-01").since
    with db.reading() as session:
        planned = plan(session, last - 2, Repeat("weekday", 1), times("2027-06-30").since)
        assert str(planned[0].problem) == "a session can't start in the past."


def test_a_copy_keeps_the_place_and_has_no_registrations(db: Database) -> None:
    union = Union(db)
    number = union.schedule()
    union.register(number, union.person("Kim"))
    with db.transaction() as session:
        copied = copy(session, union.office, number, times("2027-05-17"))
    assert union.states(copied) == {}
    assert (union.session(copied).link, union.session(copied).state) == (DATA.link, "draft")


def test_several_sessions_all_or_none(db: Database) -> None:
    union = Union(db)
    first, draft = union.schedule(), union.schedule(opened=False)
    kim = union.person("Kim")
    union.register(first, kim)
    with (
        pytest.raises(SessionError, match="only a session that is open") as caught,
        db.transaction() as session,
    ):
        act_on_all(session, union.office, [draft, first], "postpone", "Snow.")
    assert caught.value.where == union.session(draft).key
    assert union.session(first).state == "open"
    with db.transaction() as session:
        assert act_on_all(session, union.office, [draft, first], "open", "") == [draft]
        assert act_on_all(session, union.office, [draft, first], "cancel", "Snow.") == [
            first,
            draft,
        ]
    assert union.news(kim) == ["seated", "cancelled"]
