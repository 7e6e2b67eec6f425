"""People: searching, viewing, correcting, linking, merging and erasing."""

from __future__ import annotations

import json

from bridge.store.operations import audit_queries
from bridge.store.persons import queries
from bridge.store.persons.queries import PersonRow
from tests.support.databases import write_ahead_log
from tests.web.signed_in_users import SignedInUsers, Who

NEW = {"name": "Lee Speaker", "email": "lee@guest.example", "language": "fr"}


def person(users: SignedInUsers, number: int) -> PersonRow | None:
    with users.database.reading() as session:
        return queries.get_person(session, number)


def actions(users: SignedInUsers) -> list[tuple[str, int | None]]:
    with users.database.reading() as session:
        found = audit_queries.entries(session, 100)
    return [(line.action, line.person_id) for line in reversed(found)]


def post(users: SignedInUsers, path: str, **data: object) -> str:
    """Send a form as the committee; return the page that follows."""
    answer = users.client("committee").post(
        users.address(f"/committee/people/{path}"), data=data, follow_redirects=True
    )
    return answer.get_data(as_text=True)


def searched(users: SignedInUsers, words: str, who: Who = "committee") -> str:
    search = {"words": words}
    answer = users.client(who).post("/committee/people", data=search, follow_redirects=True)
    return answer.get_data(as_text=True)


def test_people_are_found_by_name_or_email(users: SignedInUsers) -> None:
    assert "Mem Ber" in searched(users, "")
    for words in ("kim", "GUEST@guest.example"):
        text = searched(users, words)
        assert "Kim Guest" in text
        assert "Mem Ber" not in text
    assert "words=" not in searched(users, "kim")


def test_a_chair_sees_only_people_who_are_members_of_the_region(users: SignedInUsers) -> None:
    for words in ("", "kim", "guest@guest.example"):
        assert "Kim Guest" not in searched(users, words, "chair")
    assert "Mem Ber" in searched(users, "", "chair")
    assert "Mem Ber" not in searched(users, "", "other_chair")
    listed = users.client("chair").post("/committee/people/list.csv").get_data(as_text=True)
    assert "member@union.example" in listed
    assert "guest@guest.example" not in listed


def test_who_looked_is_recorded_for_the_person_and_the_member(users: SignedInUsers) -> None:
    users.client("chair").get(f"/committee/people/{users.person}")
    users.client("other_chair").get(f"/committee/people/{users.person}")
    with users.database.reading() as session:
        [line] = audit_queries.entries(session, 9)
    assert (line.action, line.person_id, line.member_id, line.actor) == (
        "person-looked", users.person, users.member, "chair@union.example",
    )  # fmt: skip
    assert "viewed your entry among the people" in users.client("member").get("/me/data").text


def test_a_person_is_added_once(users: SignedInUsers) -> None:
    assert "The person was added." in post(users, "add", **NEW)
    assert "known already" in post(users, "add", **NEW | {"email": "LEE@guest.example"})
    refused = post(users, "add", **NEW | {"email": "no address"})
    assert "Enter an email address" in refused
    assert searched(users, "lee").count("Lee Speaker") == 1


def test_the_page_says_who_is_erased_and_when(users: SignedInUsers) -> None:
    page = f"/committee/people/{users.guest}"
    text = users.client("committee").get(page).get_data(as_text=True)
    assert "The address was typed in a form." in text
    assert "unless they confirm the address" in text
    kept = post(users, "add", name="Kim", email="guest@guest.example", language="")
    assert "It is kept, also if it isn&#39;t confirmed." in kept
    assert "Added by the committee." in kept
    assert "unless they confirm the address" not in kept


def test_a_wrong_address_is_corrected_and_must_be_confirmed(users: SignedInUsers) -> None:
    assert "on its way" in post(users, "{guest}/confirm")
    assert users.rung == [None]
    assert "The details were changed." in post(users, "{guest}/details", **NEW)
    found = person(users, users.guest)
    assert found is not None
    assert (found.email, found.proof) == ("lee@guest.example", "")
    taken = post(users, "{guest}/details", **NEW | {"email": "member@union.example"})
    assert "The details were changed." in taken
    assert f"/committee/members/{users.member}" in taken


def test_a_person_is_linked_to_a_member_and_the_link_removed(users: SignedInUsers) -> None:
    text = post(users, "{guest}/member", member="1002")
    assert "The person was linked." in text
    found = person(users, users.guest)
    assert found is not None
    assert (found.member_id, found.name, found.link) == (
        users.other_member, "Oth Er", "committee",
    )  # fmt: skip
    assert "The link was removed." in post(users, "{guest}/member/remove")
    assert "There is no such member." in post(users, "{guest}/member", member="nobody")
    refused = post(users, "{guest}/member", member="1001")
    assert f"This member has another entry among the people (ID {users.person})." in refused


def test_two_entries_are_merged(users: SignedInUsers) -> None:
    assert "There is no such person." in post(users, "{person}/merge", other=999)
    assert "The two entries are one now." in post(users, "{person}/merge", other=users.guest)
    assert person(users, users.guest) is None
    assert ("person-merged", users.person) in actions(users)


def test_a_person_is_exported_and_erased(users: SignedInUsers) -> None:
    answer = users.client("committee").get(f"/committee/people/{users.guest}/data.json")
    assert json.loads(answer.text)["person"]["email"] == "guest@guest.example"
    assert "Tick the box" in post(users, "{guest}/erase")
    browser = users.client("committee")
    answer = browser.post(f"/committee/people/{users.guest}/erase", data={"sure": "y"})
    assert write_ahead_log(users.database) == b""
    assert "The person was erased." in browser.get(answer.location).text
    assert person(users, users.guest) is None
    assert actions(users)[-2:] == [
        ("person-exported", users.guest), ("person-erased", users.guest),
    ]  # fmt: skip


def test_the_activity_log_says_which_person_an_entry_is_about(users: SignedInUsers) -> None:
    users.client("committee").get(f"/committee/people/{users.guest}")
    auditor = users.client("auditor")
    link = f'<a href="/committee/people/{users.guest}">Kim Guest</a>'
    assert link in auditor.get("/committee/audit").text
    [header, line] = auditor.get("/committee/audit/list.csv").text.splitlines()[:2]
    assert header.endswith(",Person,Confidential")
    assert line.endswith(f",{users.guest},") or "listed" in line


def test_nobody_gives_a_person_their_own_address(users: SignedInUsers) -> None:
    page = post(users, "{guest}/details", **NEW | {"email": "Committee@union.example"})
    assert "This is your own email address" in page
