"""A newcomer needs one email and one sign-in, whichever device the email is read on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.support.demo_users import emailed_link, wait_for_email

from .conftest import Visit

SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


class Clicks:
    """Clicks, and counts the clicks."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, wanted: Locator) -> None:
        self.count += 1
        wanted.click()


@SCRIPTS
def test_the_link_takes_four_clicks(visit: Visit, javascript: bool) -> None:
    page, click = visit(javascript), Clicks()
    email = f"link.{javascript}@example.org".lower()
    fill_in(page, email, click)
    link = emailed_link(page, email, "/signup/")
    click.count += 1  # on the link in the email
    page.goto(link)
    click(page.get_by_role("button", name="Confirm and sign in"))
    arrived(page, email)
    assert click.count == 4


@SCRIPTS
def test_the_code_from_another_device_takes_three_clicks(visit: Visit, javascript: bool) -> None:
    computer, phone, click = visit(javascript), visit(javascript), Clicks()
    email = f"code.{javascript}@example.org".lower()
    fill_in(computer, email, click)
    mail = phone.locator(".card", has_text=email).first
    wait_for_email(phone, mail)
    [code] = re.findall(r"^\d{6}$", mail.inner_text(), re.MULTILINE)
    computer.get_by_label("Code from the email").fill("000001" if code == "000000" else "000000")
    computer.get_by_role("button", name="Confirm and sign in").click()
    expect(computer.get_by_role("alert")).to_contain_text("Tries left: 2.")
    computer.get_by_label("Code from the email").fill(code)
    click(computer.get_by_role("button", name="Confirm and sign in"))
    arrived(computer, email)
    assert click.count == 3


def fill_in(page: Page, email: str, click: Clicks) -> None:
    page.goto("/signup")
    page.get_by_label("First name").fill("Jo")
    page.get_by_label("Email", exact=True).fill(email)
    click(page.get_by_role("checkbox"))
    click(page.get_by_role("main").get_by_role("button", name="Sign up"))
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()


def arrived(page: Page, email: str) -> None:
    """Signed in, with something to read first; no other email was needed to sign in."""
    expect(page.get_by_role("heading", name="My learning")).to_be_visible()
    page.get_by_role("link", name="Start reading").first.click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page).to_have_url(re.compile("/path/member-steward-path/new-member/"))
    page.goto("/demo/mail")
    mine = page.locator(".card", has_text=email)
    expect(mine.first).to_be_visible()
    expect(mine.locator('a[href*="/signin/"]')).to_have_count(0)
