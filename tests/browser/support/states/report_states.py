"""The pages of reports and reminders in every state."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.support.app_server import AppServer
from tests.browser.support.states.page_setup import open_page, submit_form
from tests.browser.support.states.page_state import PageState

FOLLOW_UP = "/committee/follow-up"


def everyone_to_remind(page: Page, _app_server: AppServer) -> None:
    page.goto(FOLLOW_UP)
    with page.expect_navigation():
        page.locator("#remind button[value=all]").click()


REPORT_STATES = (
    PageState("reports.coverage", open_page("/committee/coverage"), "committee"),
    PageState("reports.coverage", open_page("/committee/coverage"), "chair", state="chair"),
    PageState(
        "reports.coverage", open_page("/committee/coverage?region=empty"), "auditor", state="empty"
    ),
    PageState("reports.who_is_where", open_page("/committee/who-is-where"), "committee"),
    PageState(
        "reports.who_is_where",
        open_page("/committee/who-is-where?region=empty"),
        "auditor",
        state="empty",
    ),
    PageState("dashboard.follow_up", open_page(FOLLOW_UP), "committee", state="to remind"),
    PageState("dashboard.preview_reminders", everyone_to_remind, "committee", "POST"),
    PageState(
        "dashboard.preview_reminders",
        submit_form(FOLLOW_UP, "#remind"),
        "committee",
        "POST",
        status=422,
    ),
)
REPORT_REDIRECTS = {("dashboard.send_reminders", "POST")}
