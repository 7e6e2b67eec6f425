"""What people come to do, from beginning to end: by keyboard alone, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .keyboard import Keyboard
from .people import People, mailed, repeatedly, sign_in
from .quizzes import take
from .service import Service
from .test_accessibility import be_in_sandbox

SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


@SCRIPTS
def test_joining(visit: Visit, javascript: bool) -> None:
    """The form, the mail that confirms, and the mail that welcomes, with the first step."""
    page = visit(javascript)
    keys = Keyboard(page)
    email = f"jo.{javascript}@example.org".lower()
    page.goto("/join")
    keys.write("First name", "Jo")
    keys.write("Last name", "Example")
    keys.write("E-mail", email)
    keys.select(page.get_by_label("Region"), "south")
    keys.tick(page.get_by_role("checkbox"))
    keys.button("Sign me up")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(mailed(page, email, "/join/"))
    keys.button("Yes, sign me up")
    expect(page.get_by_role("heading", name="you are signed up")).to_be_visible()
    page.goto(mailed(page, email, "/path/"))
    expect(page.get_by_role("heading", name="New Member", level=1)).to_be_visible()


@SCRIPTS
def test_a_form_says_what_is_missing(visit: Visit, javascript: bool) -> None:
    page = visit(javascript)
    keys = Keyboard(page)
    page.goto("/join")
    keys.button("Sign me up")
    expect(page.get_by_role("alert")).to_be_visible()
    keys.follow(page.get_by_role("alert").get_by_role("link", name="E-mail"))
    expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Tab")


@SCRIPTS
def test_learning(visit: Visit, stewardpath: Service, javascript: bool) -> None:
    """Signing in by the link; a quiz in the sandbox; "check now"; the milestone is there."""
    page = visit(javascript)
    name = "Sasha Example" if javascript else "Toni Example"
    be_in_sandbox(page, stewardpath, name)
    sign_in(page, f"{name.split()[0].lower()}@example.org")
    reached = page.locator("ol.stepper > li", has_text="New Member").first
    page.goto("/me")
    while reached.get_by_text("Reached", exact=True).count() == 0:
        former = page.locator(".next .what").inner_text()
        _next_quiz(page, stewardpath)
        _check_now(page, javascript)
        expect(page.locator(".next .what")).not_to_have_text(former)
    expect(reached).to_contain_text("Badge earned")


def _next_quiz(page: Page, stewardpath: Service) -> None:
    """What the page proposes: its link leads to the course, and from there to the quiz."""
    keys = Keyboard(page)
    wanted = page.locator(".next .what").inner_text()
    keys.follow(page.locator(".next a.btn"))
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


def _check_now(page: Page, javascript: bool) -> None:
    keys = Keyboard(page)
    keys.button("Check now")
    checked = page.get_by_text("Checked: this is what Moodle has of you.")
    if javascript:
        expect(checked).to_be_visible(timeout=20_000)
        return

    def look() -> None:
        again = page.get_by_role("link", name="Look again")
        if again.is_visible():
            keys.follow(again)
            page.reload()
        expect(checked).to_be_visible(timeout=500)

    repeatedly(look)


def test_a_chair_sees_no_other_region(visit: Visit, people: People) -> None:
    """Not in the list, not by a search, and not by the address of one member."""
    chair = visit(storage_state=people.state("chair"))
    committee = visit(storage_state=people.state("committee"))
    chair.goto("/committee/members")
    committee.goto("/committee/members")
    for name, seen in (("Robin", True), ("Toni", False)):
        link = committee.get_by_role("main").get_by_role("link", name=name).first
        assert (chair.get_by_role("main").get_by_text(name).count() > 0) == seen
        answer = chair.goto(link.get_attribute("href") or "")
        assert answer is not None
        assert answer.status == (200 if seen else 404)
        chair.goto("/committee/members")
