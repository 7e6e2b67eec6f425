"""Giving a member roles, and changing, ending and deleting them, on the committee's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bridge.membership.roles import HeldRole
from bridge.store.members.role_changes import PAGE, StoredRole
from bridge.store.members.roles import roles_of
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_queries
from tests.web.signed_in_users import MEMBER, SignedInUsers

STEWARD = {"role": "Chief  Steward", "since": "2026-02-01"}


def stored(users: SignedInUsers) -> list[StoredRole]:
    with users.database.reading() as session:
        return roles_of(session, [users.member]).get(users.member, [])


def held(users: SignedInUsers) -> list[HeldRole]:
    return [each.held for each in stored(users)]


def add(users: SignedInUsers, **data: str) -> str:
    address = f"/committee/members/{users.member}/role"
    answer = users.client("committee").post(address, data=data, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def correct(users: SignedInUsers, number: int, **data: str) -> str:
    address = f"/committee/members/{users.member}/role/{number}"
    answer = users.client("committee").post(address, data=data, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def reasons(users: SignedInUsers) -> list[tuple[object, object]]:
    with users.database.reading() as session:
        lines = audit_queries.entries(session, 100)
    roles = [line for line in reversed(lines) if line.action == "role"]
    return [(line.actor, line.after.get("reason")) for line in roles]


def test_several_roles_are_added_and_listed(users: SignedInUsers) -> None:
    add(users, **STEWARD)
    page = add(users, role="trustee", region="south", unit="12", until="2029-06-30", reason="vote")
    assert held(users) == [
        HeldRole("chief-steward", since=date(2026, 2, 1)),
        HeldRole("trustee", "south", "12", since=users.clock().date(), until=date(2029, 6, 30)),
    ]
    for words in ("chief steward", "trustee", "South, 12", "Jun 30, 2029", "committee"):
        assert words in page
    assert reasons(users) == [
        ("committee@union.example", None),
        ("committee@union.example", "vote"),
    ]


def test_a_role_is_ended_with_a_reason(users: SignedInUsers) -> None:
    add(users, **STEWARD)
    [role] = stored(users)
    page = correct(users, role.id, **STEWARD, until="2026-02-02", reason="moved away")
    assert held(users) == [replace(role.held, until=date(2026, 2, 2))]
    assert "ended" in page
    assert reasons(users)[-1][1] == "moved away"


def test_a_mistake_is_deleted_with_a_reason(users: SignedInUsers) -> None:
    add(users, **STEWARD)
    [role] = stored(users)
    assert "This field is required" in correct(users, role.id, **STEWARD, delete="y")
    correct(users, role.id, **STEWARD, delete="y", reason="wrong person")
    assert held(users) == []
    assert reasons(users)[-1][1] == "wrong person"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"role": "chief steward"}, "has this role at that time already"),
        ({"role": "x", "since": "2026-02-02", "until": "2026-02-01"}, "before the first day"),
        ({"role": "x", "region": "atlantis"}, "Not a valid choice"),
        ({"role": "<b>"}, "Use only letters"),
        ({"role": "steward and trustee"}, "Give one role at a time"),
        ({"role": ""}, "This field is required"),
        ({"role": "x", "unit": "a\nb"}, "Use a single line of text"),
    ],
)
def test_an_impossible_role_is_refused_and_nothing_typed_is_lost(
    users: SignedInUsers, data: dict[str, str], words: str
) -> None:
    add(users, **STEWARD)
    page = add(users, **data, reason="typed before")
    assert words in page
    assert "typed before" in page
    assert len(held(users)) == 1


def test_a_role_of_the_membership_system_becomes_the_committees(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        upsert_members(session, [replace(MEMBER, role="steward")], users.clock())
    [role] = stored(users)
    address = f"/committee/members/{users.member}/role/{role.id}"
    assert "the next import may add it again" in users.client("committee").get(address).text
    correct(users, role.id, role="steward", since="2025-01-01", reason="date")
    [after] = stored(users)
    assert (after.held, after.source) == (HeldRole("steward", since=date(2025, 1, 1)), PAGE)
    assert "next import" not in users.client("committee").get(address).text


def test_a_role_of_another_member_is_not_found(users: SignedInUsers) -> None:
    add(users, **STEWARD)
    [role] = stored(users)
    address = f"/committee/members/{users.other_member}/role/{role.id}"
    assert users.client("committee").get(address).status_code == 404
    assert users.client("auditor").get(address).status_code == 403
    assert users.client("committee").get(address + "9" * 30).status_code == 404


def test_members_see_their_roles(users: SignedInUsers) -> None:
    add(users, **STEWARD)
    add(users, role="trustee", unit="Transit 12", until="2029-06-30")
    page = users.client("member").get("/me/data").get_data(as_text=True)
    for words in (
        "chief steward",
        "since Feb 1, 2026",
        "trustee, Transit 12",
        "until Jun 30, 2029",
    ):
        assert words in page


def test_known_roles_are_offered_and_accepted_in_the_visitors_language(
    users: SignedInUsers,
) -> None:
    browser = users.client("committee")
    browser.set_cookie("language", "fr")
    address = f"/committee/members/{users.member}"
    assert '<option value="délégué·e syndical·e">' in browser.get(address).text
    data = {"role": "Délégué·e syndical·e", "since": "2026-02-01"}
    page = browser.post(f"{address}/role", data=data, follow_redirects=True).text
    [role] = stored(users)
    assert role.held.role == "steward"
    assert "n’ouvre rien" not in page
    form = browser.get(f"{address}/role/{role.id}").text
    assert 'value="délégué·e syndical·e"' in form
    browser.post(f"{address}/role/{role.id}", data=data | {"reason": "x", "unit": "12"})
    assert [each.held.role for each in stored(users)] == ["steward"]


def test_another_role_is_accepted_with_a_warning(users: SignedInUsers) -> None:
    page = add(users, role="stewrad")
    assert "names the role “stewrad”, so it opens nothing. Did you mean “steward”?" in page
    assert [each.role for each in held(users)] == ["stewrad"]
