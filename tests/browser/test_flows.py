"""The main tasks from start to finish: by keyboard only, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.app_server import AppServer
from tests.browser.support.demo_users import (
    LOOK_MS,
    SignedInDemoUsers,
    emailed_link,
    sign_in,
    wait_until,
)
from tests.browser.support.keyboard import Keyboard
from tests.browser.support.quizzes import take
from tests.browser.support.reused_pages import ReusedPages
from tests.browser.support.service import Service
from tests.browser.support.states.consultation_states import by_link

from .conftest import Visit
from .test_accessibility import be_in_sandbox

SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


@SCRIPTS
def test_signing_up_and_erasing_everything(visit: Visit, javascript: bool) -> None:
    """The form, the confirmation and welcome emails, the data download and the erasure."""
    page = visit(javascript)
    keys = Keyboard(page)
    email = f"jo.{javascript}@example.org".lower()
    sign_up(page, email)
    page.goto(emailed_link(page, email, "/path/"))
    expect(page.get_by_role("heading", name="New Member", level=1)).to_be_visible()
    page.goto("/me/data")
    with page.expect_download() as download:
        keys.link("Download my data")
    assert email in download.value.path().read_text(encoding="utf-8")
    keys.link("Edit my details")
    keys.write("Last name", "Newname")
    keys.button("Save")
    expect(page.get_by_role("main")).to_contain_text("Jo Newname")
    keys.link("Delete my data")
    keys.button("Delete my data")
    expect(page.get_by_role("alert")).to_be_focused()
    keys.tick(page.get_by_role("checkbox"))
    keys.button("Delete my data")
    expect(page.get_by_role("status").first).to_contain_text("deleted")
    page.goto("/me")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_up(page: Page, email: str) -> None:
    """Sign up with the form and the link in the email. Missing fields are reported."""
    keys = Keyboard(page)
    page.goto("/signup")
    keys.write("First name", "Jo")
    keys.write("Last name", "Example")
    keys.select(page.get_by_label("Region"), "south")
    keys.tick(page.get_by_role("checkbox"))
    keys.button("Sign up")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    keys.follow(summary.get_by_role("link", name="Email"))
    field = page.get_by_label("Email", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    page.keyboard.type(email)
    keys.button("Sign up")
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.goto(emailed_link(page, email, "/signup/"))
    keys.button("Confirm and sign in")
    expect(page.get_by_role("heading", name="My learning")).to_be_visible()


@SCRIPTS
def test_asking_for_a_steward(visit: Visit, javascript: bool) -> None:
    """On a milestone's page: missing fields are reported, the region's chair gets an email."""
    page = visit(javascript)
    keys = Keyboard(page)
    page.goto("/path/member-steward-path/new-member")
    keys.select(page.get_by_label("Region"), "north")
    keys.button("Show")
    expect(page.get_by_role("complementary")).to_contain_text("Training Chair North")
    keys.link("Ask a steward to contact me")
    expect(page.get_by_label("Region")).to_have_value("north")
    keys.button("Send")
    expect(page.get_by_role("alert")).to_be_focused()
    words = f"Whom do I ask about overtime? {javascript}"
    for label, text in (
        ("Your name", "Kim"),
        ("Email", "kim@example.org"),
        ("What's it about", words),
    ):
        keys.write(label, text)
    keys.button("Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    def look() -> None:
        page.goto("/demo/mail")
        told = page.locator(".card", has_text="chair.north@example.org")
        expect(told.filter(has_text=words)).to_be_visible(timeout=LOOK_MS)

    wait_until(look)


@SCRIPTS
def test_a_practice_quiz_shows_explanations(visit: Visit, javascript: bool) -> None:
    page = visit(javascript)
    keys = Keyboard(page)
    page.goto("/path/member-steward-path/new-member")
    keys.link("Check what you know about your union")
    keys.tick(page.get_by_role("radio").first)
    keys.button("Check my answers")
    expect(page.get_by_role("status")).to_contain_text("correct")
    expect(page.locator(".teaching").first).to_be_visible()


@SCRIPTS
def test_earning_a_milestone(visit: Visit, stewardpath: Service, javascript: bool) -> None:
    """Sign in with the link, take a quiz in the sandbox, refresh, see the milestone."""
    page = visit(javascript)
    name = "Sasha Example" if javascript else "Toni Example"
    be_in_sandbox(page, stewardpath, name)
    sign_in(page, f"{name.split()[0].lower()}@example.org")
    reached = page.locator("ol.stepper > li", has_text="New Member").first
    page.goto("/me")
    while reached.get_by_text("Reached", exact=True).count() == 0:
        former = page.locator(".next .what").inner_text()
        _next_quiz(page, stewardpath)
        _refresh(page, javascript)
        expect(page.locator(".next .what")).not_to_have_text(former)
    expect(reached).to_contain_text("Badge earned")


def _next_quiz(page: Page, stewardpath: Service) -> None:
    """Follow the suggested next step to the quiz and take it."""
    keys = Keyboard(page)
    wanted = page.locator(".next .what").inner_text()
    keys.follow(page.locator(".next a.known"))
    page.wait_for_url(f"{stewardpath.sandbox}/**")
    if "/course/" in page.url:
        title = next(
            each
            for each in page.locator(".activities a").all_inner_texts()
            if each.lower() in wanted.lower()
        )
        keys.link(title)
    take(page, stewardpath.sandbox_state)
    expect(page.get_by_text("passed", exact=True)).to_be_visible()
    page.goto(f"{stewardpath.url}/me")


def _refresh(page: Page, javascript: bool) -> None:
    keys = Keyboard(page)
    keys.button("Refresh")
    checked = page.get_by_text("Your results are up to date.")
    if javascript:
        expect(checked).to_be_visible()
        return

    def look() -> None:
        again = page.get_by_role("link", name="Reload")
        if again.is_visible():
            keys.follow(again)
        expect(checked).to_be_visible(timeout=LOOK_MS)

    wait_until(look)


@SCRIPTS
def test_a_chair_sees_no_other_region(
    visit: Visit, people: SignedInDemoUsers, javascript: bool
) -> None:
    """Not in the list, not by search, and not by a member's address."""
    chair = visit(javascript, storage_state=people.state("chair"))
    committee = visit(javascript, storage_state=people.state("committee"))
    keys = Keyboard(chair)
    committee.goto("/committee/members")
    for name, seen in (("Robin", True), ("Toni", False)):
        chair.goto("/committee/members")
        keys.write("Number, name or email", name)
        keys.button("Search")
        found = chair.get_by_role("main").get_by_role("link", name=name)
        expect(found).to_have_count(1 if seen else 0)
        link = committee.get_by_role("main").get_by_role("link", name=name).first
        answer = chair.goto(link.get_attribute("href") or "")
        assert answer is not None
        assert answer.status == (200 if seen else 404)


def test_an_answer_that_is_not_complete_goes_on_being_saved(
    reused_pages: ReusedPages, app_server: AppServer
) -> None:
    with reused_pages.page("en", app_server.state("nobody")) as page:
        by_link()(page, app_server)
        status = page.locator("form[data-draft] [role=status]")
        page.locator("#choice-2-missing").check()
        expect(status).to_have_text("Say what you would change, or what is missing.")
        page.fill("#comment-2", "An example.")
        expect(status).to_have_text("Saved.")
