"""A member who was invited finds the consultation on *My learning*, and answers signed in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.consultations.answers.results import given_answers
from bridge.consultations.drafts import fingerprint
from bridge.consultations.invitations import inviting
from bridge.consultations.invitations.pasted_people import Named
from bridge.consultations.rules import Answer
from bridge.store.tables.operations import AuditEntry
from tests.consultations.environment import EXPECTATION, MILESTONE, Consultations
from tests.web.query_counter import counted
from tests.web.sample_site import PATH
from tests.web.signed_in_users import MEMBER, SignedInUsers

HERE = "/me/consultations/1"
TO_DO = "Answer the consultation “The first step”"
APPROVE = "Approve the text of “The first step”"


def invite(consultations: Consultations, degree: str = "decides") -> int:
    """The member is invited to a new consultation, in a group of its own."""
    number = consultations.open()
    group = consultations.group(number, "Stewards", degree)  # type: ignore[arg-type]
    with consultations.database.transaction() as session:
        named = [Named("Mem Ber", MEMBER.email)]
        inviting.invite(session, consultations.office, number, group, named)
    return number


@pytest.fixture
def browser(users: SignedInUsers) -> FlaskClient:
    return users.client("member")


def test_it_is_to_do_until_it_is_answered(
    consultations: Consultations, browser: FlaskClient, users: SignedInUsers
) -> None:
    number = invite(consultations)
    page = browser.get("/me").text
    assert f'<a href="{HERE}">{TO_DO}</a> · by March 20, 2026' in page
    assert "Last day to answer the consultation" in page
    assert TO_DO not in users.client("other_member").get("/me").text
    sent = browser.post(
        HERE, data={"choice-1": "drop", "version": "0", "do": "send"}, follow_redirects=True
    )
    assert "Your answers are sent." in sent.text
    assert TO_DO not in browser.get("/me").text
    with consultations.database.reading() as session:
        [given] = given_answers(session, number)
        actors = session.scalars(
            select(AuditEntry.actor).where(AuditEntry.action == "consultation-answers")
        ).all()
    assert (given.point, given.email) == (EXPECTATION, MEMBER.email)
    assert len(actors) == 1


def test_the_link_and_the_page_share_one_set_of_answers(
    consultations: Consultations, browser: FlaskClient, users: SignedInUsers
) -> None:
    invite(consultations)
    [email] = consultations.emails("consultation-invitation")
    link = str(email.payload["link"]).removeprefix(users.config.service.url)
    users.client("nobody").post(link, data={"comment-1": "By link", "version": "0"})
    assert "By link</textarea>" in browser.get(HERE).text


def test_who_decides_approves_once_it_is_closed(
    consultations: Consultations, browser: FlaskClient
) -> None:
    number = invite(consultations)
    assert APPROVE not in browser.get("/me").text
    consultations.close(number)
    page = browser.get("/me").text
    assert f'<a href="{HERE}#approval">{APPROVE}</a>' in page
    assert TO_DO not in page
    data = {"text": fingerprint(PATH, MILESTONE), "do": "approved"}
    done = browser.post(f"{HERE}/approval", data=data, follow_redirects=True)
    assert "You have approved this text." in done.text
    assert APPROVE not in browser.get("/me").text
    assert len(consultations.emails("consultation-receipt")) == 1


def test_nothing_is_to_do_for_others(consultations: Consultations, browser: FlaskClient) -> None:
    number = invite(consultations, "informed")
    assert TO_DO not in browser.get("/me").text
    with consultations.database.transaction() as session:
        [invitation] = inviting.invitations_of(session, number, [MEMBER.email])
        inviting.withdraw(session, consultations.office, number, invitation.id)
    assert browser.get(HERE).status_code == 404
    assert browser.post(HERE, data={"choice-1": "drop", "version": "0"}).status_code == 404


def test_after_the_last_day_there_is_nothing_to_answer(
    consultations: Consultations, browser: FlaskClient
) -> None:
    invite(consultations, "consulted")
    consultations.clock.forward(days=30)
    assert TO_DO not in browser.get("/me").text


def test_it_takes_as_many_queries_for_many(
    consultations: Consultations, browser: FlaskClient, users: SignedInUsers
) -> None:
    def count() -> int:
        with counted(users.database) as queries:
            assert browser.get("/me").status_code == 200
        return len(queries)

    invite(consultations)
    one = count()
    invite(consultations)
    consultations.close(invite(consultations))
    assert count() == one


def test_the_committee_sees_how_many_points_to_respond_to(
    consultations: Consultations, users: SignedInUsers
) -> None:
    number = consultations.open()
    consultations.invite(number, consultations.group(number), "ann")
    consultations.answer(number, "ann", Answer(EXPECTATION, "drop"))
    consultations.close(number)
    page = users.client("committee").get("/committee").text
    title = "Consultation “The first step”: points to respond to"
    assert f'{title}</a> <strong class="count">1</strong>' in page
