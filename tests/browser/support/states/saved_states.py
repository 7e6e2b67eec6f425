"""The pages of saved filters and reports by email, in every state."""

from __future__ import annotations

from playwright.sync_api import Page
from sqlalchemy import delete

from bridge.store.saved_filters import filters
from bridge.store.tables.saved_filters import SavedFilter, SavedFilterRecipient
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.states.page_setup import PageSetup, open_page
from tests.browser.support.states.page_state import PageState
from tests.web.signed_in_users import ADDRESSES

SAVED = "/committee/saved"


def report(app_server: AppServer, *, stopped: bool = False, nobody: bool = False) -> int:
    """Two filters, of which one is a report that is emailed; return its ID."""
    owner, people = ADDRESSES["committee"], [ADDRESSES["auditor"], "gone@union.example"]
    with app_server.database.transaction() as session:
        session.execute(delete(SavedFilterRecipient))
        session.execute(delete(SavedFilter))
        chosen = {"region": "north", "since": "2026-01-31"}
        filters.add(session, "members.index", "Members in the north", {}, owner, True, now())
        row = filters.add(session, "reports.who_is_where", "Since January", chosen, owner, False,
                          now())  # fmt: skip
        row.every, row.day, row.sent_at = "weekly", 1, now()
        filters.set_recipients(session, row.id, people[1:] if nobody else people, owner, now())
        for each in filters.recipients(session, [row.id])[row.id]:
            each.left_out = "role" if each.email == people[1] else ""
        if stopped:
            filters.stop(row, "nobody", now())
        return row.id


def with_report(below: str, *, stopped: bool = False, nobody: bool = False) -> PageSetup:
    """A page of the report."""

    def way(page: Page, app_server: AppServer) -> None:
        number = report(app_server, stopped=stopped, nobody=nobody)
        page.goto(f"{SAVED}/{number}{below}")

    return way


def listed(page: Page, app_server: AppServer) -> None:
    report(app_server)
    page.goto(SAVED)


def in_a_menu(page: Page, app_server: AppServer) -> None:
    """A list with saved filters, and the form that saves another."""
    report(app_server)
    page.goto("/committee/who-is-where?region=north")
    page.locator(".saved summary").click()


def without_a_name(page: Page, _app_server: AppServer) -> None:
    page.goto("/committee/who-is-where?region=north")
    page.locator(".saved summary").click()
    page.locator("#saved-name").evaluate("field => field.removeAttribute('required')")
    with page.expect_navigation():
        page.locator(".saved form button").click()


def nameless(page: Page, app_server: AppServer) -> None:
    with_report("")(page, app_server)
    page.locator("#name").fill("")
    with page.expect_navigation():
        page.locator("main form button:has-text('Save'), main form button.btn-primary").last.click()


SAVED_STATES = (
    PageState("saved.index", listed, "committee", state="filled"),
    PageState("saved.index", open_page(SAVED), "chair", state="empty"),
    PageState("reports.who_is_where", in_a_menu, "committee", state="saved filters"),
    PageState("saved.save", without_a_name, "committee", "POST"),
    PageState("saved.edit", with_report(""), "committee"),
    PageState("saved.edit", with_report("", stopped=True), "committee", state="stopped"),
    PageState("saved.edit", nameless, "committee", "POST"),
    PageState("saved.delete", with_report("/delete"), "committee"),
    PageState("saved.preview", with_report("/send"), "committee"),
    PageState("saved.preview", with_report("/send", nobody=True), "committee", state="nobody"),
)
SAVED_REDIRECTS = {
    ("saved.open_filter", "GET"),
    ("saved.act", "POST"),
    ("saved.delete", "POST"),
    ("saved.send", "POST"),
}
