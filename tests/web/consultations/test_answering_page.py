"""The page that someone opens through their personal link."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bridge.consultations import responses
from bridge.consultations.answers import answering
from bridge.consultations.answers.results import given_answers
from bridge.consultations.drafts import fingerprint
from bridge.consultations.invitations import inviting
from tests.consultations.environment import EXPECTATION, MILESTONE, Consultations, revised
from tests.web.sample_site import PATH
from tests.web.signed_in_users import SignedInUsers

GIVEN = {
    "choice-0": "keep", "choice-1": "change", "comment-1": "Plain\r\nwords.",
    "rank-1": EXPECTATION, "rank-2": EXPECTATION, "version": "0",
}  # fmt: skip


@pytest.fixture
def number(consultations: Consultations) -> int:
    number = consultations.open()
    consultations.invite(number, consultations.group(number, "Board", "decides"), "ann")
    return number


@pytest.fixture
def browser(users: SignedInUsers) -> FlaskClient:
    return users.client("nobody")


def saved(consultations: Consultations, number: int) -> dict[str, tuple[str, str, int | None]]:
    with consultations.database.reading() as session:
        place = consultations.place(session, number, "ann")
        found = answering.answers_of(session, place.invitation.id)
    return {each.point: (each.choice, each.comment, each.rank) for each in found.values()}


def test_opening_the_link_answers_nothing(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    page = browser.get(link)
    assert browser.head(link).status_code == 200
    assert "Knows &lt;b&gt;whom" in page.text
    assert "Please be frank." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert saved(consultations, number) == {}
    assert consultations.emails("consultation-receipt") == []


def test_save_change_and_send(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    assert browser.post(link, data=GIVEN | {"do": "save"}).status_code == 303
    assert saved(consultations, number)[EXPECTATION] == ("change", "Plain\nwords.", 1)
    page = browser.get(link).text
    assert "Plain\nwords.</textarea>" in page
    done = browser.post(
        link, data=GIVEN | {"choice-1": "drop", "version": "1", "do": "send"},
        follow_redirects=True,
    )  # fmt: skip
    assert "Your answers are sent." in done.text
    with consultations.database.reading() as session:
        given = {each.point: each.choice for each in given_answers(session, number)}
    assert given == {f"{MILESTONE}/whole": "keep", EXPECTATION: "drop"}
    assert len(consultations.emails("consultation-receipt")) == 1


def test_the_script_saves_while_one_types(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link, script = consultations.link("ann"), {"X-Requested-With": "fetch"}
    assert browser.post(link, data=GIVEN, headers=script).text == "1"
    assert browser.post(link, data=GIVEN, headers=script).text == "1"
    other = GIVEN | {"comment-1": "Another window"}
    assert browser.post(link, data=other, headers=script).status_code == 409
    consultations.clock.forward(days=30)
    late = browser.post(link, data=other | {"version": "1"}, headers=script)
    assert late.status_code == 410


def test_what_another_window_typed_is_not_lost(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    browser.post(link, data=GIVEN)
    stale = browser.post(link, data=GIVEN | {"comment-1": "Mine"})
    assert stale.status_code == 409
    assert "changed in another window" in stale.text
    assert "Mine</textarea>" in stale.text
    assert 'name="version" value="1"' in stale.text
    assert saved(consultations, number)[EXPECTATION][1] == "Plain\nwords."


def test_incomplete_answers_are_saved_but_not_sent(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    answer = browser.post(link, data=GIVEN | {"comment-1": "", "do": "send"})
    assert answer.status_code == 422
    assert "Your answers are saved, but not sent yet." in answer.text
    assert "Say what you would change" in answer.text
    assert saved(consultations, number)[EXPECTATION][0] == "change"
    with consultations.database.reading() as session:
        assert given_answers(session, number) == []


def test_it_can_be_approved_refused_and_taken_back(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    text = {"text": fingerprint(PATH, MILESTONE)}
    for do, told in (
        ("approved", "You have approved this text."), ("refused", "You have refused this text."),
        ("", "Approve the text"),
    ):  # fmt: skip
        data = text | {"do": do, "note": "Too long"}
        assert told in browser.post(f"{link}/approval", data=data, follow_redirects=True).text
    without = browser.post(f"{link}/approval", data=text | {"do": "refused", "note": ""})
    assert without.status_code == 409
    assert "Say why you don" in without.text


def test_who_decides_reads_what_has_changed(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    assert "The text now is the draft above." in browser.get(link).text
    consultations.shelf[:] = [revised("Asks others")]
    page = browser.get(link).text
    assert "Asks others" in page
    assert "new or changed" in page
    stale = {"text": fingerprint(PATH, MILESTONE), "do": "approved", "note": "My words"}
    answer = browser.post(f"{link}/approval", data=stale)
    assert answer.status_code == 409
    assert "My words" in answer.text


def test_a_withdrawn_link_shows_nothing(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    with consultations.database.transaction() as session:
        invitation = consultations.place(session, number, "ann").invitation.id
        inviting.withdraw(session, consultations.office, number, invitation)
    assert browser.get(link).status_code == 410
    assert browser.post(link, data=GIVEN).status_code == 410
    assert browser.post(f"{link}/approval", data={"do": "approved"}).status_code == 410


def test_a_changed_response_shows_once_it_is_sent(
    consultations: Consultations, number: int, browser: FlaskClient
) -> None:
    link = consultations.link("ann")
    browser.post(link, data=GIVEN | {"do": "send"})
    consultations.close(number)

    def respond(text: str, version: int) -> None:
        with consultations.database.transaction() as session:
            responses.respond(
                session, consultations.office, number, EXPECTATION, "adopted", text, version
            )

    def send() -> None:
        with consultations.database.transaction() as session:
            responses.send_responses(session, consultations.office, number)

    respond("The first words.", 0)
    assert "The first words." not in browser.get(link).text
    send()
    respond("Other words.", 1)
    page = browser.get(link).text
    assert "The first words." in page
    assert "Other words." not in page
    send()
    assert "Other words." in browser.get(link).text


def test_a_forwarded_link_has_one_voice(
    consultations: Consultations, number: int, users: SignedInUsers
) -> None:
    link = consultations.link("ann")
    users.client("nobody").post(link, data=GIVEN | {"do": "send"})
    users.client("member").post(link, data=GIVEN | {"choice-0": "drop", "version": "1"})
    with consultations.database.reading() as session:
        given = given_answers(session, number)
    assert [each.choice for each in given] == ["drop", "change"]


def test_in_french(consultations: Consultations, number: int, users: SignedInUsers) -> None:
    browser = users.client("nobody")
    page = browser.get(consultations.link("ann"), headers={"Accept-Language": "fr"}).text
    assert "Ce qui compte le plus" in page
    assert f"{PATH.milestones[0].title.pick('fr')}" in page
