"""The pages about the people and the materials of a session."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.support.app_server import AppServer
from tests.browser.support.states.page_state import PageState
from tests.browser.support.states.session_states import SCHEDULE, at

PEOPLE = f"{SCHEDULE}/{{number}}/people"
MATERIALS = f"{SCHEDULE}/{{number}}/materials"


def unknown_people(page: Page, app_server: AppServer) -> None:
    at(PEOPLE, "plain")(page, app_server)
    page.locator("textarea").fill("1000000\nnobody@members.example")
    with page.expect_navigation():
        page.locator("main form button[value=register]").click()


def changed_meanwhile(page: Page, app_server: AppServer) -> None:
    """Materials that were typed on a page from before another change."""
    at(MATERIALS, "plain")(page, app_server)
    page.locator("textarea").fill("Read *the agreement* and the news.")
    page.locator("input[name=version]").evaluate("field => { field.value = '0'; }")
    with page.expect_navigation():
        page.locator("main form button").first.click()


SESSION_PEOPLE_STATES = (
    PageState("committee_sessions.people", at(PEOPLE, "plain"), "committee"),
    PageState("committee_sessions.people", unknown_people, "committee", "POST"),
    PageState("committee_sessions.materials", at(MATERIALS, "plain"), "committee"),
    PageState("committee_sessions.materials", changed_meanwhile, "committee", "POST"),
    PageState(
        "committee_sessions.history",
        at(f"{SCHEDULE}/{{number}}/history", "mine", registered=True),
        "committee",
    ),
)
