"""Giving and ending roles of many members, in every state."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from playwright.sync_api import Page
from sqlalchemy import select

from bridge.membership.roles import HeldRole
from bridge.store.learning import awards
from bridge.store.learning.awards import AwardRecord
from bridge.store.members import roles
from bridge.store.tables.members import Member
from bridge.workflows.role_lists.recording import record_roles
from bridge.workflows.role_lists.request import RoleRequest
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.states.page_setup import PageSetup
from tests.browser.support.states.page_state import PageState
from tests.browser.support.states.signoff_states import NOT_FOUND

ROLES = "/committee/roles"


def filled(step: str = "preview", action: str = "give", people: str = "") -> PageSetup:
    """Fill in the form, and press a button."""

    def setup(page: Page, app_server: AppServer) -> None:
        page.goto(ROLES)
        page.select_option("#action", action)
        page.fill("#role", "Trustee")
        page.fill("#people", people)
        with page.expect_navigation():
            page.locator(f'main button[value="{step}"]:not([tabindex])').first.click()

    return setup


def recorded(
    action: str = "give",
    then: Callable[[Page], object] = lambda _page: None,
    *,
    earned: bool = False,
) -> PageSetup:
    """The page of a list that was just recorded. `earned`: an award depends on it."""

    def setup(page: Page, app_server: AppServer) -> None:
        role = f"delegate-{token_hex(3)}"
        with app_server.database.transaction() as session:
            numbers = ("4005", "4006", "4007")
            people = session.scalars(select(Member.id).where(Member.number.in_(numbers))).all()
            if action == "end":
                for each in people:
                    roles.give_role(session, each, HeldRole(role), "test", now())
            days = {"since": now().date()} if action == "give" else {"until": now().date()}
            request = RoleRequest(action, HeldRole(role, "north", **days))  # type: ignore[arg-type]
            if action == "end":
                request = RoleRequest("end", HeldRole(role, until=now().date()))
            done = record_roles(session, (), request, people, token_hex(8), "test", now())
            if earned:
                step, proof = f"step-{token_hex(4)}", {"role": [role]}
                path = app_server.crowd.path.key
                awards.grant(session, [AwardRecord(people[0], path, step, "r", proof, now())])
        page.goto(f"{ROLES}/lists/{done.batch_id}")
        then(page)

    return setup


def sent(page: Page) -> None:
    """Send the last form of the page as it is."""
    with page.expect_navigation():
        page.locator("main form:last-of-type button").first.click()


PEOPLE = f"4001\n4002, 4002\n{NOT_FOUND}"
MEMBER_LIST_STATES = (
    PageState("role_lists.form", lambda page, _server: page.goto(ROLES), "committee"),
    PageState("role_lists.form", filled(people=PEOPLE), "committee", "POST"),
    PageState("role_lists.form", filled("list"), "committee", "POST", state="list"),
    PageState("role_lists.form", filled(action="end"), "committee", "POST", state="errors"),
    PageState("role_lists.recorded", recorded(), "committee"),
    PageState("role_lists.recorded", recorded("end"), "committee", state="ended"),
    PageState("role_lists.recorded", recorded(earned=True), "committee", state="earned"),
    PageState("role_lists.undo", recorded(earned=True, then=sent), "committee", "POST"),
)
