"""Registering, the waiting list, and leaving: seats are never oversold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.errors import SessionError
from bridge.sessions import live_sessions, registrations, scheduling
from bridge.sessions.registering.history import history, waiting_lists
from bridge.sessions.registering.on_behalf import register_people, remove_people, split_names
from bridge.sessions.rules import Format
from bridge.sessions.tables import Registration, RegistrationChange
from bridge.store.database import Database

from .environment import DATA, Union

BOTH = replace(DATA, in_person=True, room="Union hall", seats_online=1, seats_room=1)


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def test_seats_then_the_waiting_list_in_order(union: Union) -> None:
    number, people = union.schedule(), union.people(5)
    states = [union.register(number, each) for each in people]
    assert states == ["seated", "seated", "waiting", "waiting", "waiting"]
    assert union.leave(number, people[2])
    assert union.leave(number, people[0])
    assert union.states(number) == dict(
        zip(people, ["cancelled", "seated", "cancelled", "seated", "waiting"], strict=True)
    )
    assert union.news(people[3]) == ["waiting", "promoted"]
    assert union.news(people[4]) == ["waiting"]


def test_who_comes_back_waits_at_the_end(union: Union) -> None:
    number, people = union.schedule(), union.people(4)
    for each in people:
        union.register(number, each)
    union.wait(minutes=1)
    union.leave(number, people[0])  # the third has the seat now
    union.wait(minutes=1)
    assert union.register(number, people[0]) == "waiting"
    union.leave(number, people[1])
    assert union.states(number)[people[3]] == "seated"
    assert union.states(number)[people[0]] == "waiting"


def test_twice_is_once(union: Union) -> None:
    number, person = union.schedule(), union.person("Kim")
    assert union.register(number, person) == union.register(number, person) == "seated"
    assert union.news(person) == ["seated"]
    assert union.leave(number, person)
    assert not union.leave(number, person)
    assert union.news(person) == ["seated", "left"]


def test_a_guest_holds_no_seat_until_they_confirm(union: Union) -> None:
    number, people = union.schedule(), union.people(4)
    assert union.register(number, people[0], confirmed=False) == "pending"
    assert union.register(number, people[0], confirmed=False) == "pending"
    assert [union.register(number, each) for each in people[1:3]] == ["seated", "seated"]
    assert union.confirm(number, people[0]) == "waiting"
    assert union.news(people[0]) == ["confirm", "waiting"]
    assert union.register(number, people[3], confirmed=False) == "pending"
    union.wait(hours=2)
    assert union.register(number, people[3], confirmed=False) == "pending"
    assert union.leave(number, people[3])
    assert union.news(people[3]) == ["confirm", "confirm"]


@pytest.mark.parametrize(("how", "state"), [("room", "seated"), ("online", "waiting")])
def test_online_and_in_person_have_seats_of_their_own(
    union: Union, how: Format, state: str
) -> None:
    number, people = union.schedule(BOTH), union.people(2)
    union.register(number, people[0], "online")
    assert union.register(number, people[1], how) == state


def test_who_changes_the_way_loses_no_seat(union: Union) -> None:
    number, people = union.schedule(BOTH), union.people(3)
    union.register(number, people[0], "online")
    union.register(number, people[1], "room")
    assert union.register(number, people[2], "online") == "waiting"
    with pytest.raises(SessionError, match="You keep the one that you have"):
        union.register(number, people[0], "room")
    union.leave(number, people[1])
    assert union.register(number, people[0], "room") == "seated"
    assert union.states(number)[people[2]] == "seated"


def test_nobody_registers_when_it_is_closed(union: Union) -> None:
    person = union.person("Kim")
    draft = union.schedule(opened=False)
    with pytest.raises(SessionError, match="isn't open"):
        union.register(draft, person)
    number = union.schedule()
    with pytest.raises(SessionError, match="one can't take part in person"):
        union.register(number, person, "room")
    with pytest.raises(SessionError, match="no such session"):
        union.register(number + 100, person)
    with pytest.raises(SessionError, match="you aren't registered"):
        union.confirm(number, person)
    union.now = union.session(number).starts_at
    with pytest.raises(SessionError, match="already started"):
        union.register(number, person)


def test_the_list_stops_advancing_before_the_start(union: Union) -> None:
    number, people = union.schedule(), union.people(3)
    for each in people:
        union.register(number, each)
    union.now = union.session(number).starts_at
    union.wait(hours=-2)
    union.leave(number, people[0])
    assert union.states(number)[people[2]] == "waiting"


def test_more_seats_advance_the_list(union: Union) -> None:
    number, people = union.schedule(), union.people(6)
    for each in people:
        union.register(number, each)
    with union.db.transaction() as session:
        more = replace(DATA, seats_online=5)
        assert scheduling.change(session, union.office, number, more, union.session(number).version)
    assert list(union.states(number).values()).count("seated") == 5
    with union.db.transaction() as session:
        assert registrations.advance(session, union.office.desk, number) == []


def test_the_history_says_who_when_and_why(union: Union) -> None:
    number, person = union.schedule(), union.person("Kim")
    union.register(number, person)
    union.wait(hours=1)
    union.leave(number, person)
    with union.db.reading() as session:
        steps = session.scalars(select(RegistrationChange).order_by(RegistrationChange.id)).all()
    assert [(each.state, each.reason, each.actor) for each in steps] == [
        ("seated", "registered", "committee"), ("cancelled", "left", "committee"),
    ]  # fmt: skip
    assert steps[0].at < steps[1].at


def test_nobody_is_moved_by_someone_who_types_their_address(union: Union) -> None:
    number = union.schedule(replace(DATA, in_person=True, room="Hall", seats_online=1))
    kim, waiting = union.people(2)
    union.register(number, kim)
    union.register(number, waiting)
    for each, state in ((kim, "seated"), (waiting, "waiting")):
        assert union.register(number, each, "room", confirmed=False) == state
    with union.db.reading() as session:
        rows = session.scalars(select(Registration).order_by(Registration.id)).all()
    assert [(each.format, each.state) for each in rows] == [
        ("online", "seated"), ("online", "waiting"),
    ]  # fmt: skip


def test_a_late_free_seat_goes_to_who_asks_first(union: Union) -> None:
    number = union.schedule(replace(DATA, seats_online=1))
    kim, waiting, other, new = union.people(4)
    for each in (kim, waiting, other):
        union.register(number, each)
    union.now = union.session(number).starts_at - timedelta(hours=1)
    union.leave(number, kim)
    assert list(union.states(number).values()) == ["cancelled", "waiting", "waiting"]
    assert union.register(number, other) == "seated"
    assert union.register(number, waiting) == "waiting"
    assert union.register(number, new) == "waiting"
    union.leave(number, other)
    assert union.register(number, union.person("Late")) == "seated"


def test_the_history_says_once_that_the_list_had_closed(union: Union) -> None:
    number = union.schedule(replace(DATA, seats_online=1))
    kim, waiting, other = union.people(3)
    for each in (kim, waiting, other):
        union.register(number, each)
    union.now = union.session(number).starts_at - timedelta(hours=1)
    union.leave(number, kim)
    with union.db.transaction() as session:
        assert registrations.advance(session, union.office.desk, number) == []
        steps = history(session, number)
        lists = waiting_lists(
            session, live_sessions.lock(session, number), union.office.closes_before, union.now
        )
    assert [(each.person_id, each.state, each.reason) for each in steps[:2]] == [
        (waiting, "waiting", "list-closed"), (kim, "cancelled", "left"),
    ]  # fmt: skip
    assert union.news(waiting) == ["waiting"]
    assert [(each.waiting, each.free, each.standing) for each in lists] == [(2, 1, "closed")]


def test_others_register_and_remove_people_with_their_own_reasons(union: Union) -> None:
    number, people = union.schedule(), union.people(3)
    with union.db.transaction() as session:
        states = register_people(session, union.office.desk, number, people, "online")
    assert list(states.values()) == ["seated", "seated", "waiting"]
    with union.db.transaction() as session:
        assert remove_people(session, union.office.desk, number, people[:1]) == people[:1]
        assert remove_people(session, union.office.desk, number, people[:1]) == []
        reasons = [each.reason for each in reversed(history(session, number))]
    assert reasons == ["added", "added", "added", "removed", "promoted"]
    assert union.news(people[0]) == ["seated", "left"]
    assert union.news(people[2]) == ["waiting", "promoted"]


def test_names_are_read_from_what_people_paste() -> None:
    text = "1042\tKim Example <kim@union.example>;\n\n sam@x.example , 1042"
    assert split_names(text) == ["1042", "kim@union.example", "sam@x.example"]
    with pytest.raises(SessionError, match="at most 200"):
        split_names("\n".join(map(str, range(201))))


def test_a_long_word_is_looked_through_once() -> None:
    assert split_names("x" * 200_000) == ["x" * 200_000]
