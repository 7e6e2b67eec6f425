"""How many clicks and keystrokes it takes to invite someone to the team, and to end a role."""

from __future__ import annotations

from bridge.store.auth import team
from tests.browser.support.app_server import AppServer
from tests.browser.support.effort import Effort

NAME, EMAIL = "Kim Diaz", "kim.diaz@union.example"
INVITED, ENDED = 37, 3
"""In docs/benchmarks.md too."""


def roles(union: AppServer) -> list[str]:
    with union.database.reading() as session:
        return [each.role for each in team.all_roles(session) if each.email == EMAIL]


def test_inviting_and_ending(union: AppServer, effort: Effort) -> None:
    effort.open_section("Administration", "Team")
    effort.follow('a[href="/committee/team/invite"]')
    effort.write("#name", NAME)
    effort.write("#email", EMAIL)
    effort.click('input[name="roles"][value="auditor"]')
    effort.follow("main form button.btn-primary")
    assert roles(union) == ["auditor"]
    assert effort.total == INVITED

    effort.clicks = effort.keys = 0
    effort.follow('a[href="/committee/team"]')
    effort.follow(f'tr:has-text("{EMAIL}") a.btn-outline-danger')
    effort.follow("main form button.btn-danger")
    assert roles(union) == []
    assert effort.total == ENDED
