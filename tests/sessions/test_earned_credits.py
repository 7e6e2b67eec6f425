"""What was earned stays, unless the attendance is corrected or the session doesn't take place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.curriculum.topics import Topic, TopicPart
from bridge.sessions import scheduling
from bridge.sessions.attendance import Mark
from bridge.sessions.earning.credits import CANCELLED, NEW_DATE, OTHER_TOPIC, POSTPONED
from bridge.sessions.earning.marks import attended_by
from bridge.store.database import Database
from bridge.store.learning.credits import credits_of
from bridge.workflows.corrections.credits import withdraw_credit
from bridge.workflows.corrections.decisions import Correction
from tests.support.sample_curricula import text

from .environment import DATA, HEARINGS, PARTS, PATH, SERIES, Union, times
from .test_attendance import awards, credits, hold, record


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def begin(union: Union, number: int, minutes: int = 20) -> None:
    union.now = union.session(number).starts_at + timedelta(minutes=minutes)


def attend(union: Union, person: int, part: str, day: str) -> int:
    topic = "series" if part else "hearings"
    number = union.schedule(replace(DATA, topic=topic, part=part, times=times(day)))
    hold(union, number)
    record(union, number, "leader", Mark(person, True))
    return number


def set_new_date(union: Union, number: int, day: str) -> None:
    with union.db.transaction() as session:
        scheduling.set_new_date(session, union.office, number, times(day))


def change_date(union: Union, number: int, day: str) -> None:
    with union.db.transaction() as session:
        data = replace(DATA, times=times(day))
        version = union.session(number).version
        scheduling.change(session, union.office, number, data, version)


def cancel(union: Union, number: int, _day: str) -> None:
    with union.db.transaction() as session:
        scheduling.cancel(session, union.office, number, "")


def postpone(union: Union, number: int, _day: str) -> None:
    with union.db.transaction() as session:
        scheduling.postpone(session, union.office, number, "")


@pytest.mark.parametrize(
    ("act", "reason"),
    [(set_new_date, NEW_DATE), (change_date, NEW_DATE), (cancel, CANCELLED), (postpone, POSTPONED)],
)
def test_a_session_that_does_not_take_place_as_planned_earns_nothing(
    union: Union, act: Callable[[Union, int, str], None], reason: str
) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    begin(union, number)
    record(union, number, "leader", Mark(person, True))
    act(union, number, "2027-06-20")
    assert credits(union, kim) == [("session", "hearings", reason)]
    assert awards(union, kim) == ["first"]


def test_attendance_of_an_earlier_date_is_history(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    union.register(number, person)
    begin(union, number)
    record(union, number, "leader", Mark(person, True))
    set_new_date(union, number, "2027-06-20")
    with union.db.reading() as session:
        assert attended_by(session, [number]) == {}
    hold(union, number)
    assert record(union, number, "csv", Mark(person, False, 5)) == 1
    assert [each[2] for each in credits(union, kim)] == [NEW_DATE]
    assert record(union, number, "leader", Mark(person, True)) == 1
    assert [each[2] for each in credits(union, kim)] == [NEW_DATE, "counts"]


@pytest.mark.parametrize(
    "edited",
    [
        replace(SERIES, parts=(*PARTS, TopicPart("three", text("Third")))),
        replace(SERIES, parts=PARTS[:1]),
        replace(SERIES, parts=()),
        replace(SERIES, credit="none"),
        replace(SERIES, credit="any-part"),
    ],
)
def test_what_was_earned_under_an_older_text_stays(union: Union, edited: Topic) -> None:
    kim, person = union.member("1", "Kim")
    attend(union, person, "one", "2027-03-20")
    attend(union, person, "two", "2027-03-27")
    union.curricula = (replace(PATH, topics=(HEARINGS, edited)),)
    refresher = "one" if edited.parts else ""
    number = union.schedule(replace(DATA, topic="series", part=refresher, times=times()))
    hold(union, number)
    record(union, number, "leader", Mark(person, True))
    assert credits(union, kim)[0] == ("session", "series", "counts")
    assert all(each[2] == "counts" for each in credits(union, kim))


def test_a_correction_takes_the_credit_also_if_the_topic_is_gone(union: Union) -> None:
    kim, person = union.member("1", "Kim")
    number = attend(union, person, "", "2027-03-20")
    union.curricula = (replace(PATH, topics=(SERIES,)),)
    record(union, number, "leader", Mark(person, False))
    assert [each[2] for each in credits(union, kim)] == ["The attendance was corrected."]


def test_a_session_that_turns_out_to_be_about_another_topic_earns_that(union: Union) -> None:
    kim, person = union.member("1", "Kim")
    number = attend(union, person, "", "2027-03-20")
    other = Topic("other", text("Other"))
    union.curricula = (replace(PATH, topics=(HEARINGS, other)),)
    with union.db.transaction() as session:
        data = replace(DATA, topic="other", times=times("2027-03-20"))
        version = union.session(number).version
        scheduling.change(session, union.office, number, data, version)
    assert sorted(credits(union, kim)) == [
        ("session", "hearings", OTHER_TOPIC),
        ("session", "other", "counts"),
    ]


def test_what_a_person_withdrew_comes_back_only_with_new_attendance(union: Union) -> None:
    kim, person = union.member("1", "Kim")
    number = attend(union, person, "", "2027-03-20")
    union.wait(minutes=1)
    with union.db.transaction() as session:
        [credit] = credits_of(session, kim)
        correction = Correction("committee", union.now, "Wrong", "keep")
        withdraw_credit(session, union.curricula, credit, correction)
    union.wait(minutes=1)
    record(union, number, "leader", Mark(person, True))
    assert [each[2] for each in credits(union, kim)] == ["Wrong"]
    for attended in (False, True):
        record(union, number, "leader", Mark(person, attended))
    assert [each[2] for each in credits(union, kim)] == ["Wrong", "counts"]
