"""Groups that decide: publishing waits for them until someone says why it doesn't."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bridge.consultations.approvals import publishing_problems
from bridge.consultations.rules import Answer
from bridge.foundations.feature import Context
from bridge.store.persons import records
from tests.consultations.environment import EXPECTATION, Consultations
from tests.web.sample_site import PATH
from tests.web.signed_in_users import SignedInUsers

LIST = "/committee/consultations"


@pytest.fixture
def browser(users: SignedInUsers) -> FlaskClient:
    return users.client("committee")


@pytest.fixture
def number(consultations: Consultations) -> int:
    """A consultation that Ann decides about."""
    number = consultations.open()
    consultations.invite(number, consultations.group(number, "Board", "decides"), "ann")
    return number


def problems(consultations: Consultations) -> str:
    with consultations.database.reading() as session:
        context = Context(
            session, consultations.config, consultations.shelf, "en", consultations.clock()
        )
        return " ".join(publishing_problems(context, PATH))


def remove(browser: FlaskClient, number: int, **fields: str) -> str:
    address = f"{LIST}/{number}/groups/1/remove"
    return browser.post(address, data=fields, follow_redirects=True).text


def test_moving_the_only_decider_frees_nothing(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    others = consultations.group(number, "Others")
    browser.post(f"{LIST}/{number}/people/1/withdraw")
    data = {"group": str(others), "people": "ann@employer.example", "do": "invite"}
    browser.post(f"{LIST}/{number}/people", data=data)
    assert "Say why it is removed." in remove(browser, number)
    assert "(Board)" in problems(consultations)


def test_erasing_the_only_decider_frees_nothing(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    with consultations.database.reading() as session:
        ann = records.find(session, "ann@employer.example")
        assert ann is not None
    for fields in ({"sure": "y"}, {"typed": str(ann.id)}, {"confirm": "y"}):
        browser.post(f"/committee/people/{ann.id}/erase", data=fields)
    assert "Ann" not in problems(consultations)
    assert "Say why it is removed." in remove(browser, number)
    assert "(Board)" in problems(consultations)


def test_a_group_made_by_mistake_is_removed_with_a_reason(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    assert "Withdraw their invitations first." in remove(browser, number, reason="A mistake")
    browser.post(f"{LIST}/{number}/people/1/withdraw")
    assert "The group is removed." in remove(browser, number, reason="A mistake")
    assert problems(consultations) == ""
    assert "A mistake" in browser.get("/committee/audit").text


def test_a_group_that_has_answered_stays_and_decides_no_longer(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    consultations.answer(number, "ann", Answer(EXPECTATION, "drop"))
    browser.post(f"{LIST}/{number}/people/1/withdraw")
    assert "no longer decides" in remove(browser, number, reason="The board has resigned.")
    assert problems(consultations) == ""
    assert "so it stays" in remove(browser, number)
    assert "ended that a group decides" in browser.get("/committee/audit").text


def test_nothing_is_approved_once_the_curriculum_is_gone(
    consultations: Consultations, number: int, browser: FlaskClient, users: SignedInUsers
) -> None:
    consultations.shelf[:] = []
    page = users.client("nobody").get(consultations.link("ann")).text
    assert "nothing to approve now" in page
    assert 'value="approved"' not in page
    consultations.close(number)
    finish = f"{LIST}/{number}/finish"
    assert "remove the groups that decide" in browser.post(finish, follow_redirects=True).text
    browser.post(f"{LIST}/{number}/people/1/withdraw")
    remove(browser, number, reason="The course has ended.")
    assert "Finished." in browser.post(finish, follow_redirects=True).text


def test_the_page_to_merge_two_members_names_their_invitations(
    consultations: Consultations, number: int, browser: FlaskClient, users: SignedInUsers
) -> None:
    data = {"group": "1", "people": "member@union.example", "do": "invite"}
    browser.post(f"{LIST}/{number}/people", data=data)
    page = browser.get(f"/committee/members/{users.other_member}/merge/{users.member}").text
    assert "invitations to consultations, with the answers: 1" in page
    assert "in the group that decides more" in page
