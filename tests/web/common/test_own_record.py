"""A new address makes nobody another person: nobody changes their own record by that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.member_records import MemberRecord
from bridge.privacy import correct_person, link_person, merge_persons
from bridge.store.members.profile import change_email
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import changes
from bridge.store.persons.former_addresses import member_had, members_who_had, person_had
from bridge.store.persons.proof import follow_members
from bridge.store.persons.records import PersonRecord, lock
from tests.support.databases import with_tables
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

MINE = ADDRESSES["committee"]
SECOND = "second.mailbox@x.example"
RECORD = MemberRecord("1010", MINE, "Com", "Mittee", region="north")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with with_tables(request.param, request, tmp_path) as address:
        yield address


@pytest.fixture
def own(users: SignedInUsers) -> int:
    """The member record of someone on the committee, whose login is older."""
    users.client("committee")
    with users.database.transaction() as session:
        [member] = upsert_members(session, [RECORD], users.clock()).ids
    assert member is not None
    return member


@pytest.mark.parametrize("by", ["themselves", "import"])
def test_a_changed_address(users: SignedInUsers, own: int, by: str) -> None:
    with users.database.transaction() as session:
        if by == "themselves":
            assert change_email(session, own, SECOND.title(), users.clock())
        else:
            moved = MemberRecord("1010", SECOND, "Com", "Mittee", region="north")
            upsert_members(session, [moved], users.clock())
        follow_members(session, [own], users.clock())
    browser = users.client("committee")
    page = f"/committee/members/{own}"
    data = {"role_name": "steward", "since": "", "reason": "x"}
    for path in ("role", "signoff", "awards/1/withdraw", "awards/1/allow", "credits/1/withdraw"):
        assert browser.post(f"{page}/{path}", data=data).status_code == 403
    html = browser.get(page).text
    assert "This is your own record." in html
    assert f"{page}/role" not in html
    with users.database.reading() as session:
        assert members_who_had(session, MINE.upper()) == {own}
        assert not member_had(session, users.member, MINE)


def test_others_still_may(users: SignedInUsers, own: int) -> None:
    answer = users.client("committee").get(f"/committee/members/{users.member}")
    assert "This is your own record." not in answer.text
    with users.database.reading() as session:
        assert members_who_had(session, MINE) == set()


def test_an_entry_that_the_committee_linked(users: SignedInUsers) -> None:
    """They are a member under another address from the start, and say so themselves."""
    with users.database.transaction() as session:
        entry = changes.add(session, PersonRecord("Com", MINE), MINE, users.clock()).id
        link_person(session, entry, users.other_member, MINE, users.clock())
        assert members_who_had(session, MINE) == {users.other_member}
        assert person_had(session, lock(session, entry), MINE)
    page = f"/committee/members/{users.other_member}"
    assert users.client("committee").post(f"{page}/role").status_code == 403


@pytest.mark.parametrize("how", ["correct", "merge"])
def test_an_entry_with_another_address(users: SignedInUsers, how: str) -> None:
    """Otherwise they could name themselves as the leader of a session."""
    with users.database.transaction() as session:
        entry = changes.add(session, PersonRecord("Com", MINE), MINE, users.clock()).id
        if how == "correct":
            correct_person(session, entry, PersonRecord("Com", SECOND), MINE, users.clock())
        else:
            other = changes.add(session, PersonRecord("Com", SECOND), MINE, users.clock()).id
            merge_persons(session, other, entry, MINE, users.clock())
            entry = other
        assert person_had(session, lock(session, entry), MINE)
        assert not person_had(session, lock(session, users.guest), MINE)
