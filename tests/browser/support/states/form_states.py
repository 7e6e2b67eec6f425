"""The pages of forms: to fill in, with mistakes, saved elsewhere meanwhile, and sent."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page

from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.store.persons import personal_links, records
from bridge.store.persons.records import PersonRecord
from bridge.web.common.visitor import COOKIE
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.sample_data import FILLED_IN
from tests.browser.support.states.page_setup import open_page, submit_form
from tests.browser.support.states.page_state import PageState

NAME = "member-steward-path/lead-a-workshop"
FORM = f"/forms/{NAME}"
FOR_EVERYONE = "member-steward-path/tell-us"
GUEST = PersonRecord("Kim Guest", "kim@guest.example")
SAVED = {
    **FILLED_IN,
    "outline": ["1", f"{'an-outline-with-a-long-name-' * 4}.pdf"],
    "no-longer-asked": ["An answer to a question that was removed"],
}


def _save_draft(app_server: AppServer, answers: dict[str, list[str]]) -> None:
    """The member has this draft and no other."""
    place = FormPlace(Owner(app_server.crowd.member), (NAME,))
    with app_server.database.transaction() as session:
        drafts.discard(session, place)
        if answers:
            drafts.save(session, place, answers, 0, now())


def empty(page: Page, app_server: AppServer) -> None:
    _save_draft(app_server, {})
    page.goto(FORM)


def with_draft(page: Page, app_server: AppServer) -> None:
    _save_draft(app_server, SAVED)
    page.goto(FORM)


def drafts_listed(page: Page, app_server: AppServer) -> None:
    _save_draft(app_server, SAVED)
    place = FormPlace(Owner(app_server.crowd.member), ("member-steward-path/deleted",))
    with app_server.database.transaction() as session:
        drafts.discard(session, place)
        drafts.save(session, place, FILLED_IN, 0, now())
    page.goto("/forms")


def with_mistakes(page: Page, app_server: AppServer) -> None:
    """Sent with every required field empty."""
    _save_draft(app_server, {})
    submit_form(FORM)(page, app_server)


def saved_elsewhere(page: Page, app_server: AppServer) -> None:
    empty(page, app_server)
    _save_draft(app_server, SAVED)
    with page.expect_navigation():
        page.locator("main form button[name=draft]").click()


def signed_out(page: Page, app_server: AppServer) -> None:
    """The login has ended while the member typed."""
    empty(page, app_server)
    page.locator("#field-topic").fill("A topic with a long name")
    page.context.clear_cookies(name=COOKIE)
    with page.expect_navigation():
        page.locator("main form button[name=draft]").click()


def by_link(page: Page, app_server: AppServer) -> None:
    """A guest opens their link; nothing is sent yet."""
    token = "a-link-of-a-guest"
    with app_server.database.transaction() as session:
        guest = records.find_or_add(session, GUEST, now()).id
        place = FormPlace(Owner(person_id=guest), (FOR_EVERYONE,))
        if sent := submissions.current(session, place):
            submissions.withdraw(session, sent.id, place.owner, now())
        month = timedelta(days=30)
        personal_links.issue(session, token, "form", guest, FOR_EVERYONE, now(), month)
    page.goto(f"/link/{token}/form")


def sent_by_link(page: Page, app_server: AppServer) -> None:
    by_link(page, app_server)
    page.locator("#field-need").fill("Time to learn")
    with page.expect_navigation():
        page.locator("main form button[name=send]").click()


def expired_link(page: Page, app_server: AppServer) -> None:
    by_link(page, app_server)
    page.locator("#field-need").fill("Typed while the link expired")
    with app_server.database.transaction() as session:
        personal_links.prune(session, now() + timedelta(days=31))
    with page.expect_navigation():
        page.locator("main form button[name=draft]").click()


FORM_STATES = (
    PageState("forms.index", drafts_listed, "member"),
    PageState("forms.fill_in", empty, "member"),
    PageState("forms.fill_in", with_draft, "member", state="draft"),
    PageState("forms.fill_in", open_page("/forms/member-steward-path/no"), "member", status=404),
    PageState("forms.save", with_mistakes, "member", "POST"),
    PageState("forms.save", saved_elsewhere, "member", "POST", 409),
    PageState("forms.save", signed_out, "member", "POST", 401),
    PageState("forms.ask_for_link", open_page(f"/forms/{FOR_EVERYONE}/link")),
    PageState("forms.ask_for_link", submit_form(f"/forms/{FOR_EVERYONE}/link"), method="POST"),
    PageState("forms.link_sent", open_page(f"/forms/{FOR_EVERYONE}/link/sent")),
    PageState("forms.by_link", by_link),
    PageState("forms.by_link", sent_by_link, state="sent"),
    PageState("forms.by_link", open_page("/link/unknown/form"), status=410),
    PageState("forms.save_by_link", expired_link, method="POST", status=410),
    PageState("forms.sent", open_page("/forms/sent/1"), "member", state="withdrawn"),
    PageState("forms.sent", open_page("/forms/sent/2"), "member"),
    PageState("sent_forms.index", open_page("/committee/forms"), "committee"),
    PageState(
        "sent_forms.index",
        open_page("/committee/forms?withdrawn=1"),
        "auditor",
        state="withdrawn",
    ),
    PageState("sent_forms.submission", open_page("/committee/forms/1"), "auditor"),
    PageState("sent_forms.submission", open_page("/committee/forms/2"), "committee", state="sent"),
)
