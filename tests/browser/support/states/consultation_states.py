"""The pages of consultations: open, answered, closed and finished, for both sides."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from bridge.consultations import opening, responses
from bridge.consultations.answers import answering
from bridge.consultations.drafts import draft_of
from bridge.consultations.invitations import groups, inviting
from bridge.consultations.invitations.pasted_people import Named
from bridge.consultations.office import Office
from bridge.consultations.opening import Asked
from bridge.consultations.rules import Answer
from bridge.consultations.sending import LINK_PURPOSE
from bridge.store.persons import personal_links, records
from tests.browser.support.app_server import ROLES, AppServer, now
from tests.browser.support.states.page_setup import PageSetup, open_page, submit_form
from tests.browser.support.states.page_state import PageState

LIST = "/committee/consultations"
ABOUT = "member-steward-path/new-member"
NEW = f"{LIST}/new?about={ABOUT}"
MEMBER = ROLES["member"]
EMAIL = "bartholomea@a-rather-long-domain.example"


def _consultation(app_server: AppServer, state: str) -> tuple[int, str]:
    """A consultation with answers; its ID, and the token of someone who decides."""
    path, token = app_server.crowd.path, token_hex(16)
    office = Office(app_server.config, [path], "committee@union.example", now())
    closes = datetime.combine((now() + timedelta(days=9)).date(), datetime.min.time())
    title = f"The first step, and everything that comes before it ({token[:4]})"
    asked = Asked(path.key, "new-member", title, "Please be *frank*.", closes, "America/Toronto")
    with app_server.database.transaction() as session:
        number = opening.open_consultation(session, office, asked)
        _invite(session, office, number)
        person = records.find(session, EMAIL)
        assert person is not None
        place = answering.find_place(session, number, person.id)
        assert place is not None
        points = draft_of(path, "new-member", {}).points
        given = [
            Answer(points[0].key, "keep", rank=2),
            Answer(points[1].key, "change", "Say it in plain words, with an example.", 1),
        ]
        answering.save(session, office, place, given, 0)
        if state != "begun":
            answering.send(session, office, place)
        if state in ("closed", "finished"):
            opening.close(session, office, number)
            responses.respond(
                session, office, number, points[1].key, "adopted", "There is an example now.", 0
            )
        if state == "finished":
            for each in inviting.invitations_of(session, number, ["lou@b.example", MEMBER]):
                inviting.withdraw(session, office, number, each.id)
            text = answering.current_text([path], place.consultation)
            answering.decide(session, office, place, "approved", text)
            opening.finish(session, office, number)
        personal_links.issue(
            session, token, LINK_PURPOSE, person.id, str(number), now(), timedelta(days=9),
            replaces=False,
        )  # fmt: skip
    return number, token


def _invite(session: Session, office: Office, number: int) -> None:
    board = groups.add_group(session, office, number, "The board", "decides", "page")
    hall = "Monday, 18:00, the large hall next to the station"
    groups.add_group(session, office, number, "Employers", "consulted", "session", hall)
    people = [
        Named("Bartholomea Vandenberghe-Oppenheimer", EMAIL), Named("Lou", "lou@b.example"),
        Named("Member", MEMBER),
    ]  # fmt: skip
    inviting.invite(session, office, number, board, people)


def at(address: str, state: str = "open") -> PageSetup:
    """Open a page of the committee about a new consultation."""

    def setup(page: Page, app_server: AppServer) -> None:
        number, _ = _consultation(app_server, state)
        page.goto(address.format(number=number))

    return setup


def by_link(state: str = "open", button: str = "") -> PageSetup:
    """Open someone's page, and press a button."""

    def setup(page: Page, app_server: AppServer) -> None:
        _, token = _consultation(app_server, state)
        page.goto(f"/link/{token}/consultation")
        if button:
            page.locator(f"button[value={button}]").click()

    return setup


def signed_in(wrong: str = "") -> PageSetup:
    """Open a member's page. `wrong`: a field that is changed, before its form is posted."""

    def setup(page: Page, app_server: AppServer) -> None:
        number, _ = _consultation(app_server, "open")
        page.goto(f"/me/consultations/{number}")
        if wrong:
            field = page.locator(f"input[name={wrong}]")
            field.evaluate("field => { field.value = '7'; }")
            page.locator("#choice-2-drop").check()
            with page.expect_navigation():
                field.locator("xpath=ancestor::form").locator("button").first.click()

    return setup


def incomplete(page: Page, app_server: AppServer) -> None:
    """Answers that lack a comment."""
    by_link()(page, app_server)
    page.locator("#choice-2-missing").check()
    with page.expect_navigation():
        page.locator("button[value=send]").click()


def unread(page: Page, app_server: AppServer) -> None:
    """A decision about a text that has changed meanwhile."""
    by_link()(page, app_server)
    page.locator("input[name=text]").evaluate("field => { field.value = 'another'; }")
    with page.expect_navigation():
        page.locator("button[value=approved]").click()


def pasted(page: Page, app_server: AppServer) -> None:
    at(f"{LIST}/{{number}}/people")(page, app_server)
    page.fill("#people", "Kim Example <kim@employer.example>\nnot an address")
    with page.expect_navigation():
        page.locator("button[value=preview]").click()


def group_without_place(page: Page, app_server: AppServer) -> None:
    at(f"{LIST}/{{number}}/people")(page, app_server)
    page.fill("#name", "Another group")
    page.select_option("#channel", "session")
    with page.expect_navigation():
        page.locator("form[action$=groups] button").click()


def without_people(page: Page, app_server: AppServer) -> None:
    """A group that decides, to which nobody is invited: it is removed with a reason."""
    number, _ = _consultation(app_server, "open")
    office = Office(
        app_server.config, [app_server.crowd.path], "committee@union.example", now()
    )  # fmt: skip
    with app_server.database.transaction() as session:
        groups.add_group(session, office, number, "Made by mistake", "decides", "page")
    page.goto(f"{LIST}/{number}/people")
    page.locator("details summary").first.click()


def undecided(page: Page, app_server: AppServer) -> None:
    """A response without a decision."""
    at(f"{LIST}/{{number}}", "closed")(page, app_server)
    page.locator("details summary").first.click()
    page.locator("details textarea").first.fill("We think about it.")
    with page.expect_navigation():
        page.locator("details form button").first.click()


def entered(page: Page, app_server: AppServer) -> None:
    _enter(page, app_server)
    page.locator("#choice-2-change").check()
    with page.expect_navigation():
        page.locator("main form button").last.click()


def _enter(page: Page, app_server: AppServer) -> None:
    at(f"{LIST}/{{number}}/people")(page, app_server)
    page.locator("a[href$=answers]").first.click()


def without_title(address: str) -> PageSetup:
    def setup(page: Page, app_server: AppServer) -> None:
        at(address)(page, app_server)
        for name in page.locator("main form [required]").all():
            name.evaluate("field => { field.value = ''; }")
        with page.expect_navigation():
            page.locator("main form button").first.click()

    return setup


COMMITTEE = "committee"
CONSULTATION_STATES = (
    PageState("consultations.by_link", by_link()),
    PageState("consultations.by_link", by_link("begun"), state="begun"),
    PageState("consultations.by_link", by_link("closed"), state="closed"),
    PageState("consultations.by_link", by_link("finished"), state="finished"),
    PageState("consultations.by_link", open_page("/link/none/consultation"), status=410),
    PageState("consultations.answer", incomplete, method="POST", status=422),
    PageState("consultations.approve", unread, method="POST", status=409),
    PageState("consultations.mine", signed_in(), "member"),
    PageState(
        "consultations.mine", open_page("/me/consultations/999"), "member", status=404
    ),
    PageState("consultations.answer_mine", signed_in("version"), "member", "POST", 409),
    PageState("consultations.approve_mine", signed_in("text"), "member", "POST", 409),
    PageState("committee_consultations.index", at(LIST), COMMITTEE),
    PageState("committee_consultations.new", open_page(f"{LIST}/new"), COMMITTEE),
    PageState("committee_consultations.new", open_page(NEW), COMMITTEE, state="chosen"),
    PageState("committee_consultations.create", submit_form(NEW), COMMITTEE, "POST"),
    PageState("committee_consultations.show", at(f"{LIST}/{{number}}"), COMMITTEE),
    PageState(
        "committee_consultations.show", at(f"{LIST}/{{number}}", "closed"), COMMITTEE,
        state="closed",
    ),
    PageState(
        "committee_consultations.show", at(f"{LIST}/{{number}}", "finished"), "auditor",
        state="finished",
    ),
    PageState("committee_consultations.respond", undecided, COMMITTEE, "POST"),
    PageState("committee_consultations.edit", at(f"{LIST}/{{number}}/edit"), COMMITTEE),
    PageState(
        "committee_consultations.edit", without_title(f"{LIST}/{{number}}/edit"), COMMITTEE, "POST"
    ),
    PageState(
        "committee_consultations.reopen", at(f"{LIST}/{{number}}/reopen", "closed"), COMMITTEE
    ),
    PageState(
        "committee_consultations.reopen", without_title(f"{LIST}/{{number}}/reopen"), COMMITTEE,
        "POST",
    ),
    PageState("committee_consultations.people", at(f"{LIST}/{{number}}/people"), COMMITTEE),
    PageState("committee_consultations.people", without_people, COMMITTEE, state="removing"),
    PageState("committee_consultations.invite", pasted, COMMITTEE, "POST"),
    PageState("committee_consultations.add_group", group_without_place, COMMITTEE, "POST"),
    PageState("committee_consultations.answers", _enter, COMMITTEE),
    PageState("committee_consultations.enter", entered, COMMITTEE, "POST"),
    PageState("committee_consultations.printed", at(f"{LIST}/{{number}}/print"), COMMITTEE),
)  # fmt: skip
CONSULTATION_REDIRECTS = {
    ("committee_consultations.act", "POST"),
    ("committee_consultations.remove_group", "POST"),
    ("committee_consultations.change_invitation", "POST"),
}
