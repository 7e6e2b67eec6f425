"""The pages of the team in every state."""

from __future__ import annotations

from playwright.sync_api import Page
from sqlalchemy import delete

from bridge.access.roles import Role
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.tables.auth import TeamRole
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.states.page_setup import PageSetup, open_page, submit_form
from tests.browser.support.states.page_state import PageState


def given(app_server: AppServer, role: Role, *, accepted: bool, invited: bool = True) -> int:
    """Store a role; return its ID."""
    at = now()
    row = TeamRoleRow(
        0, f"{role}.{accepted}@union.example", "Kim Guest", role, "", "lee@union.example", [], at,
        "", at if invited else None, at if accepted else None,
    )  # fmt: skip
    with app_server.database.transaction() as session:
        session.execute(delete(TeamRole).where(TeamRole.email == row.email))
        number = team.give(session, row)
    assert number is not None
    return number


def with_team(below: str = "") -> PageSetup:
    """The list with roles in all states, or a page of one of them."""

    def way(page: Page, app_server: AppServer) -> None:
        given(app_server, "auditor", accepted=True)
        given(app_server, "payroll", accepted=False, invited=False)
        number = given(app_server, "committee", accepted=False)
        page.goto(f"/committee/team/{number}{below}" if below else "/committee/team")

    return way


def role_to_confirm(page: Page, app_server: AppServer) -> None:
    given(app_server, "payroll", accepted=False, invited=False)
    page.goto("/access/confirm")


def nothing_to_confirm(page: Page, app_server: AppServer) -> None:
    with app_server.database.transaction() as session:
        session.execute(delete(TeamRole))
    page.goto("/access/confirm")


TEAM_STATES = (
    PageState("team.index", with_team(), "committee"),
    PageState("team.index", open_page("/committee/team"), "auditor", state="read only"),
    PageState("team.invite", open_page("/committee/team/invite"), "committee"),
    PageState(
        "team.invite", submit_form("/committee/team/invite"), "committee", "POST", state="errors"
    ),
    PageState("team.ask", with_team("/remove"), "committee"),
    PageState("team.to_confirm", nothing_to_confirm, "payroll", state="empty"),
    PageState("team.to_confirm", role_to_confirm, "payroll"),
)
TEAM_REDIRECTS = {
    ("team.invite_again", "POST"),
    ("team.remove", "POST"),
    ("team.confirm", "POST"),
}
