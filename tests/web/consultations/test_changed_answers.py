"""Changing answers that count already: the person notices, and the answers stay complete."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bridge.consultations.answers.results import given_answers
from tests.consultations.environment import Consultations
from tests.web.signed_in_users import SignedInUsers

LIST = "/committee/consultations"
SENT = {"version": "0", "choice-0": "drop", "comment-0": "I am against this.", "do": "send"}
SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def number(consultations: Consultations) -> int:
    number = consultations.open()
    consultations.invite(number, consultations.group(number), "ann")
    return number


@pytest.fixture
def browser(users: SignedInUsers) -> FlaskClient:
    return users.client("nobody")


def told(consultations: Consultations) -> list[object]:
    """What the receipts say."""
    return [each.payload.get("what", "") for each in consultations.emails("consultation-receipt")]


def comments(consultations: Consultations, number: int) -> list[tuple[str, str]]:
    with consultations.database.reading() as session:
        return [(each.comment, each.entered_by) for each in given_answers(session, number)]


def test_a_change_through_a_forwarded_link_is_noticed(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    browser.post(link, data=SENT)
    data = {"version": "1", "choice-0": "keep", "comment-0": "By someone else", "do": "save"}
    browser.post(link, data=data)
    assert told(consultations)[-1] == "changed"
    assert comments(consultations, number) == [("By someone else", "")]


def test_receipts_are_few(consultations: Consultations, number: int, browser: FlaskClient) -> None:
    link = consultations.link("ann")
    for n in range(9):
        browser.post(link, data=SENT | {"version": str(n), "comment-0": f"Words {n}"})
    assert len(told(consultations)) == 3
    consultations.clock.forward(days=1, minutes=1)
    browser.post(link, data=SENT | {"version": "9", "comment-0": "The next day"})
    assert len(told(consultations)) == 4


def test_the_committee_does_not_replace_what_someone_sent(
    consultations: Consultations, number: int, browser: FlaskClient, users: SignedInUsers
) -> None:
    browser.post(consultations.link("ann"), data=SENT)
    committee, people = users.client("committee"), f"{LIST}/{number}/people"
    data = {"version": "1", "choice-0": "keep", "comment-0": "Fine"}
    page = committee.post(f"{people}/1/answers", data=data).text
    assert "has answered by their link" in page
    assert "Fine</textarea>" in page
    assert comments(consultations, number) == [("I am against this.", "")]
    assert "Enter answers" not in committee.get(people).text


def test_what_the_committee_enters_is_told_and_becomes_their_own_again(
    consultations: Consultations, number: int, browser: FlaskClient, users: SignedInUsers
) -> None:
    link, committee = consultations.link("ann"), users.client("committee")
    address = f"{LIST}/{number}/people/1/answers"
    committee.post(address, data={"version": "0", "choice-0": "keep", "comment-0": "Fine"})
    assert told(consultations) == ["entered"]
    assert comments(consultations, number) == [("Fine", "committee@union.example")]
    browser.post(link, data=SENT | {"version": "1", "do": "save"})
    assert comments(consultations, number) == [("I am against this.", "")]


@pytest.mark.parametrize("change", [{"choice-0": "change"}, {}])
def test_answers_that_count_stay_complete(
    consultations: Consultations, number: int, browser: FlaskClient, change: dict[str, str]
) -> None:
    link = consultations.link("ann")
    browser.post(link, data=SENT)
    data = {"version": "1", "do": "save", **change}
    assert browser.post(link, data=data, headers=SCRIPT).status_code == 422
    assert browser.post(link, data=data).status_code == 422
    assert comments(consultations, number) == [("I am against this.", "")]


def test_a_long_comment_is_kept_and_named(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    long = "".join(f"{n:05d} word " for n in range(910))
    answer = browser.post(link, data=SENT | {"comment-0": long})
    assert answer.status_code == 422
    assert f"{long.strip()}</textarea>" in answer.text
    assert 'id="problem-0">This comment is longer than' in answer.text
    saved = browser.post(link, data=SENT | {"comment-0": long}, headers=SCRIPT)
    assert (saved.status_code, saved.mimetype) == (422, "text/plain")
    assert "longer than" in saved.text


@pytest.mark.parametrize("invisible", ["\u200b", "\u00ad", "\ufeff", "\u202e", "\x00"])
def test_what_nobody_can_see_is_left_out(
    consultations: Consultations, number: int, browser: FlaskClient, invisible: str
) -> None:
    data = SENT | {"comment-0": f"pasted{invisible} text\r\nand more"}
    assert browser.post(consultations.link("ann"), data=data, headers=SCRIPT).text == "1"
    browser.post(consultations.link("ann"), data=data)
    assert comments(consultations, number) == [("pasted text\nand more", "")]


def test_links_are_sent_a_few_times_a_day(
    consultations: Consultations, users: SignedInUsers
) -> None:
    number, committee = consultations.open(), users.client("committee")
    consultations.invite(number, consultations.group(number, "Board", "decides"), "ann")
    for _ in range(6):
        page = committee.post(f"{LIST}/{number}/people/1/again", follow_redirects=True).text
        committee.post(f"{LIST}/{number}/ask")
    assert "3 times in the last 24 hours" in page
    assert len(consultations.emails("consultation-invitation", "ann")) == 3
    assert len(consultations.emails("consultation-approval", "ann")) == 3
    consultations.clock.forward(days=1, minutes=1)
    committee = users.client("committee")
    again = committee.post(f"{LIST}/{number}/people/1/again", follow_redirects=True).text
    assert "sent again" in again
