"""What pages look like on paper."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer
from tests.browser.support.reused_pages import ReusedPages

PAGE = re.compile(rb"/Type\s*/Page\b")
SHEET = {"width": 718, "height": 1047}
"""What can be printed on A4, in CSS pixels; Letter is wider."""
CUT_OFF = """
[document.documentElement, ...document.querySelectorAll(".table-responsive, .plotted, .diff")]
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => `${each.tagName} ${each.className}: ${each.scrollWidth} > ${each.clientWidth}`)
"""
CLOSED = """
[...document.querySelectorAll("details > :not(summary)")]
  .filter(each => !each.checkVisibility({ contentVisibilityAuto: true }))
  .map(each => each.textContent.trim().slice(0, 80))
"""


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


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("committee", "/committee"),
        ("committee", "/committee/follow-up"),
        ("committee", "/committee/coverage"),
        ("committee", "/committee/who-is-where"),
        ("committee", "/committee/consultations"),
        ("committee", "/committee/team"),
        ("committee", "/committee/members/{member}"),
        ("auditor", "/committee/access"),
        ("member", "/me"),
        ("nobody", "/path/member-steward-path/new-member"),
    ],
)
def test_no_column_and_no_closed_part_is_left_out(
    reused_pages: ReusedPages, app_server: AppServer, role: str, address: str
) -> None:
    with reused_pages.page("en", app_server.state(role)) as page:
        page.goto(address.format(member=app_server.crowd.member))
        page.set_viewport_size(SHEET)  # type: ignore[arg-type]
        page.emulate_media(media="print")
        found = page.evaluate(CUT_OFF) + page.evaluate(CLOSED)
        page.emulate_media(media="null")
    assert not found, "\n".join(found)


def test_the_dashboard_as_a_pdf_has_every_column_and_the_closed_tables(
    reused_pages: ReusedPages, app_server: AppServer
) -> None:
    with reused_pages.page("en", app_server.state("committee")) as page:
        page.goto("/committee")
        sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    text = " ".join("".join(sheet.extract_text() for sheet in sheets).split())
    assert "Last completion" in text  # the last column of the members who need follow-up
    assert "Share of all members" in text  # in a table that is closed on the screen
