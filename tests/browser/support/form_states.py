"""The pages of forms: to fill in, with mistakes, saved elsewhere meanwhile, and sent."""

from __future__ import annotations

from playwright.sync_api import Page

from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.page_setup import open_page, submit_form
from tests.browser.support.page_state import PageState
from tests.browser.support.sample_data import FILLED_IN

NAME = "member-steward-path/lead-a-workshop"
FORM = f"/forms/{NAME}"
SAVED = {
    **FILLED_IN,
    "outline": ["1", f"{'an-outline-with-a-long-name-' * 4}.pdf"],
    "no-longer-asked": ["An answer to a question that was removed"],
}


def _save_draft(app_server: AppServer, answers: dict[str, list[str]]) -> None:
    """The member has this draft and no other."""
    place = FormPlace(Owner(app_server.crowd.member), (NAME,))
    with app_server.database.transaction() as session:
        drafts.discard(session, place, now())
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
        drafts.discard(session, place, now())
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


FORM_STATES = (
    PageState("forms.index", drafts_listed, "member"),
    PageState("forms.fill_in", empty, "member"),
    PageState("forms.fill_in", with_draft, "member", state="draft"),
    PageState("forms.fill_in", open_page("/forms/member-steward-path/no"), "member", status=404),
    PageState("forms.save", with_mistakes, "member", "POST"),
    PageState("forms.save", saved_elsewhere, "member", "POST", 409),
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
