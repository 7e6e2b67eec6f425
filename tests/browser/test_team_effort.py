"""How many clicks and keystrokes it takes to invite someone to the team, and to end a role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bridge.store.auth import team
from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer
from tests.browser.support.effort import Effort

NAME, EMAIL = "Kim Diaz", "kim.diaz@union.example"
INVITED, ENDED = 37, 3
"""In docs/benchmarks.md too."""


@pytest.fixture
def effort(browser: Browser, app_server: AppServer) -> Iterator[Effort]:
    context = chromium.visiting(
        browser, base_url=app_server.url, storage_state=app_server.state("committee")
    )  # fmt: skip
    page = context.new_page()
    page.goto("/committee")
    yield Effort(page)
    context.close()


def roles(app_server: AppServer) -> list[str]:
    with app_server.database.reading() as session:
        return [each.role for each in team.all_roles(session) if each.email == EMAIL]


def test_inviting_and_ending(app_server: AppServer, effort: Effort) -> None:
    effort.open_section("Administration", "Team")
    effort.follow('a[href="/committee/team/invite"]')
    effort.write("#name", NAME)
    effort.write("#email", EMAIL)
    effort.click('input[name="roles"][value="auditor"]')
    effort.follow("main form button.btn-primary")
    assert roles(app_server) == ["auditor"]
    assert effort.total == INVITED

    effort.clicks = effort.keys = 0
    effort.follow('a[href="/committee/team"]')
    effort.follow(f'tr:has-text("{EMAIL}") a.btn-outline-danger')
    effort.follow("main form button.btn-danger")
    assert roles(app_server) == []
    assert effort.total == ENDED
