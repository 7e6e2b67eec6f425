"""How many clicks and keystrokes a consultation with 25 people takes."""

from __future__ import annotations

from bridge.consultations.answers import answering
from bridge.consultations.invitations.inviting import invitations_of
from bridge.consultations.office import Office, draft_of_row
from bridge.consultations.responses import responses_of
from bridge.consultations.rules import Answer
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.effort import Effort, spent

OPENED, INVITED, RESPONDED = 21, 15, 18
"""In docs/benchmarks.md too."""
PEOPLE = "\n".join(f"Person {n} <person{n}@employer.example>" for n in range(25))


def open_one(effort: Effort) -> None:
    effort.open_section("Courses", "Consultations")
    effort.follow('a[href="/committee/consultations/new"]')
    effort.choose("#about", 2)
    effort.follow("main form button")
    effort.page.locator("#day").fill("2099-03-20")
    effort.keys += len("03202099")
    effort.page.locator("#time").fill("17:00")
    effort.keys += len("0500PM")
    effort.follow("main form button")


def invite(effort: Effort) -> None:
    effort.follow('main a[href$="/people"]')
    effort.write("#name", "Employers")
    effort.follow('form[action$="/groups"] button')
    effort.paste("#people", PEOPLE)
    effort.follow('main button[value="preview"]')
    effort.follow('main button[value="invite"]')


def respond(effort: Effort) -> None:
    effort.follow('a[href="/committee/consultations/1"]')
    effort.click("main details summary")
    effort.click("main details input[value=adopted]")
    effort.write("main details textarea", "It is shorter")
    effort.follow("main details form button")


def test_open_invite_and_respond(union: AppServer, effort: Effort) -> None:
    assert spent(effort, open_one) == OPENED
    assert spent(effort, invite) == INVITED
    assert effort.page.get_by_text("25 people are invited.").count() == 1
    answer(union)
    effort.page.goto("/committee/consultations")
    assert spent(effort, respond) == RESPONDED
    with union.database.reading() as session:
        [response] = responses_of(session, 1).values()
    assert (response.decision, response.text) == ("adopted", "It is shorter")


def answer(union: AppServer) -> None:
    """One of them wants something changed."""
    office = Office(union.config, [union.crowd.path], "person:1", now())
    with union.database.transaction() as session:
        [invitation] = invitations_of(session, 1, ["person3@employer.example"])
        place = answering.find_place(session, 1, invitation.person_id)
        assert place is not None
        point = draft_of_row(place.consultation).points[0].key
        answering.save(session, office, place, [Answer(point, "change", "Shorter")], 0)
        answering.send(session, office, place)
