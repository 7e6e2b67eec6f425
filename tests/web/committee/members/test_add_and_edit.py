"""Adding a member, and correcting one, on the committee's pages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bridge.member_records import MemberRecord
from bridge.store.delivery import delivery_queries
from bridge.store.members import number_answers, number_questions, queries
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_queries
from bridge.store.tables.members import Member
from tests.web.committee.members.confidential import write_in_confidence
from tests.web.signed_in_users import MEMBER, OTHER, SignedInUsers

ADD = "/committee/members/add"
NEW = {
    "number": "3003", "first_name": "Nadège", "last_name": "Un", "email": "nadege@union.example",
    "region": "north", "language": "fr", "unit": "Transit", "status": "member",
}  # fmt: skip


def post(users: SignedInUsers, path: str, **data: str) -> str:
    answer = users.client("committee").post(path, data=data, follow_redirects=True)
    return answer.get_data(as_text=True)


def stored(users: SignedInUsers, number: str) -> Member | None:
    with users.database.reading() as session:
        return queries.get_member(session, number)


def import_(users: SignedInUsers, *records: MemberRecord) -> list[tuple[int, str]]:
    with users.database.transaction() as session:
        return upsert_members(session, records, users.clock(), actor="csv").refused


def logged(users: SignedInUsers, action: str) -> list[tuple[str, object, object]]:
    with users.database.reading() as session:
        lines = audit_queries.entries(session, 100)
    return [(line.actor, line.before, line.after) for line in lines if line.action == action]


def edit_form(users: SignedInUsers) -> dict[str, str]:
    """What a browser sends if nothing is changed."""
    page = users.client("committee").get(f"/committee/members/{users.member}/edit").text
    version = re.search(r'name="version"[^>]*value="([^"]+)"', page)
    assert version
    return {
        "number": "1001", "first_name": "Mem", "last_name": "Ber", "region": "north",
        "email": MEMBER.email, "language": "", "version": version[1],
    }  # fmt: skip


def save(users: SignedInUsers, shown: dict[str, str], **changed: str) -> str:
    return post(users, f"/committee/members/{users.member}/edit", **{**shown, **changed})


def test_a_member_is_added_and_welcomed(users: SignedInUsers) -> None:
    page = post(users, ADD, **NEW)
    assert "The member was added." in page
    assert "Nadège Un" in page
    found = stored(users, "3003")
    assert found is not None
    assert (found.email, found.region, found.unit, found.status, found.source) == (
        "nadege@union.example", "north", "Transit", "member", "page",
    )  # fmt: skip
    [(actor, _, after)] = logged(users, "signed-up")
    assert (actor, after["number"]) == ("committee@union.example", "3003")  # type: ignore[index]
    assert users.rung
    with users.database.reading() as session:
        kinds = {each.kind for each in delivery_queries.deliveries_of(session, found.id)}
    assert {"account", "welcome"} <= kinds


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": "1001"}, "has the same number"),
        ({"number": "001001"}, "has the same number in another spelling"),
        ({"email": MEMBER.email}, "has the same email"),
        ({"email": MEMBER.email, "first_name": "mem", "last_name": "BER"},
         "has the same name and email"),
    ],
)  # fmt: skip
def test_a_similar_member_is_a_question(
    users: SignedInUsers, changed: dict[str, str], words: str
) -> None:
    page = post(users, ADD, **NEW | changed)
    assert words in page
    assert f'href="/committee/members/{users.member}"' in page
    assert (NEW | changed)["first_name"] in page
    number = (NEW | changed)["number"]
    found = stored(users, number)
    assert found is None or found.id == users.member


def test_another_person_is_added_after_a_tick_and_imports_ask_nothing(users: SignedInUsers) -> None:
    double = NEW | {"first_name": "Mem", "last_name": "Ber", "email": MEMBER.email}
    assert "the same name and email" in post(users, ADD, **double)
    wrong = post(users, ADD, **double, sure="y", accepted=f"{users.other_member}")
    assert "the same name and email" in wrong
    assert "was added" in post(users, ADD, **double, sure="y", accepted=f"{users.member}")
    record = MemberRecord("3003", MEMBER.email, "Mem", "Ber", region="north")
    assert import_(users, record) == []


def test_the_same_number_is_never_added_twice(users: SignedInUsers) -> None:
    page = post(users, ADD, **NEW | {"number": "1001"}, sure="y", accepted=f"{users.member}")
    assert "this is a member already" in page
    assert len(logged(users, "signed-up")) == 0


def test_a_member_without_a_number_is_opened_instead(users: SignedInUsers) -> None:
    assert "was added" in post(users, ADD, **NEW | {"number": ""})
    page = post(users, ADD, **NEW | {"first_name": "Other"})
    assert "give it its number" in page
    assert stored(users, "3003") is None


def test_a_wrong_form_is_shown_as_typed(users: SignedInUsers) -> None:
    page = post(users, ADD, **NEW | {"number": "1e+05", "first_name": "", "last_name": ""})
    for words in ("Enter the number as your union writes it", "Enter your name", "Transit"):
        assert words in page


def test_nobody_adds_their_own_address(users: SignedInUsers) -> None:
    page = post(users, ADD, **NEW | {"email": "Committee@union.example"})
    assert "This is your own email address" in page
    assert stored(users, "3003") is None


def test_details_are_corrected_and_reach_moodle(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        queries.set_moodle_users(session, {users.member: 77})
        found = queries.lock_member(session, users.member)
        found.profile_first_name, found.profile_last_name = "Mem", "Ber"
        found.profile_email = MEMBER.email
    page = save(users, edit_form(users), first_name="Emma", email="emma@union.example", unit="12")
    assert "The details were changed." in page
    found_now = stored(users, "1001")
    assert found_now is not None
    assert (found_now.first_key, found_now.email_key) == ("emma", "emma@union.example")
    [(actor, before, after)] = logged(users, "member")
    assert actor == "committee@union.example"
    assert before == {"first_name": "Mem", "email": MEMBER.email, "unit": ""}
    assert after == {"first_name": "Emma", "email": "emma@union.example", "unit": "12"}
    with users.database.reading() as session:
        kinds = [each.kind for each in delivery_queries.deliveries_of(session, users.member)]
    assert "profile" in kinds
    assert users.client("member").get("/me/data").status_code == 303


def test_nothing_is_overwritten_that_someone_else_saved(users: SignedInUsers) -> None:
    shown = edit_form(users)
    save(users, shown, region="south")
    page = save(users, shown, first_name="Emma")
    assert "someone else has changed this member" in page
    assert "Region: south" in page
    found = stored(users, "1001")
    assert found is not None
    assert (found.first_name, found.region) == ("Mem", "south")
    version = re.search(r'name="version"[^>]*value="([^"]+)"', page)
    assert version
    save(users, shown | {"version": version[1]}, first_name="Emma")
    again = stored(users, "1001")
    assert again is not None
    assert (again.first_name, again.region) == ("Emma", "north")


def test_a_new_number_and_the_former_one(users: SignedInUsers) -> None:
    save(users, edit_form(users), number="2001", keeps_number="y")
    assert stored(users, "2001") is not None
    found = stored(users, "1001")
    assert found is not None
    assert found.id == users.member
    assert import_(users, replace(MEMBER, first_name="Emma")) == []
    shown = edit_form(users) | {"first_name": "Emma", "number": "2001"}
    save(users, shown, number="4001")
    assert stored(users, "2001") is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": OTHER.number}, "this is a member already"),
        ({"number": "01002"}, "the same number in another spelling"),
        ({"email": OTHER.email}, "has the same email"),
        ({"email": "committee@union.example"}, "This is your own email address"),
    ],
)
def test_what_belongs_to_someone_else_is_not_taken(
    users: SignedInUsers, changed: dict[str, str], words: str
) -> None:
    assert words in save(users, edit_form(users), **changed)
    assert logged(users, "member") == []


def test_a_number_that_means_another_member_is_not_taken(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        number_answers.remember_number(session, users.other_member, "9", "x", users.clock())
        assert number_questions.member_meant(session, "9") == users.other_member
    assert "by an earlier answer" in save(users, edit_form(users), number="9")


def test_the_page_says_what_the_membership_system_replaces(users: SignedInUsers) -> None:
    address = f"/committee/members/{users.member}/edit"
    assert "Its next import replaces" in users.client("committee").get(address).text


def test_nobody_edits_their_own_record(users: SignedInUsers) -> None:
    import_(users, MemberRecord("5005", "committee@union.example", "Com", "Mittee"))
    own = stored(users, "5005")
    assert own is not None
    for page in ("edit", "deactivate", "reactivate", "notes", "erase"):
        address = f"/committee/members/{own.id}/{page}"
        assert users.client("committee").get(address).status_code == 403, page


def test_an_address_is_not_changed_where_others_read_what_the_member_wrote(
    users: SignedInUsers,
) -> None:
    write_in_confidence(users)
    page = save(users, edit_form(users), email="emma@union.example")
    assert "something that you may not read" in page
    assert "The details were changed." in save(users, edit_form(users), first_name="Emma")
    assert logged(users, "member")[0][2] == {"first_name": "Emma"}


def test_nobody_enters_an_address_that_they_had(users: SignedInUsers) -> None:
    own = MemberRecord("5005", "former@union.example", "Com", "Mittee", region="north")
    import_(users, own)
    import_(users, replace(own, email="committee@union.example"))
    for email in ("former@union.example", "Former@Union.example"):
        assert "This is your own email address" in save(users, edit_form(users), email=email)
        assert "This is your own email address" in post(users, ADD, **NEW | {"email": email})
    found = stored(users, "1001")
    assert found
    assert found.email == MEMBER.email


def test_numbers_that_no_page_has_sent_are_passed_over(users: SignedInUsers) -> None:
    sent = NEW | {"email": OTHER.email, "accepted": "9" * 5000, "sure": "y"}
    assert "has the same email" in post(users, ADD, **sent)
