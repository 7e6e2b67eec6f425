"""Every link works, starting at each role's first page. Each kind of page is opened once."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.exceptions import HTTPException

from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer
from tests.browser.support.keyboard import Keyboard
from tests.browser.support.link_crawler import walk

HOMES = {
    "nobody": "/",
    "member": "/me",
    "chair": "/committee",
    "auditor": "/committee",
    "committee": "/committee",
}
LEFT_OUT = ("static", "bootstrap.static", "language.choose", "signin.done")
"""Routes without a page, and routes that would change the visitor."""


@pytest.mark.parametrize("role", HOMES)
def test_every_link_leads_somewhere(browser: Browser, app_server: AppServer, role: str) -> None:
    routes = app_server.app.url_map.bind("127.0.0.1")

    def kind(address: str) -> str | None:
        try:
            found, _ = routes.match(urlsplit(address).path)
        except HTTPException:
            return address
        return None if found in LEFT_OUT else str(found)

    context = chromium.visiting(
        browser, base_url=app_server.url, storage_state=app_server.state(role)
    )
    page = context.new_page()
    for _ in walk(page, [f"{app_server.url}{HOMES[role]}"], kind, set()):
        assert page.get_by_role("heading", level=1).count() == 1, page.url
    context.close()


def test_the_first_stop_skips_to_the_content(browser: Browser, app_server: AppServer) -> None:
    context = chromium.visiting(browser, base_url=app_server.url)
    page = context.new_page()
    page.goto("/signup")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("First name")).to_be_focused()
    Keyboard(page).link("Sign in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()
