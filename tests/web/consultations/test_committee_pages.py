"""The committee opens a consultation, invites people, responds, and finishes it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bridge.consultations.answers.results import invited_people
from bridge.consultations.rules import Answer
from tests.consultations.environment import EXPECTATION, MILESTONE, Consultations
from tests.web.query_counter import counted
from tests.web.sample_site import PATH
from tests.web.signed_in_users import SignedInUsers

LIST = "/committee/consultations"
NEW = f"{LIST}/new?about={PATH.key}/{MILESTONE}"
FORM = {
    "title": "The first step", "introduction": "Be frank.", "day": "2026-03-20", "time": "17:00",
    "zone": "America/Toronto", "revision": PATH.revision,
}  # fmt: skip
PASTED = "\n".join(f"Person {n} <person{n}@employer.example>" for n in range(25))


@pytest.fixture
def browser(users: SignedInUsers) -> FlaskClient:
    return users.client("committee")


def test_open_invite_answer_respond_finish(
    consultations: Consultations, browser: FlaskClient, users: SignedInUsers
) -> None:
    assert "Knows &lt;b&gt;whom" in browser.get(NEW).text
    opened = browser.post(NEW, data=FORM)
    here = opened.headers["Location"]
    assert here == f"{LIST}/1"
    group = {"name": "Employers", "degree": "consulted", "channel": "email", "meeting": ""}
    assert browser.post(f"{here}/groups", data=group).status_code == 303
    checked = browser.post(f"{here}/people", data={"group": "1", "people": PASTED}).text
    assert "25 new, 0 invited already, 0 not readable" in checked
    assert consultations.emails() == []
    done = browser.post(
        f"{here}/people", data={"group": "1", "people": PASTED, "do": "invite"},
        follow_redirects=True,
    )  # fmt: skip
    assert "25 people are invited." in done.text
    assert len(consultations.emails("consultation-invitation")) == 25
    link = consultations.link("person3")
    users.client("nobody").post(
        link, data={"choice-1": "drop", "comment-1": "Why?", "version": "0", "do": "send"}
    )
    page = browser.get(here).text
    assert "Why?" in page
    assert "Drop 1" in page
    browser.post(f"{here}/close")
    response = {"point": EXPECTATION, "decision": "not-adopted", "text": "It is law.",
                "version": "0"}  # fmt: skip
    assert browser.post(f"{here}/respond", data=response).status_code == 303
    finished = browser.post(f"{here}/finish", follow_redirects=True).text
    assert "Finished. 25 people get the result by email." in finished
    assert [each.email for each in consultations.emails("consultation-response")] == [
        "person3@employer.example"
    ]
    assert "It is law." in users.client("nobody").get(consultations.link("person9")).text


def test_a_list_with_a_wrong_line_invites_nobody(
    consultations: Consultations, browser: FlaskClient
) -> None:
    number = consultations.open()
    group = consultations.group(number)
    data = {"group": str(group), "people": "kim@employer.example\nnot an address", "do": "invite"}
    page = browser.post(f"{LIST}/{number}/people", data=data).text
    assert "Line 2" in page
    assert "Nobody is invited." in page
    assert "not an address</textarea>" in page
    with consultations.database.reading() as session:
        assert invited_people(session, number) == []


def test_a_list_that_is_too_long_is_kept_and_invites_nobody(
    consultations: Consultations, browser: FlaskClient
) -> None:
    number = consultations.open()
    data = {"group": str(consultations.group(number)), "do": "invite"}
    people = "kim@employer.example\n" * 4_500 + "last@employer.example"
    page = browser.post(f"{LIST}/{number}/people", data=data | {"people": people}).text
    assert "more than 90,000 characters" in page or "more than 90000 characters" in page
    assert "last@employer.example</textarea>" in page
    with consultations.database.reading() as session:
        assert invited_people(session, number) == []


def test_what_was_typed_about_a_group_and_a_point_comes_back(
    consultations: Consultations, browser: FlaskClient
) -> None:
    number = consultations.open()
    group = {"name": "Employers", "degree": "consulted", "channel": "session", "meeting": ""}
    page = browser.post(f"{LIST}/{number}/groups", data=group).text
    assert "Say when and where the session is." in page
    assert 'value="Employers"' in page
    response = {"point": EXPECTATION, "decision": "", "text": "My words", "version": "0"}
    page = browser.post(f"{LIST}/{number}/respond", data=response).text
    assert "Choose whether it is adopted." in page
    assert "My words</textarea>" in page


def test_a_form_without_a_title_comes_back(browser: FlaskClient) -> None:
    page = browser.post(NEW, data=FORM | {"title": ""}).text
    assert "Fill in this field." in page
    assert "Be frank.</textarea>" in page
    past = browser.post(NEW, data=FORM | {"day": "2026-02-01"}).text
    assert "the last day for answers is over." in past


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        ("9999-12-31", "America/Toronto"), ("9999-12-30", "UTC"), ("0001-01-01", "Asia/Tokyo"),
        ("9001-01-01", "UTC"),
    ],
)  # fmt: skip
def test_an_end_that_no_clock_shows_is_refused(browser: FlaskClient, day: str, zone: str) -> None:
    answer = browser.post(NEW, data=FORM | {"day": day, "time": "00:00", "zone": zone})
    assert answer.status_code == 200
    assert "the last day for answers is" in answer.text
    assert "Be frank.</textarea>" in answer.text


def test_it_says_who_stays_in_another_group(
    consultations: Consultations, browser: FlaskClient
) -> None:
    number = consultations.open()
    consultations.invite(number, consultations.group(number, "Others"), "ann")
    board = consultations.group(number, "Board", "decides")
    data = {"group": str(board), "people": "ann@employer.example", "do": "invite"}
    page = browser.post(f"{LIST}/{number}/people", data=data, follow_redirects=True).text
    assert "They stay in another group: ann@employer.example (Others)." in page


def test_in_french(consultations: Consultations, browser: FlaskClient) -> None:
    number = consultations.open()
    consultations.invite(number, consultations.group(number), "ann")
    consultations.answer(number, "ann", Answer(EXPECTATION, "drop", "Non"))
    browser.set_cookie("language", "fr")
    people = browser.get(f"{LIST}/{number}/people").text
    assert "Retirer la réponse" not in people
    assert "Retirer l’invitation" in people
    assert "Ouvertes" not in browser.get(f"{LIST}/{number}").text
    table = browser.get(f"{LIST}/{number}/answers.csv").text
    assert f"{PATH.milestones[0].title.pick('fr')},1,Attente," in table
    assert "Supprimer,Non" in table
    assert EXPECTATION not in table


def test_a_response_is_taken_back(consultations: Consultations, browser: FlaskClient) -> None:
    here = f"{LIST}/{consultations.open()}"
    response = {"point": EXPECTATION, "decision": "adopted", "text": "Done.", "version": "0"}
    browser.post(f"{here}/respond", data=response)
    taken = browser.post(
        f"{here}/respond", data=response | {"version": "1", "do": "withdraw"},
        follow_redirects=True,
    )  # fmt: skip
    assert "The response is taken back." in taken.text
    assert "Adopted:" not in taken.text


def test_change_close_and_reopen(consultations: Consultations, browser: FlaskClient) -> None:
    here = f"{LIST}/{consultations.open()}"
    assert 'value="The first step"' in browser.get(f"{here}/edit").text
    changed = FORM | {"title": "Another title", "version": "1"}
    assert "Another title" in browser.post(f"{here}/edit", data=changed, follow_redirects=True).text
    stale = browser.post(f"{here}/edit", data=FORM | {"title": "Mine", "version": "1"}).text
    assert "Someone else has changed this consultation meanwhile." in stale
    assert 'value="Mine"' in stale
    browser.post(f"{here}/close")
    assert "Closed" in browser.get(here).text
    again = {"day": "2026-04-20", "time": "17:00", "zone": "America/Toronto"}
    assert browser.post(f"{here}/reopen", data=again).status_code == 303
    assert "End the answers now" in browser.get(here).text


def test_entering_what_someone_said_elsewhere(
    consultations: Consultations, browser: FlaskClient
) -> None:
    number = consultations.open()
    consultations.invite(
        number, consultations.group(number, "Hall", "consulted", "session", "Monday, hall"), "ann"
    )
    consultations.close(number)
    address = f"{LIST}/{number}/people/1/answers"
    assert "Enter answers for Ann" in browser.get(address).text
    wrong = browser.post(address, data={"choice-1": "change", "version": "0"})
    assert "Say what you would change" in wrong.text
    data = {"choice-1": "change", "comment-1": "Shorter", "version": "0"}
    assert browser.post(address, data=data).status_code == 303
    assert "entered by committee@union.example" in browser.get(f"{LIST}/{number}").text


def test_withdraw_send_again_and_remove_a_group(
    consultations: Consultations, browser: FlaskClient
) -> None:
    number = consultations.open()
    consultations.invite(number, consultations.group(number), "ann")
    unused = consultations.group(number, "Press")
    people = f"{LIST}/{number}/people"
    assert "sent again" in browser.post(f"{people}/1/again", follow_redirects=True).text
    assert len(consultations.emails("consultation-invitation")) == 2
    assert "withdrawn" in browser.post(f"{people}/1/withdraw", follow_redirects=True).text
    removed = browser.post(f"{LIST}/{number}/groups/{unused}/remove", follow_redirects=True).text
    assert "The group is removed." in removed
    consultations.invite(number, 1, "ann")
    kept = browser.post(f"{LIST}/{number}/groups/1/remove", follow_redirects=True).text
    assert "Withdraw their invitations first." in kept


def test_csv_and_print(consultations: Consultations, browser: FlaskClient) -> None:
    number = consultations.open()
    consultations.invite(number, consultations.group(number), "ann")
    consultations.answer(number, "ann", Answer(EXPECTATION, "change", "=1+1", 1))
    table = browser.get(f"{LIST}/{number}/answers.csv").text.splitlines()
    assert table[0].endswith("Decision,Response")
    assert len(table) == 4
    assert "Employers,Ann,ann@employer.example,Change,'=1+1,1" in table[2]
    assert "1+1" in browser.get(f"{LIST}/{number}/print").text


def test_the_auditor_reads_and_changes_nothing(
    consultations: Consultations, users: SignedInUsers
) -> None:
    number = consultations.open()
    auditor = users.client("auditor")
    page = auditor.get(f"{LIST}/{number}").text
    assert "Save the response" not in page
    assert "End the answers now" not in page
    assert "Add a group" not in auditor.get(f"{LIST}/{number}/people").text


def test_the_pages_take_as_many_queries_for_many(
    consultations: Consultations, browser: FlaskClient, users: SignedInUsers
) -> None:
    number = consultations.open()
    group = consultations.group(number)
    consultations.invite(number, group, "ann")
    consultations.answer(number, "ann", Answer(EXPECTATION, "drop"))
    consultations.close(number)
    addresses = ("/committee", f"{LIST}/{number}", f"{LIST}/{number}/people", LIST)

    def count(address: str) -> int:
        with counted(users.database) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    few = [count(each) for each in addresses]
    more = consultations.open()
    other = consultations.group(more, "Board", "decides")
    consultations.invite(more, other, "ann", "bob", "cy", "dee")
    consultations.answer(more, "bob", Answer(EXPECTATION, "drop"))
    consultations.close(more)
    consultations.invite(number, group, "bob", "cy", "dee")
    assert [count(each) for each in addresses] == few
