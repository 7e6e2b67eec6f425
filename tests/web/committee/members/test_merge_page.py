"""Merging two records on the committee's pages."""

from __future__ import annotations

import re
from dataclasses import replace

from bridge.sessions.tables import Registration
from bridge.store.member_changes import notes
from bridge.store.members import queries
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_queries
from bridge.store.persons.records import person_of_member
from bridge.store.tables.members import Member
from tests.sessions.sample_rows import add_session
from tests.web.committee.members.confidential import write_in_confidence
from tests.web.signed_in_users import OTHER, SignedInUsers


def address(users: SignedInUsers) -> str:
    return f"/committee/members/{users.other_member}/merge/{users.member}"


def version(users: SignedInUsers) -> str:
    page = users.client("committee").get(address(users)).text
    found = re.search(r'name="version"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def send(users: SignedInUsers, shown: str, **data: str) -> str:
    typed = {"version": shown, "typed": str(users.member)} | data
    sent = {name.replace("take_", "take-"): value for name, value in typed.items()}
    return users.client("committee").post(address(users), data=sent, follow_redirects=True).text


def member(users: SignedInUsers, number: int) -> Member | None:
    with users.database.reading() as session:
        return queries.find(session, number)


def test_the_other_record_is_found_by_number_email_or_id(users: SignedInUsers) -> None:
    start = f"/committee/members/{users.other_member}/merge"
    committee = users.client("committee")
    for text in ("1001", "Member@union.example", str(users.member)):
        assert committee.post(start, data={"other": text}).location == address(users)
    for text in ("1002", "nobody", ""):
        assert committee.post(start, data={"other": text}).status_code == 200
    assert "no other member" in committee.post(start, data={"other": "nobody"}).text


def test_both_are_shown_and_become_one(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        notes.add(session, users.member, "Called", "committee@union.example", users.clock())
        queries.set_moodle_users(session, {users.member: 7, users.other_member: 8})
    browser = users.client("member")
    page = users.client("committee").get(address(users)).text
    for words in ("member@union.example", "other@union.example", "notes: 1", "user 7",
                  "Both have a Moodle account", f"Type {users.member} to confirm."):  # fmt: skip
        assert words in page
    done = send(users, version(users), take_first_name="removed", take_region="removed")
    assert "The two records are one now. Moved: " in done
    assert "notes: 1" in done
    assert "No member has Moodle account 7 any more." in done
    assert member(users, users.member) is None
    kept = member(users, users.other_member)
    assert kept
    assert (kept.number, kept.first_name, kept.region) == ("1002", "Mem", "north")
    with users.database.reading() as session:
        lines = audit_queries.entries(session, 100)
        assert queries.get_member(session, "1001") is not None
    assert "member-merged" in [line.action for line in lines]
    assert browser.get("/me").status_code == 303


def test_it_takes_the_typed_id_and_keeps_what_was_chosen(users: SignedInUsers) -> None:
    page = send(users, version(users), typed="999", take_region="removed")
    assert f"Type {users.member} to confirm." in page
    assert re.search(r'id="take-region-removed" value="removed" checked', page)
    assert member(users, users.member)


def test_a_record_that_changed_meanwhile_is_looked_at_again(users: SignedInUsers) -> None:
    shown = version(users)
    with users.database.transaction() as session:
        upsert_members(session, [replace(OTHER, unit="12")], users.clock())
    assert "was changed meanwhile" in send(users, shown)
    assert member(users, users.member)


def test_nobody_gets_to_read_what_was_written_in_confidence(users: SignedInUsers) -> None:
    write_in_confidence(users)
    assert "something that you may not read" in send(users, version(users))
    assert member(users, users.member)
    assert "are one now" in send(users, version(users), take_email="removed")


def test_nobody_merges_their_own_record(users: SignedInUsers) -> None:
    own = replace(OTHER, number="5005", email="committee@union.example", first_name="Com")
    with users.database.transaction() as session:
        [number] = upsert_members(session, [own], users.clock()).created
    committee = users.client("committee")
    for path in (f"{users.member}/merge/{number}", f"{number}/merge/{users.member}"):
        assert committee.get(f"/committee/members/{path}").status_code == 403
        assert committee.post(f"/committee/members/{path}").status_code == 403


def test_what_belongs_to_the_person_moves_too(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        number = add_session(session, "s-1", users.clock())
        person = person_of_member(session, users.member, users.clock())
        session.add(
            Registration(session_id=number, person_id=person, format="online", state="seated",
                         position=1, sequence=0, created_at=users.clock())
        )  # fmt: skip
    page = users.client("committee").get(address(users)).text
    assert "registrations for sessions: 1" in page
    assert "there is nothing but the record" not in page
    assert "registrations for sessions: 1" in send(users, version(users))
