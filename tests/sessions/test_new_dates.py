"""Postponing, new dates, and confirming them in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.errors import SessionError
from bridge.foundations.feature import Context
from bridge.foundations.owners import Owner
from bridge.sessions import scheduling
from bridge.sessions.rosters import registered
from bridge.sessions.summaries import list_sessions
from bridge.store.database import Database

from .environment import DATA, Union, act, change, entries, release, times


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def test_postponing_keeps_registrations_and_takes_entries_away(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    assert act(union, scheduling.postpone, number, "Snow.")
    assert not act(union, scheduling.postpone, number, "Snow.")
    assert union.states(number) == {kim: "seated"}
    assert entries(union.emails(kim))[1:] == [("CANCEL", "CANCELLED", "2", "04-17 18:00")]
    with pytest.raises(SessionError, match="until further notice"):
        union.register(number, union.person("Lee"))
    with pytest.raises(SessionError, match="needs a new date"):
        act(union, scheduling.open_registration, number)
    assert union.leave(number, kim)
    assert union.news(kim) == ["seated", "postponed", "left"]


def test_a_new_date_must_be_confirmed_in_time(union: Union) -> None:
    number, people = union.schedule(), union.people(3)
    for each in people:
        union.register(number, each)
    act(union, scheduling.postpone, number, "")
    act(union, scheduling.set_new_date, number, times("2027-05-20"))
    assert list(union.states(number).values()) == ["confirming", "confirming", "waiting"]
    asked = union.emails(people[0])[-1]
    assert (asked.payload["news"], asked.payload["until"]) == ("new-date", "2027-05-18T18:00")
    assert entries([asked]) == [("REQUEST", "CONFIRMED", "3", "05-20 18:00")]
    assert union.confirm(number, people[0]) == "seated"
    union.wait(days=77)
    release(union)
    assert union.states(number)[people[1]] == "confirming"
    union.now = union.session(number).starts_at - timedelta(hours=47)
    release(union)
    assert list(union.states(number).values()) == ["seated", "cancelled", "seated"]
    assert entries(union.emails(people[1]))[-1][:2] == ("CANCEL", "CANCELLED")
    assert union.news(people[2]) == ["waiting", "postponed", "changed", "promoted"]


def test_a_session_that_is_postponed_again_releases_no_seat(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.set_new_date, number, times("2027-05-20"))
    act(union, scheduling.postpone, number, "")
    union.now = union.session(number).starts_at - timedelta(hours=47)
    release(union)
    assert union.states(number) == {kim: "confirming"}


def test_a_new_date_at_short_notice_leaves_time_to_confirm(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.set_new_date, number, times("2027-03-02"))
    until = union.emails(kim)[-1].payload["until"]
    assert until == "2027-03-01T05:00"  # an hour from now, by the clocks there


def test_the_same_new_date_again_changes_nothing(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    assert act(union, scheduling.set_new_date, number, times("2027-05-20"))
    union.confirm(number, kim)
    assert not act(union, scheduling.set_new_date, number, times("2027-05-20"))
    assert union.states(number) == {kim: "seated"}
    assert union.news(kim) == ["seated", "new-date", "seated"]


def test_a_postponed_session_stays_until_it_is_cancelled(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.postpone, number, "Snow.")
    union.wait(days=100)
    with union.db.reading() as session:
        context = Context(session, union.config, union.curricula, "en", union.now)
        assert [live.id for live, _ in registered(context, Owner(person_id=kim))] == [number]
        listed = list_sessions(session, union.curricula, "en", union.now, 10)
        assert [each.id for each in listed] == [number]
        assert not list_sessions(session, union.curricula, "en", union.now, 10, past=True)
    assert act(union, scheduling.cancel, number, "Nobody can come.")
    assert union.news(kim) == ["seated", "postponed", "cancelled"]
    methods = [each[0] for each in entries(union.emails(kim))]
    assert methods == ["REQUEST", "CANCEL"], "the entry has left the calendar already"


def test_who_changes_the_format_of_a_new_date_gets_its_entry(union: Union) -> None:
    number = union.schedule(replace(DATA, in_person=True, room="Hall"))
    kim = union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.set_new_date, number, times("2027-05-20"))
    union.register(number, kim, "room")
    assert union.states(number) == {kim: "seated"}
    assert entries(union.emails(kim))[-1] == ("REQUEST", "CONFIRMED", "3", "05-20 18:00")


def test_a_date_that_moves_again_is_confirmed_by_another_time(union: Union) -> None:
    number, people = union.schedule(), union.people(2)
    for each in people:
        union.register(number, each)
    act(union, scheduling.set_new_date, number, times("2027-05-20"))
    union.confirm(number, people[0])
    change(union, number, replace(DATA, times=times("2027-04-10")))
    assert union.news(people[0])[-1] == "changed"
    asked = union.emails(people[1])[-1].payload
    assert (asked["news"], asked["until"]) == ("new-date", "2027-04-08T18:00")
    union.now = union.session(number).starts_at - timedelta(hours=47)
    release(union)
    assert union.states(number)[people[1]] == "cancelled"


def test_no_seat_is_released_once_it_has_begun(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.set_new_date, number, times("2027-05-20"))
    union.now = union.session(number).starts_at + timedelta(hours=1)
    release(union)
    assert union.states(number) == {kim: "confirming"}


def test_a_date_can_not_be_confirmed_while_it_is_postponed_again(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.set_new_date, number, times("2027-05-20"))
    act(union, scheduling.postpone, number, "")
    with pytest.raises(SessionError, match="postponed until further notice"):
        union.confirm(number, kim)


def test_leaving_a_postponed_session_takes_no_entry_away_twice(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.postpone, number, "")
    union.leave(number, kim)
    assert [each[0] for each in entries(union.emails(kim))] == ["REQUEST", "CANCEL"]
