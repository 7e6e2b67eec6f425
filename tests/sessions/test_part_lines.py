"""A part of a series that was attended alone is on the record, until the series is complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bridge.foundations.feature import Context, RecordRequest
from bridge.sessions.attendance import Mark, record
from bridge.sessions.earning.marks import Source
from bridge.sessions.rosters import PART_KIND, PARTS
from bridge.store.database import Database
from tests.sessions.environment import DATA, Union, times

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
TWO_PARTS = ("one", "two")


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def part(union: Union, key: str, day: str) -> int:
    return union.schedule(replace(DATA, topic="series", part=key, times=times(day)))


def mark(union: Union, number: int, person: int, attended: bool, source: Source = "leader") -> None:
    union.now = times("2027-06-30").until
    with union.db.transaction() as session:
        record(session, union.recorder, number, source, [Mark(person, attended)])


def lines(union: Union, member: int, before: datetime = NEVER, limit: int = 10) -> list[str]:
    with union.db.reading() as session:
        context = Context(session, union.config, union.curricula, "en", union.now)
        found = PARTS.read(context, RecordRequest(member, frozenset({PART_KIND}), before, limit))
        return [f"{each.on} {each.title}: {each.result}" for each in found]


def test_one_part_is_progress_and_both_are_a_credit(union: Union) -> None:
    member, person = union.member("M1", "Kim")
    one, two = part(union, "one", "2027-04-17"), part(union, "two", "2027-04-18")
    assert lines(union, member) == []
    mark(union, one, person, True)
    assert lines(union, member) == ["2027-04-17 A series – First: 1 of 2 parts"]
    mark(union, two, person, True)
    assert lines(union, member) == []
    mark(union, one, person, False)
    assert lines(union, member) == ["2027-04-18 A series – Second: 1 of 2 parts"]


def test_the_same_part_twice_is_one_part_newest_first_and_in_pages(union: Union) -> None:
    member, person = union.member("M1", "Kim")
    days = ("2027-04-17", "2027-05-17")
    for each in [part(union, "one", day) for day in days]:
        mark(union, each, person, True)
    later, earlier = f"{days[1]} A series – First: 1 of 2 parts", f"{days[0]} A series – First: "
    found = lines(union, member)
    assert found == [later, f"{earlier}1 of 2 parts"]
    assert lines(union, member, limit=1) == [later]
    assert lines(union, member, datetime(2027, 5, 1, tzinfo=UTC)) == found[1:]


def test_the_strongest_source_counts_and_nobody_elses_marks(union: Union) -> None:
    member, person = union.member("M1", "Kim")
    other, _ = union.member("M2", "Alex")
    one = part(union, "one", "2027-04-17")
    mark(union, one, person, False)
    mark(union, one, person, True, "code")
    assert lines(union, member) == []
    mark(union, one, person, True)
    assert (len(lines(union, member)), lines(union, other)) == (1, [])


def test_a_topic_without_such_credit_has_no_progress(union: Union) -> None:
    member, person = union.member("M1", "Kim")
    mark(union, part(union, "one", "2027-04-17"), person, True)
    path = union.curricula[0]
    topics = tuple(replace(each, credit="none") for each in path.topics)
    union.curricula = (replace(path, topics=topics),)
    assert lines(union, member) == []
