"""Thanks for attending, once, when it has earned a credit that still counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.member_records import MemberRecord
from bridge.sessions import attendance
from bridge.sessions.attendance import Mark
from bridge.sessions.notices.thanks import AFTER, TOO_OLD
from bridge.store.members.upsert import upsert_members
from tests.sessions.environment import DATA, Union, times
from tests.sessions.notices.environment import notices, run

OVER = times().until


def record(union: Union, number: int, person: int, *, attended: bool = True) -> None:
    with union.db.transaction() as session:
        marks = [Mark(person, attended)]
        attendance.record(session, union.recorder, number, "leader", marks)


@pytest.fixture
def attended(union: Union) -> tuple[int, int]:
    """A session that is over, and a member who has attended it."""
    _, person = union.member("M1", "Mia")
    number = union.schedule()
    union.now = OVER
    record(union, number, person)
    return number, person


def test_once_after_a_while(union: Union, attended: tuple[int, int]) -> None:
    number, person = attended
    run(union, OVER + AFTER - timedelta(seconds=1))
    assert notices(union) == []
    run(union, OVER + AFTER)
    [email] = [each for each in union.emails(person) if each.kind == "session-thanks"]
    assert email.payload["title"] == "Hearings"
    assert email.payload["day"] == "2027-04-17"
    for attends in (False, True):
        record(union, number, person, attended=attends)
        run(union, union.now + AFTER)
    assert notices(union, person) == ["thanks"]


def test_none_for_a_credit_that_is_withdrawn(union: Union, attended: tuple[int, int]) -> None:
    number, person = attended
    record(union, number, person, attended=False)
    run(union, OVER + AFTER)
    assert notices(union) == []
    record(union, number, person)
    run(union, union.now + AFTER)
    assert notices(union) == ["thanks"]


def test_none_for_a_member_who_left(union: Union, attended: tuple[int, int]) -> None:
    left = MemberRecord("M1", "mia@union.example", "Mia", "Example", status="left")
    with union.db.transaction() as session:
        upsert_members(session, [left], union.now)
    run(union, OVER + AFTER)
    assert notices(union) == []


def test_a_series_is_thanked_for_when_it_is_complete(union: Union) -> None:
    _, person = union.member("M1", "Mia")
    one, two = (
        union.schedule(replace(DATA, topic="series", part=part, times=times(day)))
        for part, day in (("one", "2027-04-17"), ("two", "2027-04-18"))
    )
    union.now = times("2027-04-18").until
    record(union, one, person)
    run(union, union.now + AFTER)
    assert notices(union) == []
    record(union, two, person)
    run(union, union.now + AFTER)
    assert union.emails(person)[-1].payload["title"] == "A series"


def test_none_for_an_old_list(union: Union) -> None:
    _, person = union.member("M1", "Mia")
    number = union.schedule()
    union.now = OVER + TOO_OLD
    record(union, number, person)
    run(union, union.now + AFTER)
    assert notices(union) == []
