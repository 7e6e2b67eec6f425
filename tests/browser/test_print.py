"""The page about the union prints on one sheet."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer

PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_welcome_is_one_sheet(
    browser: Browser, app_server: AppServer, language: str, paper: str
) -> None:
    """Also when a region is chosen and its contacts are shown."""
    context = chromium.visiting(browser, base_url=app_server.url, locale=f"{language}-CA")
    page = context.new_page()
    page.goto("/path/member-steward-path/new-member")
    page.locator("#region").select_option("north")
    page.locator("form.choose button").click()
    page.goto("/welcome")
    assert page.locator(".people dt").count() > 1
    sheets = PAGE.findall(page.pdf(format=paper, prefer_css_page_size=False))
    context.close()
    assert len(sheets) == 1
