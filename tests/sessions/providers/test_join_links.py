"""The job gets everyone with a seat a link, and what happens if the provider fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from sqlalchemy import update

from bridge.config import Config
from bridge.errors import SessionError
from bridge.jobs.deadlines import run_deadlines
from bridge.privacy import erase_person
from bridge.sessions import scheduling
from bridge.sessions.providers.run import provide_links
from bridge.sessions.providers.targets import BIGBLUEBUTTON
from bridge.store.tables.persons import Person
from tests.sessions.environment import DATA, ZONE, Union

from .environment import OPENS, WITH_BBB, WITH_ZOOM, ZOOM, join, problem, provide, rows, set_link
from .servers import MEETING, BigBlueButtonServer, Reply, ZoomServer


def test_everyone_gets_a_link_of_their_own(union: Union, zoom: ZoomServer) -> None:
    number, people = union.schedule(WITH_ZOOM), union.people(3)
    for person in people:
        union.register(number, person)
    provide(union)
    assert zoom.emails() == {f"p{n}@people.example" for n in range(3)}
    provide(union)
    assert zoom.added == 3
    with pytest.raises(SessionError, match="15 minutes before"):
        join(union, number, people[0])
    union.now = OPENS - timedelta(minutes=15)
    links = {join(union, number, each) for each in people}
    assert len(links) == 3
    assert all(each.startswith("https://zoom.example/w/") for each in links)
    union.now = DATA.times.until + timedelta(minutes=31)
    with pytest.raises(SessionError, match="over"):
        join(union, number, people[0])
    union.wait(days=2)
    provide(union)
    assert rows(union) == []


def test_only_those_with_a_seat_get_one(union: Union, zoom: ZoomServer) -> None:
    number = union.schedule(WITH_ZOOM)
    people = union.people(7)
    for person in people[:6]:
        union.register(number, person)
    union.register(number, people[6], confirmed=False)
    provide(union)
    assert len(zoom.emails()) == 5
    union.now = OPENS
    for person in people[5:]:
        with pytest.raises(SessionError, match="no seat"):
            join(union, number, person)


def test_who_leaves_is_removed_and_can_come_back(union: Union, zoom: ZoomServer) -> None:
    number, (first, second) = union.schedule(WITH_ZOOM), union.people(2)
    union.register(number, first)
    provide(union)
    union.leave(number, first)
    union.register(number, second)
    provide(union)
    assert zoom.emails() == {"p1@people.example"}
    union.register(number, first)
    provide(union)
    union.now = OPENS
    assert join(union, number, first) != join(union, number, second)
    assert zoom.emails() == {"p0@people.example", "p1@people.example"}


def test_another_meeting_and_a_cancellation(union: Union, zoom: ZoomServer) -> None:
    zoom.registrants["999999999"] = {}
    number, person = union.schedule(WITH_ZOOM), union.person("Ann")
    union.register(number, person)
    provide(union)
    set_link(union, number, "zoom:999999999")
    provide(union)
    assert (zoom.emails(), zoom.emails("999999999")) == (set(), {"ann@people.example"})
    with union.db.transaction() as session:
        scheduling.cancel(session, union.office, number, "")
    provide(union)
    assert zoom.emails("999999999") == set()
    assert rows(union) == []


def test_a_failing_provider_loses_no_registration(union: Union, zoom: ZoomServer) -> None:
    number, people = union.schedule(WITH_ZOOM), union.people(3)
    for person in people:
        union.register(number, person)
    zoom.fails = Reply(503)
    provide(union)
    provide(union)
    assert len(zoom.calls) == 1, "all wait, not only the one who was tried"
    assert problem(union, number) == "Zoom: The server answered with an error (HTTP 503)."
    assert set(union.states(number).values()) == {"seated"}
    zoom.fails = None
    union.wait(minutes=2)
    provide(union)
    assert problem(union, number) == ""
    assert len(zoom.emails()) == 3


def test_one_who_is_refused_holds_up_nobody(union: Union, zoom: ZoomServer) -> None:
    zoom.host = "p0@people.example"
    number, people = union.schedule(WITH_ZOOM), union.people(3)
    for person in people:
        union.register(number, person)
    provide(union)
    assert "host of a meeting" in problem(union, number)
    union.now = OPENS
    assert join(union, number, people[0]) == ""
    assert all(join(union, number, each) for each in people[1:])


def test_an_answer_that_was_lost_adds_nobody_twice(
    union: Union, zoom: ZoomServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, person = union.schedule(WITH_ZOOM), union.person("Ann")
    union.register(number, person)
    real = zoom._add

    def add(meeting: str, sent: dict[str, str]) -> Reply:
        real(meeting, sent)
        return Reply(504)

    monkeypatch.setattr(zoom, "_add", add)
    provide(union)
    monkeypatch.setattr(zoom, "_add", real)
    union.wait(minutes=2)
    provide(union)
    assert zoom.added == 1
    union.now = OPENS
    assert join(union, number, person)


def test_one_who_left_after_a_lost_answer_is_removed(
    union: Union, zoom: ZoomServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, person = union.schedule(WITH_ZOOM), union.person("Ann")
    union.register(number, person)
    real = zoom._add
    monkeypatch.setattr(zoom, "_add", lambda *sent: (real(*sent), Reply(504))[1])
    provide(union)
    union.leave(number, person)
    union.wait(minutes=20)
    provide(union)
    assert zoom.emails() == set()
    assert rows(union) == []


def test_an_erased_person_is_removed_from_zoom(union: Union, zoom: ZoomServer) -> None:
    number, person = union.schedule(WITH_ZOOM), union.person("Ann")
    union.register(number, person)
    provide(union)
    with union.db.transaction() as session:
        erase_person(session, person, "ann@people.example", union.now)
    assert [(each.person_id, each.link) for each in rows(union)] == [(None, "")]
    provide(union)
    assert zoom.emails() == set()
    assert rows(union) == []


def test_bigbluebutton_is_created_when_it_opens(union: Union, bbb: BigBlueButtonServer) -> None:
    number, (first, second) = union.schedule(WITH_BBB), union.people(2)
    for person in (first, second):
        union.register(number, person)
    with union.db.transaction() as session:
        scheduling.set_leaders(session, union.office, number, [first])
    provide(union)
    assert bbb.calls == []
    union.now = OPENS - timedelta(minutes=15)
    assert join(union, number, first) == ""
    provide(union)
    links = [join(union, number, each) for each in (first, second)]
    answers = [requests.get(each, allow_redirects=False, timeout=5) for each in links]
    assert [each.headers["Location"].partition("=")[2] for each in answers] == [
        "MODERATOR", "VIEWER",
    ]  # fmt: skip
    bbb.meetings.clear()
    union.wait(minutes=6)
    provide(union)
    assert len(bbb.meetings) == 1, "a server that was restarted gets it again"


def test_bigbluebutton_fails(union: Union, bbb: BigBlueButtonServer) -> None:
    number, person = union.schedule(WITH_BBB), union.person("Ann")
    union.register(number, person)
    bbb.secret, union.now = "another", OPENS
    provide(union)
    assert join(union, number, person) == ""
    assert "doesn't accept the shared secret" in problem(union, number)
    bbb.secret = union.config.bigbluebutton_secret.get_secret_value()  # type: ignore[union-attr]
    union.wait(minutes=6)
    provide(union)
    assert join(union, number, person)
    assert problem(union, number) == ""


def test_a_provider_that_is_not_set_up_cannot_be_chosen(union: Union) -> None:
    number = union.schedule(WITH_ZOOM)
    union.register(number, union.person("Ann"))
    union.config = Config(timezone=ZONE)
    for link, name in ((ZOOM, "Zoom"), (BIGBLUEBUTTON, "BigBlueButton")):
        with pytest.raises(SessionError, match=f"{name} isn't set up"):
            union.schedule(WITH_ZOOM if link == ZOOM else WITH_BBB)
    provide_links(union.config, union.curricula, union.db, union.now)
    assert problem(union, number).startswith("Zoom: It isn't set up.")


def test_a_run_ends_in_time(union: Union, zoom: ZoomServer) -> None:
    number = union.schedule(WITH_ZOOM)
    for person in union.people(3):
        union.register(number, person)
    clock = iter([0.0, 1.0, 31.0])
    provide_links(union.config, union.curricula, union.db, union.now, lambda: next(clock))
    assert zoom.added == 1


def test_people_who_share_an_address_share_a_link(union: Union, zoom: ZoomServer) -> None:
    number = union.schedule(WITH_ZOOM)
    first = union.member("1", "Ann")[1]
    second = union.member("2", "Ben")[1]
    with union.db.transaction() as session:
        shared = update(Person).where(Person.id == second)
        session.execute(shared.values(email="ann@union.example", email_key="ann@union.example"))
    for person in (first, second):
        union.register(number, person)
    provide(union)
    union.leave(number, first)
    provide(union)
    assert zoom.emails(MEETING) == {"ann@union.example"}
    union.now = OPENS
    assert join(union, number, second)


def test_the_job_for_deadlines_does_it(union: Union, zoom: ZoomServer) -> None:
    union.register(union.schedule(WITH_ZOOM), union.person("Ann"))
    run_deadlines(union.db, union.config, union.curricula, lambda: union.now)
    assert zoom.emails() == {"ann@people.example"}
