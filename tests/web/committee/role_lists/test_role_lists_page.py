"""Giving a role to many members on a page, ending it, and undoing both."""

from __future__ import annotations

import re

import pytest

from bridge.features import FEATURES
from bridge.foundations.feature import Context
from bridge.member_merging.merging import Merge, merge_members
from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.store.learning import awards, decisions
from bridge.store.learning.awards import AwardRecord
from bridge.store.members import roles
from bridge.store.members.upsert import upsert_members
from bridge.workflows.member_changes.outcome import Editor
from tests.web.committee.signoffs.test_sign_off_page import hidden
from tests.web.signed_in_users import SignedInUsers

PAGE = "/committee/roles"


@pytest.fixture
def union(users: SignedInUsers) -> SignedInUsers:
    records = [MemberRecord(f"N{n}", f"n{n}@union.example", "Nom", f"Ber{n}", region="north")
               for n in range(25)]  # fmt: skip
    with users.database.transaction() as session:
        upsert_members(session, records, users.clock())
    return users


def filled(people: str, **more: str) -> dict[str, str]:
    return {
        "action": "give", "role": "Trustee", "since": "2026-02-01", "until": "", "people": people,
        "key": "k" * 8, "step": "preview", **more,
    }  # fmt: skip


def send(union: SignedInUsers, data: dict[str, str]) -> str:
    """The preview, and then the page after recording it."""
    browser = union.client("committee")
    shown = browser.post(PAGE, data=data).text
    data = data | {"previewed": hidden(shown, "previewed"), "step": "record"}
    return browser.post(PAGE, data=data, follow_redirects=True).text


def undo(union: SignedInUsers, page: str, **data: str) -> str:
    [address] = re.findall(r'action="([^"]+/undo)"', page)
    return union.client("committee").post(address, data=data, follow_redirects=True).text


def stewards(union: SignedInUsers) -> dict[int, HeldRole]:
    with union.database.reading() as session:
        found = roles.roles_of(session, range(1, 99))
    return {member: each.held for member, held in found.items() for each in held}


def test_a_preview_says_who_is_meant_and_records_nothing(union: SignedInUsers) -> None:
    page = union.client("committee").post(PAGE, data=filled("N1\nn2@union.example\n99")).text
    assert "2 new, 1 not found" in page
    assert "Give the role to 2 members" in page
    assert stewards(union) == {}


def test_a_role_is_given_to_many_and_undone(union: SignedInUsers) -> None:
    page = send(union, filled("\n".join(f"N{n}" for n in range(25)), until="2027-01-31"))
    assert "25 members were given the role." in page
    assert "Given: trustee" in page
    held = stewards(union)
    assert len(held) == 25
    assert {str(each.since) + str(each.until) for each in held.values()} == {"2026-02-012027-01-31"}
    page = undo(union, page)
    assert "The roles of 25 members are as they were before." in page
    assert stewards(union) == {}
    assert "/undo" not in page


def test_a_role_is_ended_and_the_end_is_undone(union: SignedInUsers) -> None:
    send(union, filled("N1\nN2"))
    ended = filled("N1\nN2\nN3", action="end", until="2026-03-31", key="e" * 8)
    page = send(union, ended)
    assert "The role of 2 members was ended." in page
    assert "doesn&#39;t have the role" in page
    assert {str(each.until) for each in stewards(union).values()} == {"2026-03-31"}
    undo(union, page)
    assert {each.until for each in stewards(union).values()} == {None}


def test_what_was_changed_since_is_not_undone(union: SignedInUsers) -> None:
    page = send(union, filled("N1\nN2"))
    member, held = next(iter(stewards(union).items()))
    with union.database.transaction() as session:
        [row] = roles.roles_of(session, [member])[member]
        other = HeldRole("trustee", since=held.since, until=union.clock().date())
        roles.correct_role(session, member, row.id, other, "other", union.clock())
    address = re.findall(r'action="([^"]+)/undo"', page)[0]
    assert "changed since" in union.client("committee").get(address).text
    page = undo(union, page)
    assert "Not undone for 1 member" in page
    assert list(stewards(union)) == [member]


def test_undoing_asks_for_a_reason_if_milestones_depend_on_it(union: SignedInUsers) -> None:
    page = send(union, filled("N1"))
    [member] = stewards(union)
    with union.database.transaction() as session:
        proof: dict[str, object] = {"role": ["trustee"]}
        awards.grant(session, [AwardRecord(member, "a-path", "x", "r", proof, union.clock())])
    assert "Enter a reason." in undo(union, page, reason=" ")
    assert list(stewards(union)) == [member]
    assert "1 milestone to decide about." in undo(union, page, reason="Wrong list")
    assert stewards(union) == {}
    with union.database.reading() as session:
        assert decisions.count_open(session) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"action": ""}, "Choose what to do."),
        ({"role": ""}, "Enter a role."),
        ({"role": "steward, trustee"}, "Give one role at a time."),
        ({"until": "2026-01-01"}, "The last day is before the first day."),
        ({"action": "end"}, "Enter the last day."),
        ({"people": "", "ticked": ""}, "Enter numbers or emails here"),
        ({"until": "32 May"}, "Not a valid date"),
    ],
)
def test_a_wrong_form_comes_back_filled_in(
    union: SignedInUsers, wrong: dict[str, str], said: str
) -> None:
    data = filled("N1", reason="Elected", ticked="3") | wrong
    page = union.client("committee").post(PAGE, data=data).text
    assert said in page
    assert 'value="Elected"' in page
    assert f">\n{data['people']}</textarea>" in page or f"\r\n{data['people']}" in page
    assert stewards(union) == {}


def test_who_holds_the_role_is_ticked_in_a_list(union: SignedInUsers) -> None:
    send(union, filled("N1\nN2"))
    browser = union.client("committee")
    data = filled("", action="end", until="2026-03-31", step="all", holds="trustee")
    page = browser.post(PAGE, data=data).text
    assert page.count(" checked") == 2
    page = browser.post(PAGE, data=data | {"holds": "", "region": "north", "step": "list"}).text
    assert page.count('name="ticked"') == 26


def test_what_changed_since_the_preview_is_shown_again(union: SignedInUsers) -> None:
    page = send(union, filled("N1"))
    [member] = stewards(union)
    browser = union.client("committee")
    data = filled("N1", action="end", until="2026-03-31", key="e" * 8)
    seen = hidden(browser.post(PAGE, data=data).text, "previewed")
    with union.database.transaction() as session:
        [row] = roles.roles_of(session, [member])[member]
        later = HeldRole("trustee", until=union.clock().date().replace(year=2027))
        roles.correct_role(session, member, row.id, later, "other", union.clock())
    page = browser.post(PAGE, data=data | {"previewed": seen, "step": "record"}).text
    assert "End the role of 1 member" in page
    assert stewards(union)[member] == later


def test_nobody_gives_a_role_to_themselves(union: SignedInUsers) -> None:
    email = "committee@union.example"
    with union.database.transaction() as session:
        me = MemberRecord("ME", email, "Com", "Mittee")
        upsert_members(session, [me], union.clock())
    page = union.client("committee").post(PAGE, data=filled("ME")).text
    assert "There is nobody to record." in page
    assert "someone else must give it to you" in page


def test_nobody_undoes_a_list_that_they_are_in(union: SignedInUsers) -> None:
    page = send(union, filled("N1"))
    [member] = stewards(union)
    with union.database.transaction() as session:
        me = MemberRecord("N1", "committee@union.example", "Com", "Mittee")
        upsert_members(session, [me], union.clock())
    assert "Someone else must undo it." in undo(union, page)
    assert list(stewards(union)) == [member]


def test_another_list_after_back_is_recorded_too(union: SignedInUsers) -> None:
    send(union, filled("N1"))
    assert "1 member was given the role." in send(union, filled("N2"))
    assert "recorded before" in send(union, filled("N2"))
    assert len(stewards(union)) == 2


@pytest.mark.parametrize(
    "days",
    [
        {"since": "0001-01-01"},
        {"since": "1800-01-01", "until": "2027-01-01"},
        {"action": "end", "until": "1800-01-01"},
    ],
)
def test_days_before_anyone_worked_are_refused(union: SignedInUsers, days: dict[str, str]) -> None:
    page = union.client("committee").post(PAGE, data=filled("N1", **days)).text
    assert "This day is too long ago. Check the year." in page


def test_a_list_with_two_records_that_are_one_now_is_undone(union: SignedInUsers) -> None:
    page = send(union, filled("N1\nN2"))
    kept, removed = sorted(stewards(union))
    with union.database.transaction() as session:
        context = Context(session, union.config, (), "en", union.clock())
        editor = Editor("other@union.example", union.clock(), (), {})
        merge_members(context, FEATURES, Merge(kept, removed), editor)
    assert list(stewards(union)) == [kept]
    assert "The role of 1 member is as it was before." in undo(union, page)
    assert stewards(union) == {}
