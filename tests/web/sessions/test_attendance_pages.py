"""Attendance by the code, a file and for people who just came, on the pages."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.sessions.tables import Attendance, LiveSession
from bridge.store.persons import records
from bridge.store.tables.learning import Credit
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person
from tests.web.sessions.schedule import go_to_its_end, schedule
from tests.web.sessions.test_session_pages import GUEST, emails, link_in
from tests.web.signed_in_users import ADDRESSES, MEMBER, SignedInUsers, Who

HEADING = "Name (Original Name),User Email,Duration (Minutes)\n"


def begin(users: SignedInUsers, number: int, minutes: int = 0) -> None:
    with users.database.reading() as session:
        starts = session.scalars(select(LiveSession.starts_at).where(LiveSession.id == number))
        users.clock.time = starts.one() + timedelta(minutes=minutes)


def register(users: SignedInUsers, number: int) -> FlaskClient:
    member = users.client("member")
    member.post(f"/sessions/{number}/register", data={"format": "online"})
    return member


def shown_code(leader: FlaskClient, number: int) -> str:
    page = leader.get(f"/committee/sessions/{number}/code").text
    found = re.search(r">(\d{3} \d{3})<", page)
    return found[1] if found else ""


def credited(users: SignedInUsers) -> list[int]:
    with users.database.reading() as session:
        return list(session.scalars(select(Credit.member_id).where(Credit.kind == "session")))


def marks(users: SignedInUsers) -> list[tuple[str, bool]]:
    with users.database.reading() as session:
        return [(each.source, each.attended) for each in session.scalars(select(Attendance))]


def test_the_code_is_typed_at_the_start_and_at_the_end(users: SignedInUsers) -> None:
    number = schedule(users)
    member, leader = register(users, number), users.client("committee")
    assert shown_code(leader, number) == ""
    assert 'name="code"' not in member.get(f"/sessions/{number}").text
    assert users.client("member").get(f"/committee/sessions/{number}/code").status_code == 404
    for minutes, told in ((2, "Your code is noted"), (119, "Your attendance counts")):
        begin(users, number, minutes)
        member, leader = users.client("member"), users.client("committee")
        assert 'name="code"' in member.get(f"/sessions/{number}").text
        code = {"code": shown_code(leader, number)}
        page = member.post(f"/sessions/{number}/code", data=code, follow_redirects=True)
        assert told in page.text
    assert credited(users) == [users.member]
    wrong = member.post(f"/sessions/{number}/code", data={"code": "1"}, follow_redirects=True)
    assert "This isn&#39;t the code" in wrong.text


def test_a_guest_types_the_code_through_the_link(users: SignedInUsers) -> None:
    number = schedule(users, topic="a-path/evening/")
    guest = users.client("nobody")
    guest.post(f"/sessions/{number}/guest", data=GUEST)
    link = link_in(emails(users, GUEST["email"])[-1])
    guest.post(f"{link}/confirm")
    for minutes in (0, 119):
        begin(users, number, minutes)
        code = {"code": shown_code(users.client("committee"), number)}
        assert guest.post(f"{link}/code", data=code).location == link
    assert marks(users) == [("code", True)]


def test_guessing_codes_is_limited(users: SignedInUsers) -> None:
    number = schedule(users)
    member = register(users, number)
    begin(users, number)
    answers = [
        member.post(f"/sessions/{number}/code", data={"code": "000000"}).status_code
        for _ in range(11)
    ]
    assert answers[-1] == 429


def test_a_hall_with_one_address_types_the_code(users: SignedInUsers) -> None:
    number = schedule(users, topic="a-path/evening/")
    begin(users, number)
    member, other = users.client("member"), users.client("other_member")
    wrong = {"code": "000000"}
    codes = [member.post(f"/sessions/{number}/code", data=wrong).status_code for _ in range(11)]
    assert (codes[9], codes[10]) == (303, 429)
    assert other.post(f"/sessions/{number}/code", data=wrong).status_code == 303
    answers = [
        users.client("nobody").post(f"/link/person-{each}/session/code", data=wrong).status_code
        for each in range(100)
    ]
    assert set(answers) == {410}


def test_guessing_with_many_links_from_one_network_is_limited(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    answers = [
        browser.post(f"/link/person-{each}/session/code", data={"code": "1"}).status_code
        for each in range(301)
    ]
    assert answers[-1] == 429


def test_a_file_records_and_lists_whom_it_does_not(users: SignedInUsers) -> None:
    number = schedule(users)
    register(users, number)
    go_to_its_end(users, number)
    leader = users.client("committee")
    rows = f"Mem,{MEMBER.email},60\nMem,{MEMBER.email},50\n<b>Sam</b>,,120\n"
    data = {"file": (BytesIO((HEADING + rows).encode()), "zoom.csv")}
    page = leader.post(f"/committee/sessions/{number}/attendance/file", data=data).text
    assert "1 person attended according to the file." in page
    assert "line 4" in page
    assert "&lt;b&gt;Sam&lt;/b&gt;" in page
    assert credited(users) == [users.member]
    assert (
        "1 person attended, 0 registered people did not"
        in leader.get(f"/committee/sessions/{number}/roster").text
    )


@pytest.mark.parametrize("content", ["", "Name,When\nKim,1\n", HEADING + "Kim,,soon\n"])
def test_a_wrong_file_changes_nothing(users: SignedInUsers, content: str) -> None:
    number = schedule(users)
    register(users, number)
    go_to_its_end(users, number)
    data = {"file": (BytesIO(content.encode()), "x.csv")}
    leader = users.client("committee")
    page = leader.post(f"/committee/sessions/{number}/attendance/file", data=data)
    assert (page.status_code, "alert-danger" in page.text) == (200, True)
    assert marks(users) == []


def test_someone_who_just_came_is_added(users: SignedInUsers) -> None:
    number = schedule(users)
    address = f"/committee/sessions/{number}/walk-in"
    leader = users.client("committee")
    came = {"name": "Mem", "email": ADDRESSES["member"]}
    new = {"name": "New Face", "email": "new@face.example"}
    assert "once the session has started" in leader.post(address, data=new).text
    with users.database.reading() as session:
        assert records.find(session, "new@face.example") is None
    go_to_its_end(users, number)
    leader = users.client("committee")
    assert leader.post(address, data={"name": "", "email": "x"}).text.count("invalid-feedback") == 2
    for record in (came, new):
        assert leader.post(address, data=record).status_code == 303
    assert credited(users) == [users.member]
    assert "New Face" in leader.get(f"/committee/sessions/{number}/roster").text


def roster(users: SignedInUsers, number: int, **answers: str) -> str:
    page = users.client("committee").post(
        f"/committee/sessions/{number}/attendance", data=answers, follow_redirects=True
    )
    return page.text


def test_the_roster_saves_only_what_the_leader_changed(users: SignedInUsers) -> None:
    number = schedule(users)
    register(users, number)
    field, before = f"attended-{users.person}", f"before-{users.person}"
    begin(users, number, 2)
    code = {"code": shown_code(users.client("committee"), number)}
    users.client("member").post(f"/sessions/{number}/code", data=code)
    page = users.client("committee").get(f"/committee/sessions/{number}/roster").text
    assert f'name="{before}" value=""' in page
    assert " checked" not in page
    assert "0 answers recorded" in roster(users, number, **{before: "no", field: "no"})
    assert marks(users) == [("code", False)]
    page = roster(users, number, **{before: "", field: "no"})
    assert page.count(" checked") == 1
    assert marks(users) == [("code", False), ("leader", False)]
    assert "1 answer recorded" in roster(users, number, **{before: "no", field: ""})
    assert marks(users) == [("code", False)]
    begin(users, number, 119)
    code = {"code": shown_code(users.client("committee"), number)}
    told = users.client("member").post(f"/sessions/{number}/code", data=code, follow_redirects=True)
    assert "Your attendance counts" in told.text
    assert credited(users) == [users.member]


def test_a_code_that_does_not_count_says_why(users: SignedInUsers) -> None:
    number = schedule(users)
    register(users, number)
    begin(users, number, 119)
    roster(users, number, **{f"attended-{users.person}": "no"})
    code = {"code": shown_code(users.client("committee"), number)}
    outcomes: list[tuple[Who, str]] = [
        ("member", "it was recorded that you did not attend"),
        ("other_member", "ask the leader to add you"),
    ]
    for who, told in outcomes:
        page = users.client(who).post(f"/sessions/{number}/code", data=code, follow_redirects=True)
        assert told in page.text


def test_the_page_of_a_session_that_was_stopped_says_what_becomes_of_its_attendance(
    users: SignedInUsers,
) -> None:
    number = schedule(users)
    register(users, number)
    begin(users, number, 20)
    roster(users, number, **{f"attended-{users.person}": "yes"})
    assert credited(users) == [users.member]
    warning = "The session has begun."
    assert warning in users.client("committee").get(f"/committee/sessions/{number}").text
    users.client("committee").post(f"/committee/sessions/{number}/cancel")
    page = users.client("committee").get(f"/committee/sessions/{number}/roster").text
    assert "This attendance earns no credit." in page


def test_a_member_of_the_committee_does_not_type_the_code(users: SignedInUsers) -> None:
    number = schedule(users)
    with users.database.transaction() as session:
        member = session.get_one(Member, users.member)
        member.email = member.email_key = ADDRESSES["committee"]
        person = session.get_one(Person, users.person)
        person.email = person.email_key = ADDRESSES["committee"]
    users._ids["committee"] = users.member
    mine = users.client("committee")
    mine.post(f"/sessions/{number}/register", data={"format": "online"})
    begin(users, number, 2)
    mine = users.client("committee")
    code = {"code": shown_code(mine, number)}
    page = mine.post(f"/sessions/{number}/code", data=code, follow_redirects=True).text
    assert "Someone else must record whether you attended" in page
    assert marks(users) == []
