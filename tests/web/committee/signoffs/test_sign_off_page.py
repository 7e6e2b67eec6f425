"""Signing off many people on a page."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from bridge.curriculum.requirements.signoff import SignedOff
from bridge.member_records import MemberRecord
from bridge.store.learning import decisions
from bridge.store.learning.credits import credits_of_members
from bridge.store.members.upsert import upsert_members
from tests.web.sample_site import PATH, english
from tests.web.signed_in_users import SignedInUsers, Who

PAGE = "/committee/sign-offs"
CHAIRED = frozenset({"chair"})


@pytest.fixture
def union(users: SignedInUsers) -> SignedInUsers:
    """Two milestones with a sign-off each; chairs may record the second."""
    walk = SignedOff("walk", english("A walk"))
    talk = SignedOff("talk", english("A talk"), signed_off_by=CHAIRED)  # type: ignore[arg-type]
    first, second = PATH.milestones
    users.shelf[:] = [
        replace(PATH, milestones=(replace(first, requirements=(walk,)),
                                  replace(second, requirements=(talk,))))
    ]  # fmt: skip
    records = [MemberRecord(f"N{n}", f"n{n}@union.example", "Nom", f"Ber{n}", region="north")
               for n in range(25)]  # fmt: skip
    with users.database.transaction() as session:
        upsert_members(session, records, users.clock())
    return users


def filled(people: str = "1001", **more: str) -> dict[str, str]:
    return {
        "requirement": "a-path:walk", "occurred_on": "2026-02-28", "by_name": "Lee",
        "people": people, "key": "k" * 8, "step": "preview", **more,
    }  # fmt: skip


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def send(union: SignedInUsers, data: dict[str, str], who: Who = "committee") -> str:
    """The preview, and then the page after recording it."""
    browser = union.client(who)
    shown = browser.post(PAGE, data=data).text
    data = data | {"previewed": hidden(shown, "previewed"), "step": "record"}
    return browser.post(PAGE, data=data, follow_redirects=True).text


def signed(union: SignedInUsers) -> list[int]:
    everyone = range(1, 99)
    with union.database.reading() as session:
        found = credits_of_members(session, everyone)
        return sorted(each.member_id for each in found if each.withdrawn_at is None)


def test_no_requirement_is_chosen_beforehand(union: SignedInUsers) -> None:
    page = union.client("committee").get(PAGE).text
    assert '<option value=""></option>' in page
    assert " selected" not in page.partition("</select>")[0]
    assert page.index('<optgroup label="First') < page.index('<optgroup label="Second')


def test_a_preview_says_who_is_meant_and_records_nothing(union: SignedInUsers) -> None:
    page = union.client("committee").post(PAGE, data=filled("1001\nn1@union.example\n99")).text
    assert "2 new, 1 not found" in page
    assert "Record 2 sign-offs" in page
    assert "Mem Ber" in page
    assert signed(union) == []


def test_a_number_next_to_an_email_is_no_name(union: SignedInUsers) -> None:
    browser = union.client("committee")
    assert "2 new" in browser.post(PAGE, data=filled("1002 member@union.example")).text
    assert "1 new<" in browser.post(PAGE, data=filled("1001 member@union.example")).text


def test_a_list_is_recorded_and_undone(union: SignedInUsers) -> None:
    page = send(union, filled("1001\n1002", requirement="a-path:talk"))
    assert "2 people were signed off." in page
    assert signed(union) == sorted([union.member, union.other_member])
    [address] = re.findall(r'action="([^"]+/undo)"', page)
    page = union.client("committee").post(address, follow_redirects=True).text
    assert "2 sign-offs were withdrawn." in page
    assert signed(union) == []


def test_what_is_not_recorded_is_still_named(union: SignedInUsers) -> None:
    page = send(union, filled("1001\n99\nKim"))
    assert "Not recorded: 99 (not found); Kim (not found)" in page
    assert "1 milestone was reached." in page


def test_a_list_with_milestones_is_withdrawn_with_a_reason(union: SignedInUsers) -> None:
    page = send(union, filled("1001\nN1"))
    assert "Nothing depends on this list" not in page
    [address] = re.findall(r'action="([^"]+/undo)"', page)
    browser = union.client("committee")
    assert "Enter a reason." in browser.post(address, data={"reason": " "}).text
    assert len(signed(union)) == 2
    page = browser.post(address, data={"reason": "Wrong day"}, follow_redirects=True).text
    assert "2 milestones to decide about." in page
    with union.database.reading() as session:
        assert decisions.count_open(session) == 2


def test_what_was_not_looked_at_is_not_recorded(union: SignedInUsers) -> None:
    browser = union.client("committee")
    page = browser.post(PAGE, data=filled("1001", step="record")).text
    assert "Record 1 sign-off" in page
    seen = filled("1001", step="record", previewed=hidden(page, "previewed"))
    page = browser.post(PAGE, data=seen | {"people": "1001\n1002"}).text
    assert "Record 2 sign-offs" in page
    assert signed(union) == []


def test_nothing_typed_is_lost(union: SignedInUsers) -> None:
    browser = union.client("committee")
    typed = filled("1001\n99", note="In the hall", ticked=str(union.other_member))
    for wrong in ({"requirement": ""}, {"occurred_on": "2999-01-01"}, {"by_name": ""},
                  {"step": "list", "region": "north"}, {"step": "none"}):  # fmt: skip
        page = browser.post(PAGE, data=typed | wrong).text
        assert "1001\n99</textarea>" in page
        assert 'value="In the hall"' in page
        if wrong != {"step": "none"}:
            assert f'value="{union.other_member}" checked' in page, wrong


def test_people_are_ticked_in_a_filtered_list(union: SignedInUsers) -> None:
    browser = union.client("committee")
    page = browser.post(PAGE, data=filled("", step="list", region="north")).text
    assert page.count('name="ticked"') == 26
    assert " checked" not in page
    page = browser.post(PAGE, data=filled("", step="all", region="north")).text
    assert page.count(" checked") == 26
    ids = re.findall(r'name="ticked" id="[^"]+" value="(\d+)" checked', page)
    page = browser.post(PAGE, data=filled("", ticked=ids[0], region="north")).text
    assert "Record 1 sign-off" in page


def test_chairs_sign_off_what_they_may_for_their_region(union: SignedInUsers) -> None:
    browser = union.client("chair")
    page = browser.get(PAGE).text
    assert "A talk" in page
    assert "A walk" not in page
    talk = filled("1001\n1002", requirement="a-path:talk")
    assert "1 new, 1 not found" in browser.post(PAGE, data=talk).text
    refused = browser.post(PAGE, data=filled("1001")).text
    assert "Please fix the following" in refused
    assert "1 new" not in refused
    listed = browser.post(PAGE, data=talk | {"step": "list"}).text
    assert f'id="ticked-{union.other_member}"' not in listed
    assert "1 person was signed off." in send(union, talk, "chair")
    with union.database.reading() as session:
        [credit] = credits_of_members(session, [union.member])
    assert credit.recorded_by == "chair@union.example"
    assert union.client("other_chair").get(f"{PAGE}/lists/1").status_code == 404
    assert union.client("chair").get(f"{PAGE}/lists/1").status_code == 200


def test_without_anything_allowed_the_menu_has_no_entry(union: SignedInUsers) -> None:
    assert f'href="{PAGE}"' in union.client("chair").get("/committee").text
    union.shelf[:] = [PATH]
    assert f'href="{PAGE}"' not in union.client("chair").get("/committee").text
    assert "nothing here that you may sign off" in union.client("chair").get(PAGE).text


def test_nobody_signs_off_themselves(union: SignedInUsers) -> None:
    own = MemberRecord("C1", "committee@union.example", "Com", "Mittee")
    with union.database.transaction() as session:
        [number] = upsert_members(session, [own], union.clock()).ids
    browser = union.client("committee")
    page = browser.post(PAGE, data=filled("C1\n1001", ticked=str(number))).text
    assert "1 new, 1 is yourself" in page
    assert f'id="ticked-{number}"' not in page
    send(union, filled("C1\n1001"))
    assert signed(union) == [union.member]


def test_another_list_after_back_is_recorded_too(union: SignedInUsers) -> None:
    send(union, filled("1001", requirement="a-path:talk"))
    again = send(union, filled("1001", requirement="a-path:talk"))
    assert "This list was recorded before." in again
    page = send(union, filled("1002", requirement="a-path:talk"))
    assert "1 person was signed off." in page
    assert signed(union) == sorted([union.member, union.other_member])
    chairs = send(union, filled("N1", requirement="a-path:talk"), "chair")
    assert "1 person was signed off." in chairs


@pytest.mark.parametrize("day", ["0001-01-01", "1926-02-28"])
def test_a_day_before_anyone_worked_is_refused(union: SignedInUsers, day: str) -> None:
    page = union.client("committee").post(PAGE, data=filled("1001", occurred_on=day)).text
    assert "This day is too long ago. Check the year." in page
    assert "1 new" not in page


@pytest.mark.parametrize("typed", ["\ufeff1001", "\u200b1001\r1002", "1001\v1002\u2028N1"])
def test_what_nobody_sees_in_pasted_text_is_left_out(union: SignedInUsers, typed: str) -> None:
    page = union.client("committee").post(PAGE, data=filled(typed)).text
    assert f"{1 + len(typed.split()[1:])} new" in page
