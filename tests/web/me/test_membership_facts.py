"""Facts from the membership system: who sees them, and that nobody can enter their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.member_records import FACTS
from bridge.store.members.queries import members_by_ids
from bridge.store.members.roles import roles_of
from bridge.store.members.upsert import upsert_members
from tests.web.me.test_personal_data import DETAILS
from tests.web.signed_in_users import MEMBER, SignedInUsers, Who

FULL = replace(
    MEMBER, status="retired", unit="Transit 12", classification="clerical", job_class="class 13",
    payroll_number="P-77", supervisor_name="Sue Pervisor", supervisor_email="sue@employer.example",
)  # fmt: skip
PRIVATE = ("P-77", "Sue Pervisor", "sue@employer.example")
SHOWN = ("retired member", "Transit 12", "clerical", "class 13")


def store(users: SignedInUsers, **changes: str) -> None:
    with users.database.transaction() as session:
        upsert_members(session, [replace(FULL, **changes)], users.clock())  # type: ignore[arg-type]


def page(users: SignedInUsers, who: Who, address: str) -> str:
    return users.client(who).get(address).get_data(as_text=True)


def test_members_see_all_their_facts(users: SignedInUsers) -> None:
    store(users)
    text = page(users, "member", "/me/data")
    assert [fact for fact in (*SHOWN, *PRIVATE) if fact not in text] == []
    downloaded = users.client("member").get("/me/data/download").get_json()
    assert [downloaded["member"][name] for name in FACTS] == [getattr(FULL, n) for n in FACTS]


def test_without_facts_the_page_has_no_section_for_them(users: SignedInUsers) -> None:
    assert "From the membership system" not in page(users, "member", "/me/data")


@pytest.mark.parametrize("who", ["committee", "auditor", "chair"])
def test_payroll_number_and_supervisor_are_not_shown_to_others(
    users: SignedInUsers, who: Who
) -> None:
    store(users)
    text = page(users, who, f"/committee/members/{users.member}")
    assert [fact for fact in SHOWN if fact not in text] == []
    assert [fact for fact in PRIVATE if fact in text] == []


def test_the_activity_log_does_not_show_private_facts(users: SignedInUsers) -> None:
    store(users)
    text = page(users, "committee", "/committee/audit?action=member")
    assert "Transit 12" in text
    assert [fact for fact in PRIVATE if fact in text] == []


@pytest.mark.parametrize("address", ["/me/data/edit", "/signup"])
def test_facts_typed_into_a_form_are_ignored(users: SignedInUsers, address: str) -> None:
    typed = {name: getattr(FULL, name) for name in FACTS} | {"role": "steward", "consent": "y"}
    users.client("member").post(address, data=DETAILS | typed)
    with users.database.reading() as session:
        member = members_by_ids(session, [users.member])[users.member]
        assert roles_of(session, [users.member]) == {}
    assert [getattr(member, name) for name in FACTS] == [""] * 7


@pytest.mark.parametrize(
    ("status", "mine", "theirs"),
    [
        ("left", "you&#39;ve left the union", "they get no new courses"),
        ("not-yet-member", "you aren&#39;t a member yet", "closed to them until"),
    ],
)
def test_pages_say_what_a_status_stops(
    users: SignedInUsers, status: str, mine: str, theirs: str
) -> None:
    store(users, status=status)
    assert mine in page(users, "member", "/me").replace("’", "&#39;").replace("'", "&#39;")
    assert theirs in page(users, "committee", f"/committee/members/{users.member}")


def test_a_person_who_left_may_see_download_and_erase_their_data(users: SignedInUsers) -> None:
    store(users, status="left")
    assert "Membership in the union" in page(users, "member", "/me")
    assert "left the union" in page(users, "member", "/me/data")
    assert users.client("member").get("/me/data/download").status_code == 200
    assert users.client("member").post("/me/data/erase", data={"sure": "y"}).status_code == 303
