"""The committee's pages on a phone: the menu, the language, and tables as cards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer

WIDTH = 360
ONE_LINE = 45
"""The height of a button, at most, in pixels."""


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(
    request: pytest.FixtureRequest, browser: Browser, app_server: AppServer
) -> Iterator[Page]:
    context = chromium.visiting(
        browser, base_url=app_server.url, storage_state=app_server.state("committee"),
        viewport={"width": WIDTH, "height": 740}, java_script_enabled=request.param,
    )  # fmt: skip
    yield context.new_page()
    context.close()


def test_the_menu_opens_closes_and_leads_on(phone: Page) -> None:
    phone.goto("/committee")
    link = phone.locator('header nav .nav-item a[href="/committee/members"]')
    assert not link.is_visible()
    button = phone.get_by_role("button", name="Menu")
    button.focus()
    phone.keyboard.press("Enter")
    link.wait_for(state="visible")
    phone.keyboard.press("Escape")
    link.wait_for(state="hidden")
    button.click()
    phone.get_by_role("button", name="Close").click()
    link.wait_for(state="hidden")
    button.click()
    with phone.expect_navigation():
        link.click()
    assert phone.url.endswith("/committee/members")


def test_the_words_next_to_a_long_name_stay_whole(browser: Browser, app_server: AppServer) -> None:
    context = chromium.visiting(
        browser, base_url=app_server.url, storage_state=app_server.state("member"),
        viewport={"width": WIDTH, "height": 740},
    )  # fmt: skip
    page = context.new_page()
    page.goto("/me")
    buttons = page.locator("header .visitor").get_by_role("button")
    heights = [each.bounding_box()["height"] for each in buttons.all()]  # type: ignore[index]
    scrolls = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert len(heights) == 2
    assert max(heights) < ONE_LINE
    assert scrolls <= WIDTH


def test_the_language_is_at_the_top(phone: Page) -> None:
    phone.goto("/committee/members")
    switch = phone.locator("header [data-language]")
    box = switch.bounding_box()
    assert box is not None
    assert box["y"] < 120
    with phone.expect_navigation():
        switch.click()
    assert phone.locator("html[lang=fr]").count() == 1


def test_each_row_is_a_card_with_its_action_in_reach(phone: Page) -> None:
    phone.goto("/committee/contact-requests")
    row = phone.locator(".cards tbody tr").first
    assert phone.locator(".cards thead").bounding_box()["width"] <= 1  # type: ignore[index]
    for cell in row.locator("td, th").all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= WIDTH
    assert row.get_by_role("button").first.is_visible()
    assert row.get_by_role("cell").count() > 1


def test_on_a_wide_screen_the_menu_is_there(browser: Browser, app_server: AppServer) -> None:
    context = chromium.visiting(
        browser, base_url=app_server.url, storage_state=app_server.state("committee")
    )
    page = context.new_page()
    page.goto("/committee/contact-requests")
    assert page.locator('header nav .nav-item a[href="/committee/members"]').is_visible()
    assert not page.get_by_role("button", name="Menu").is_visible()
    assert page.locator(".cards thead th").first.is_visible()
    context.close()
