"""Scheduling, changes, postponing and cancelling, and what registered people are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bridge.errors import SessionError
from bridge.privacy import erase_person
from bridge.sessions import scheduling
from bridge.sessions.feeds import entry_of
from bridge.sessions.live_sessions import leader_ids
from bridge.sessions.rules import Times
from bridge.store.database import Database
from bridge.store.tables.operations import AuditEntry

from .environment import DATA, NOW, ZONE, Union, act, change, entries, release, times


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "message"),
    [
        ("2027-03-14T02:30", "2027-03-14T04:00", ZONE, "doesn't exist"),
        ("2027-11-07T01:30", "2027-11-07T03:00", ZONE, "comes twice"),
        ("2027-04-17T20:00", "2027-04-17T18:00", ZONE, "ends after its start"),
        ("2027-04-17T18:00", "2027-04-17T18:00", ZONE, "ends after its start"),
        ("2027-04-17T18:00", "2027-04-19T18:00", ZONE, "at most a day later"),
        ("2027-04-17T18:00", "2027-04-17T20:00", "Pacific Time", "no time zone `Pacific Time`"),
        ("2027-04-17T18:00", "2027-04-17T20:00", "../etc/passwd", "no time zone"),
    ],
)
def test_times_that_cannot_be_are_refused(starts: str, ends: str, zone: str, message: str) -> None:
    with pytest.raises(SessionError, match=message):
        Times(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"link": "http://meet.example"}, "must begin with https://"),
        ({"link": "javascript:alert(1)"}, "must begin with https://"),
        ({"seats_online": 0}, "number of seats"),
        ({"online": False}, "online, in person, or both"),
        ({"in_person": True}, "where people meet"),
        ({"room": "x" * 201}, "longer than 200"),
        ({"materials": "a\x00b"}, "unprintable"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(SessionError, match=message):
        replace(DATA, **values)  # type: ignore[arg-type]


def test_materials_may_have_several_lines() -> None:
    assert replace(DATA, materials="Read\r\n\n- this").materials


def test_a_session_starts_in_the_future(union: Union) -> None:
    with pytest.raises(SessionError, match="in the past"):
        union.schedule(replace(DATA, times=times("2027-02-28")))
    assert union.schedule(replace(DATA, times=times("2027-03-02")))


def test_over_midnight(union: Union) -> None:
    late = Times(
        datetime.fromisoformat("2027-04-17T23:00"), datetime.fromisoformat("2027-04-18T01:00"), ZONE
    )
    live = union.session(union.schedule(replace(DATA, times=late)))
    assert live.ends_at - live.starts_at == timedelta(hours=2)


def test_an_older_page_changes_nothing(union: Union) -> None:
    number = union.schedule()
    version = union.session(number).version
    change(union, number, replace(DATA, room="Hall", in_person=True), version)
    with pytest.raises(SessionError, match="someone else has changed"):
        change(union, number, replace(DATA, seats_online=9), version)
    assert union.session(number).seats_online == 2


def test_fewer_seats_than_taken_are_refused(union: Union) -> None:
    number, people = union.schedule(), union.people(2)
    for each in people:
        union.register(number, each)
    with pytest.raises(SessionError, match="2 seats are taken"):
        change(union, number, replace(DATA, seats_online=1))
    with pytest.raises(SessionError, match="a way that you remove"):
        change(union, number, replace(DATA, online=False, in_person=True, room="Hall"))


def test_a_session_with_people_keeps_its_topic(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    other = replace(DATA, topic="series", part="one")
    union.register(number, kim)
    with pytest.raises(SessionError, match="it keeps its topic"):
        change(union, number, other)
    union.leave(number, kim)
    assert change(union, number, other)


def test_an_entry_changes_when_the_session_does_and_only_then(union: Union) -> None:
    number, kim, waiting = union.schedule(), *union.people(2)
    other = union.person("Other")
    for each in (kim, other, waiting):
        union.register(number, each)
    assert entries(union.emails(kim)) == [("REQUEST", "CONFIRMED", "1", "04-17 18:00")]
    for harmless in (
        replace(DATA, link="https://meet.example/2"),
        replace(DATA, link="https://meet.example/2", materials="Read this."),
        replace(DATA, link="https://meet.example/2", seats_online=2, region="north"),
    ):
        change(union, number, harmless)
    assert union.news(kim) == ["seated"]
    assert change(union, number, harmless) is False
    change(union, number, replace(harmless, times=times("2027-04-18")))
    assert union.news(kim) == ["seated", "changed"]
    assert entries(union.emails(kim))[1:] == [("REQUEST", "CONFIRMED", "2", "04-18 18:00")]
    assert union.news(waiting) == ["waiting", "changed"]
    assert entries(union.emails(waiting)) == []


def test_cancelling_tells_everyone_and_can_be_undone(union: Union) -> None:
    number, people = union.schedule(), union.people(3)
    for each in people:
        union.register(number, each)
    assert act(union, scheduling.cancel, number, "The speaker is ill.")
    assert not act(union, scheduling.cancel, number, "Again.")
    assert set(union.states(number).values()) == {"cancelled"}
    assert union.news(people[0]) == ["seated", "cancelled"]
    assert union.news(people[2]) == ["waiting", "cancelled"]
    assert entries(union.emails(people[0]))[1:] == [("CANCEL", "CANCELLED", "2", "04-17 18:00")]
    assert union.emails(people[0])[1].payload["reason"] == "The speaker is ill."
    with pytest.raises(SessionError, match="was cancelled"):
        union.register(number, people[0])
    assert act(union, scheduling.open_registration, number)
    assert list(union.states(number).values()) == ["confirming", "confirming", "waiting"]
    assert union.confirm(number, people[0]) == "seated"
    assert union.news(people[0]) == ["seated", "cancelled", "reopened", "seated"]
    assert union.news(people[2]) == ["waiting", "cancelled", "reopened"]
    assert entries(union.emails(people[0]))[2:] == [("REQUEST", "CONFIRMED", "3", "04-17 18:00")]


def test_the_reason_of_a_new_date_is_told_to_those_registered_before(union: Union) -> None:
    number, (first, second) = union.schedule(), union.people(2)
    union.register(number, first)
    act(union, scheduling.set_new_date, number, times("2027-05-20"), "The room is taken.")
    asked = union.emails(first)[-1].payload
    assert (asked["news"], asked["reason"]) == ("new-date", "The room is taken.")
    union.register(number, second)
    assert union.emails(second)[-1].payload["reason"] == ""


def test_a_seat_of_someone_who_is_erased_goes_to_the_next(union: Union) -> None:
    number, people = union.schedule(), union.people(4)
    for each in people:
        union.register(number, each)
    with union.db.transaction() as session:
        erase_person(session, people[0], "committee", union.now)
    release(union)
    assert union.states(number) == dict(
        zip(people[1:], ["seated", "seated", "waiting"], strict=True)
    )
    assert union.news(people[2]) == ["waiting", "promoted"]


def test_another_room_concerns_those_who_go_there(union: Union) -> None:
    both = replace(DATA, in_person=True, room="Hall")
    number, (kim, lee) = union.schedule(both), union.people(2)
    union.register(number, kim)
    union.register(number, lee, "room")
    change(union, number, replace(both, room="Library"))
    assert (union.news(kim), union.news(lee)) == (["seated"], ["seated", "changed"])


def test_one_change_is_one_email(union: Union) -> None:
    number, people = union.schedule(replace(DATA, seats_online=1)), union.people(2)
    for each in people:
        union.register(number, each)
    change(union, number, replace(DATA, seats_online=2, times=times("2027-04-18")))
    assert union.news(people[1]) == ["waiting", "promoted"]
    assert entries(union.emails(people[1]))[0][3] == "04-18 18:00"


def test_an_older_page_does_not_replace_the_leaders(union: Union) -> None:
    number, leader = union.schedule(), union.person("Lee")
    version = union.session(number).version
    act(union, scheduling.change, number, DATA, version, [leader])
    with pytest.raises(SessionError, match="someone else has changed"):
        act(union, scheduling.change, number, DATA, version, [])
    with union.db.reading() as session:
        assert leader_ids(session, number) == {leader}


def test_an_entry_is_newer_than_the_file_that_anyone_can_download(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    act(union, scheduling.postpone, number, "")
    act(union, scheduling.set_new_date, number, times("2027-05-20"))
    file = entry_of(union.session(number), "", "").sequence
    union.register(number, kim)
    assert int(entries(union.emails(kim))[0][2]) >= file
    change(union, number, replace(DATA, times=times("2027-05-21")))
    assert int(entries(union.emails(kim))[1][2]) > file


def test_a_guest_can_still_confirm_once_the_session_takes_place_after_all(union: Union) -> None:
    number, guest = union.schedule(), union.person("Gil")
    union.register(number, guest, confirmed=False)
    act(union, scheduling.cancel, number, "")
    act(union, scheduling.open_registration, number)
    assert union.news(guest) == ["confirm"]
    assert union.confirm(number, guest) == "seated"


def test_emails_to_one_person_stay_in_order(union: Union) -> None:
    number, kim = union.schedule(), union.person("Kim")
    union.register(number, kim)
    act(union, scheduling.cancel, number, "")
    found = union.emails(kim)
    assert [each.revision for each in found] == [1, 2]
    assert {each.subject for each in found} == {f"session:{number}"}
    assert found[0].created_at == NOW


def test_the_log_says_what_changed_without_the_link(union: Union) -> None:
    number = union.schedule()
    change(union, number, replace(DATA, seats_online=5, link="https://meet.example/secret"))
    with union.db.reading() as session:
        lines = list(session.scalars(select(AuditEntry).where(AuditEntry.action == "session")))
    assert lines[-1].after == {"session": number, "seats_online": 5}
    assert "secret" not in str([(each.before, each.after) for each in lines])
