"""Registering and removing people for a session, and the history of its registrations."""

from __future__ import annotations

from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from tests.web.sessions.schedule import go_to_its_start, schedule
from tests.web.signed_in_users import ADDRESSES, MEMBER, SignedInUsers


def add_person(users: SignedInUsers, name: str, email: str) -> int:
    with users.database.transaction() as session:
        return records.find_or_add(session, PersonRecord(name, email), users.clock.time).id


def enter(users: SignedInUsers, number: int, names: str, action: str = "register") -> str:
    browser = users.client("committee")
    data = {"names": names, "action": action, "how": "online"}
    return browser.post(
        f"/committee/sessions/{number}/people", data=data, follow_redirects=True
    ).text


def test_the_committee_registers_a_pasted_list(users: SignedInUsers) -> None:
    number = schedule(users)
    add_person(users, "Sam Speaker", "sam@people.example")
    wrong = enter(users, number, f"{MEMBER.number}\nnobody@people.example, 99999")
    assert "nobody@people.example: there is no member or person like that." in wrong
    assert "99999: there is no" in wrong
    assert "Nobody is registered or removed." in wrong
    assert (
        "Nobody is registered."
        in users.client("committee").get(f"/committee/sessions/{number}/roster").text
    )
    done = enter(users, number, f"{MEMBER.number}; Sam Speaker <SAM@people.example>")
    assert "1 person has a seat. 1 person is on the waiting list." in done
    page = users.client("committee").get(f"/committee/sessions/{number}").text
    assert "Waiting list, online" in page
    assert "1 person waits." in page
    assert "Nobody moves up, because no seat is free." in page


def test_cant_come_from_the_roster_and_from_a_list(users: SignedInUsers) -> None:
    number = schedule(users)
    sam = add_person(users, "Sam Speaker", "sam@people.example")
    enter(users, number, f"{MEMBER.number}\nsam@people.example")
    assert "1 person is no longer registered." in enter(users, number, MEMBER.number, "remove")
    browser = users.client("committee")
    address = f"/committee/sessions/{number}/people/remove"
    assert address in browser.get(f"/committee/sessions/{number}/roster").text
    answer = browser.post(address, data={"person": str(sam)}, follow_redirects=True)
    assert "1 person is no longer registered." in answer.text
    assert browser.post(address, data={"person": "999999"}).status_code == 404
    assert browser.post(address, data={"person": "٣"}).status_code == 404


def test_the_history_says_who_when_and_why(users: SignedInUsers) -> None:
    number = schedule(users)
    users.client("member").post(f"/sessions/{number}/register", data={"format": "online"})
    add_person(users, "=Sam", "sam@people.example")
    enter(users, number, "sam@people.example")
    enter(users, number, MEMBER.number, "remove")
    browser = users.client("committee")
    page = browser.get(f"/committee/sessions/{number}/history").text
    for said in (
        "they themselves", "registered by the committee or a leader",
        "can&#39;t come, entered by the committee or a leader",
        "moved up from the waiting list: a seat was free", ADDRESSES["committee"],
        "The list moves up until", "Nobody waits.",
    ):  # fmt: skip
        assert said in page, said
    table = browser.get(f"/committee/sessions/{number}/history.csv")
    lines = table.text.splitlines()
    assert len(lines) == 5
    assert lines[0].endswith("When,Name,Email,How they take part,State,Why,Who")
    assert "'=Sam,sam@people.example,online,registered,moved up" in lines[1]
    assert browser.get(f"/committee/sessions/{number}/history?before=x").status_code == 200
    assert browser.get(f"/committee/sessions/{number}/history?before=1").status_code == 200


def test_why_the_list_did_not_move_up(users: SignedInUsers) -> None:
    number = schedule(users)
    add_person(users, "Sam", "sam@people.example")
    enter(users, number, f"{MEMBER.number}\nsam@people.example")
    go_to_its_start(users, number)
    enter(users, number, MEMBER.number, "remove")
    page = users.client("committee").get(f"/committee/sessions/{number}/history").text
    assert "didn&#39;t move up: a seat was free, but the waiting list had closed" in page
    assert "The list has closed: the first to ask gets a free seat." in page
    assert "It closed at:" in page


def test_leaders_write_addresses_only_and_see_no_history(users: SignedInUsers) -> None:
    number = schedule(users, leaders=MEMBER.number)
    add_person(users, "Sam", "sam@people.example")
    leader = users.client("member")
    address = f"/committee/sessions/{number}/people"
    data = {"names": MEMBER.number, "action": "register", "how": "online"}
    assert "write an email address." in leader.post(address, data=data).text
    done = leader.post(address, data=data | {"names": "sam@people.example"}, follow_redirects=True)
    assert "1 person has a seat." in done.text
    assert leader.get(f"/committee/sessions/{number}/history").status_code == 404
    assert leader.get(f"/committee/sessions/{number}/history.csv").status_code == 404
    other = schedule(users, day="2026-05-17")
    assert leader.get(f"/committee/sessions/{other}/people").status_code == 404


def test_after_the_start_nobody_is_registered_or_removed(users: SignedInUsers) -> None:
    number = schedule(users)
    enter(users, number, MEMBER.number)
    go_to_its_start(users, number, -5)
    assert "he session has already started." in enter(users, number, MEMBER.number, "remove")
    page = users.client("committee").get(f"/committee/sessions/{number}/roster").text
    assert f"/committee/sessions/{number}/people" not in page


def test_texts_of_the_schedule(users: SignedInUsers) -> None:
    number = schedule(users, leaders=MEMBER.number)
    browser = users.client("committee")
    page = browser.get(f"/committee/sessions/{number}").text
    assert "<dd>Registration is open" in page
    assert "With the link that was typed. People can join" in " ".join(page.split())
    assert "no regional chair sees it" in browser.get("/committee/sessions/new").text
    go_to_its_start(users, number, -5)
    code = users.client("committee").get(f"/committee/sessions/{number}/code").text
    assert '<noscript><meta http-equiv="refresh" content="' in code
