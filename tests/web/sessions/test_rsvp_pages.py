"""The page that an announcement leads to, several sessions at once, and *My sessions*."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.sessions.notices.kinds import ANNOUNCEMENT
from bridge.sessions.notices.run import send_notices
from bridge.sessions.tables import Registration
from bridge.store.tables.persons import Person
from tests.web.signed_in_users import MEMBER, OTHER, SignedInUsers

from .schedule import go_to_its_end, schedule
from .test_session_pages import emails, link_in


def states(users: SignedInUsers) -> dict[tuple[int, str], tuple[str, str]]:
    """(Session, address) -> state and format of each registration."""
    with users.database.reading() as session:
        rows = session.execute(select(Registration, Person.email).join(Person))
        return {(row.session_id, email): (row.state, row.format) for row, email in rows}


def announce(users: SignedInUsers) -> None:
    send_notices(users.config, users.shelf, users.database, users.clock())


def link_of(users: SignedInUsers, address: str) -> str:
    announce(users)
    [email] = [each for each in emails(users, address) if each.kind == ANNOUNCEMENT]
    return link_in(email)


@pytest.fixture
def near(users: SignedInUsers) -> SignedInUsers:
    """A week before the sessions that `schedule` schedules."""
    users.clock.time = datetime(2026, 4, 11, 12, tzinfo=UTC)
    return users


def test_opening_the_link_changes_nothing(near: SignedInUsers) -> None:
    schedule(near)
    link = link_of(near, MEMBER.email)
    for method in ("get", "head"):
        assert getattr(near.client("nobody"), method)(link).status_code == 200
    assert states(near) == {}
    text = near.client("nobody").get(link).text
    assert text.count("Register online") == 1
    assert "Register in person" not in text


def test_the_link_registers_its_person_and_no_one_else(near: SignedInUsers) -> None:
    number = schedule(near, in_person="y", room="Union hall")
    mine, browser = link_of(near, MEMBER.email), near.client("other_member")
    answer = browser.post(f"{mine}/register", data={"format": "room"}, follow_redirects=True)
    assert "You are registered." in answer.text
    assert states(near) == {(number, MEMBER.email): ("seated", "room")}
    assert "meet.example" not in answer.text
    assert "<em>this</em>" not in answer.text  # the materials
    left = browser.post(f"{mine}/leave", follow_redirects=True)
    assert "You are no longer registered." in left.text
    assert browser.post(f"{mine}/fly").status_code == 404
    assert browser.post(f"{mine}/register", data={"format": "by post"}).status_code == 404


def test_the_second_one_waits_and_leaves_the_list(near: SignedInUsers) -> None:
    number = schedule(near)
    first, second = link_of(near, MEMBER.email), link_of(near, OTHER.email)
    browser = near.client("nobody")
    browser.post(f"{first}/register", data={"format": "online"})
    assert "Join the waiting list online" in browser.get(second).text
    waits = browser.post(f"{second}/register", data={"format": "online"}, follow_redirects=True)
    assert "Leave the waiting list" in waits.text
    browser.post(f"{second}/leave")
    assert states(near)[number, OTHER.email][0] == "cancelled"


def test_a_link_of_another_kind_does_not_open_it(near: SignedInUsers) -> None:
    schedule(near)
    link = link_of(near, MEMBER.email)
    browser = near.client("nobody")
    assert browser.get(link.removesuffix("s")).status_code == 410
    assert browser.get("/link/unknown/sessions").status_code == 410
    assert browser.get(link.removesuffix("/sessions")).status_code == 410


def test_a_link_of_a_session_that_is_over_shows_that(near: SignedInUsers) -> None:
    number = schedule(near)
    link = link_of(near, MEMBER.email)
    go_to_its_end(near, number)
    text = near.client("nobody").get(link).text
    assert "Over" in text
    assert "Register online" not in text
    near.client("nobody").post(f"{link}/register", data={"format": "online"})
    assert states(near) == {}


def test_several_at_once_from_the_link(near: SignedInUsers) -> None:
    """The parts of a series come first. Each is settled on its own."""
    one = schedule(near, topic="a-path/series/one")
    evening = schedule(near, topic="a-path/evening/", day="2026-04-16")
    two = schedule(near, topic="a-path/series/two", day="2026-04-18")
    stewards = schedule(near, topic="a-path/stewards/")
    announce(near)
    mine = [each for each in emails(near, MEMBER.email) if each.payload["title"].endswith("one")]
    link = link_in(mine[0])
    browser = near.client("nobody")
    text = browser.get(link).text
    assert 0 < text.index(f"session-{two}") < text.index(f"session-{evening}")
    assert f"session-{stewards}" not in text
    near.client("other_member").post(f"/sessions/{two}/register", data={"format": "online"})
    chosen = {f"session-{each}": "online" for each in (evening, two, stewards)}
    answer = browser.post(link, data=chosen | {f"session-{one}": "room"}, follow_redirects=True)
    assert "You are on the waiting list." in answer.text
    assert "Open evening" in answer.text
    assert {key: state for key, (state, _) in states(near).items() if key[1] == MEMBER.email} == {
        (evening, MEMBER.email): "seated", (two, MEMBER.email): "waiting",
    }  # fmt: skip


def test_several_at_once_when_signed_in(users: SignedInUsers) -> None:
    first, second = schedule(users), schedule(users, topic="a-path/evening/", day="2026-04-18")
    member = users.client("member")
    assert "Register for several at once" in member.get("/sessions").text
    assert "Register for several at once" not in users.client("nobody").get("/sessions").text
    chosen = {f"session-{first}": "room", f"session-{second}": "online"}
    text = member.post("/sessions/several", data=chosen, follow_redirects=True).text
    assert "take part in person" in text.partition("<main")[2].partition("<h1>")[0]
    assert "You are registered." in text
    assert states(users) == {(second, MEMBER.email): ("seated", "online")}
    nothing = member.post("/sessions/several", data={}, follow_redirects=True)
    assert "Choose at least one session." in nothing.text


def test_too_many_at_once_register_nobody(users: SignedInUsers) -> None:
    days = [f"2026-05-{day:02}" for day in range(1, 12)]
    numbers = [schedule(users, topic="a-path/evening/", day=day) for day in days]
    chosen = {f"session-{each}": "online" for each in numbers}
    answer = users.client("member").post("/sessions/several", data=chosen, follow_redirects=True)
    assert "Choose at most 10 sessions at once." in answer.text
    assert states(users) == {}


def my_learning(browser: FlaskClient) -> str:
    return browser.get("/me").text


def test_my_sessions_are_left_with_one_click(users: SignedInUsers) -> None:
    number, member, other = schedule(users), users.client("member"), users.client("other_member")
    assert "My sessions" not in my_learning(member)
    for browser in (member, other):
        browser.post(f"/sessions/{number}/register", data={"format": "online"})
    assert "I can't come" in my_learning(member)
    assert "Leave the waiting list" in my_learning(other)
    answer = other.post(f"/sessions/{number}/leave", data={"mine": "yes"})
    assert answer.headers["Location"] == "/me"
    assert states(users)[number, OTHER.email][0] == "cancelled"
    assert "My sessions" not in my_learning(other)


def test_nobody_leaves_once_it_has_started(users: SignedInUsers) -> None:
    number, member = schedule(users), users.client("member")
    member.post(f"/sessions/{number}/register", data={"format": "online"})
    go_to_its_end(users, number)
    users.clock.time -= timedelta(minutes=2)
    member = users.client("member")
    text = my_learning(member)
    assert "My sessions" in text
    assert "I can't come" not in text
    member.post(f"/sessions/{number}/leave", data={"mine": "yes"})
    assert states(users)[number, MEMBER.email][0] == "seated"
