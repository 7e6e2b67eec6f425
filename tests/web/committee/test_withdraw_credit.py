"""Withdrawing a credit or an award on a member's page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from bridge.curriculum.requirements.signoff import SignedOff
from bridge.membership.roles import HeldRole
from bridge.store.learning.awards import awards_of, withdrawn_awards_of
from bridge.store.learning.credits import credits_of
from bridge.store.learning.signoffs import record_signoff
from bridge.store.members.roles import give_role, roles_of
from bridge.workflows.awards import assess
from tests.web.sample_site import PATH, english
from tests.web.signed_in_users import SignedInUsers


@pytest.fixture
def signed(users: SignedInUsers) -> SignedInUsers:
    """A member who earned a milestone by a sign-off."""
    first = replace(PATH.milestones[0], requirements=(SignedOff("walk", english("A walk")),))
    users.shelf[:] = [replace(PATH, milestones=(first, PATH.milestones[1]))]
    with users.database.transaction() as session:
        record_signoff(session, users.member, PATH.key, "walk", "Lee", "", "c", users.clock())
        assess(session, users.shelf, [users.member], users.clock())
    return users


def address(users: SignedInUsers) -> str:
    with users.database.reading() as session:
        [credit] = credits_of(session, users.member)
    return f"/committee/members/{users.member}/credits/{credit.id}/withdraw"


def test_the_page_names_the_milestones_that_depend_on_it(signed: SignedInUsers) -> None:
    page = signed.client("committee").get(address(signed)).text
    assert "Withdraw “A walk”" in page
    assert "These milestones were awarded because of it:" in page
    assert f"<li>{PATH.milestones[0].title.pick()}</li>" in page


def test_a_reason_is_required(signed: SignedInUsers) -> None:
    answer = signed.client("committee").post(address(signed), data={"reason": " "})
    assert "Please fix the following" in answer.text
    with signed.database.reading() as session:
        assert credits_of(session, signed.member)[0].withdrawn_at is None


def test_withdrawing_keeps_the_award_and_offers_the_sign_off_again(signed: SignedInUsers) -> None:
    browser = signed.client("committee")
    answer = browser.post(address(signed), data={"reason": "Wrong member"})
    assert "Choose what happens to the milestones." in answer.text
    keep = {"reason": "Wrong member", "milestones": "keep"}
    answer = browser.post(address(signed), data=keep)
    assert "Say why the milestones stay." in answer.text
    answer = browser.post(address(signed), data=keep | {"kept_note": "She was there"})
    assert answer.status_code == 303
    with signed.database.reading() as session:
        [credit] = credits_of(session, signed.member)
        assert len(awards_of(session, signed.member)) == 1
    assert (credit.withdrawn_reason, credit.withdrawn_by) == (
        "Wrong member",
        "committee@union.example",
    )
    page = browser.get(f"/committee/members/{signed.member}").text
    assert "Wrong member" in page
    assert "Record a sign-off" in page
    mine = signed.client("member").get("/me/data").text
    assert "withdrawn: Wrong member" in mine


def test_another_members_credit_is_not_found(signed: SignedInUsers) -> None:
    other = address(signed).replace(f"/{signed.member}/", f"/{signed.other_member}/")
    assert signed.client("committee").get(other).status_code == 404


def test_the_awards_can_be_withdrawn_too(signed: SignedInUsers) -> None:
    data = {"reason": "Wrong member", "milestones": "withdraw"}
    assert signed.client("committee").post(address(signed), data=data).status_code == 303
    with signed.database.reading() as session:
        assert awards_of(session, signed.member) == []
        [award] = withdrawn_awards_of(session, signed.member)
    assert award.withdrawn_reason == "Wrong member"
    assert award.reopened_at is not None, "its requirements were seen unmet"


def test_an_award_is_withdrawn_and_allowed_again(signed: SignedInUsers) -> None:
    browser, member = signed.client("committee"), f"/committee/members/{signed.member}"
    page = browser.get(member).text
    assert f"{member}/awards/1/withdraw" in page
    assert "the member leaves the cohort" in browser.get(f"{member}/awards/1/withdraw").text
    answer = browser.post(f"{member}/awards/1/withdraw", data={"reason": "Too early"})
    assert answer.status_code == 303
    page = browser.get(member).text
    assert "Too early" in page
    assert "Allow again" in page
    assert "was withdrawn on" in signed.client("member").get("/me").text
    assert browser.post(f"{member}/awards/1/allow").status_code == 303
    with signed.database.reading() as session:
        [award] = awards_of(session, signed.member)
    assert award.id == 2
    assert "Allow again" not in browser.get(member).text
    table = browser.get(f"{member}/history.csv").text
    assert "withdrawn" in table
    assert "Too early" in table


def test_a_login_from_before_one_was_a_member_changes_nothing(signed: SignedInUsers) -> None:
    browser, member = signed.client("committee"), f"/committee/members/{signed.member}"
    with signed.database.transaction() as session:
        change = "UPDATE member SET email = :email, email_key = :email WHERE id = :id"
        session.execute(text(change), {"id": signed.member, "email": "committee@union.example"})
    data = {"role": "steward", "reason": "x"}
    assert browser.post(f"{member}/role", data=data).status_code == 403
    with signed.database.transaction() as session:
        role = roles_of(session, [signed.member])[signed.member]
        given = give_role(session, signed.member, HeldRole("trustee"), "x", signed.clock())
        assert given
        assert "trustee" not in {each.held.role for each in role}
        number = roles_of(session, [signed.member])[signed.member][-1].id
    for method in (browser.get, browser.post):
        assert method(f"{member}/role/{number}", data={"delete": "1"}).status_code == 403


def test_nobody_decides_about_themselves(signed: SignedInUsers) -> None:
    browser, member = signed.client("committee"), f"/committee/members/{signed.member}"
    with signed.database.transaction() as session:
        mine = {"id": signed.member, "email": "committee@union.example"}
        for change in (
            "UPDATE login SET member_id = :id WHERE email = :email",
            "UPDATE member SET email = :email, email_key = :email WHERE id = :id",
        ):
            session.execute(text(change), mine)
    page = browser.get(member).text
    assert "This is your own record." in page
    for form in ("/withdraw", "/signoff", "/role"):
        assert f"{member}{form}" not in page
    assert "/withdraw" not in page
    for path in ("awards/1/withdraw", "awards/1/allow", "credits/1/withdraw", "signoff", "role"):
        assert browser.post(f"{member}/{path}", data={"reason": "x"}).status_code == 403
