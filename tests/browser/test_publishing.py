"""A question on its way: mended in the editor, looked at, planned, applied, there to be taken."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.support.demo_users import LOOK_MS, SignedInDemoUsers, wait_until
from tests.browser.support.editing import CURRICULUM, line_of, rewrite
from tests.browser.support.keyboard import Keyboard
from tests.browser.support.service import Service

from .conftest import Visit

SHEET = f"{CURRICULUM}/active-member.yaml"


@pytest.mark.parametrize(
    ("javascript", "question", "begins"),
    [
        (True, "motion-result", "At a meeting with a quorum"),
        (False, "no-quorum", "It is half past seven"),
    ],
    ids=["scripts", "no-scripts"],
)
def test_a_question_reaches_its_learners(
    visit: Visit,
    people: SignedInDemoUsers,
    stewardpath: Service,
    javascript: bool,
    question: str,
    begins: str,
) -> None:
    page = visit(javascript, storage_state=people.state("committee"))
    keys = Keyboard(page)
    words = f"Asked anew. {begins}"
    page.goto(SHEET)
    line = line_of(page, f"question: {question}")
    rewrite(page, begins, words)
    rewrite(page, f"question: {question}", f"queston: {question}")
    if not javascript:
        keys.button("Save")
        expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator(f"#L{line}.error")).to_be_visible()
    expect(page.locator("#problems li.error").first).to_contain_text(f"Line {line}")
    rewrite(page, f"queston: {question}", f"question: {question}")
    _preview(page, words)
    keys.button("Save")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    keys.link("Preview changes")
    keys.button("Preview changes")
    _wait(page, javascript, page.get_by_role("heading", name="Changes in Moodle"))
    expect(page.locator(".changes")).to_contain_text(words)
    keys.button("Publish to Moodle")
    _wait(page, javascript, page.get_by_text("Published on"))
    _try_in_sandbox(page, stewardpath, words)


def _preview(page: Page, words: str) -> None:
    """In a tab of its own, before anything is saved."""
    with page.context.expect_page() as opened:
        Keyboard(page).button("Preview")
    expect(opened.value.get_by_role("group", name=re.compile(re.escape(words)))).to_be_visible()
    opened.value.close()


def _wait(page: Page, javascript: bool, wanted: Locator) -> None:
    """Until the jobs are done: the page shows it by itself, or when one looks again."""
    if javascript:
        expect(wanted).to_be_visible()
        return

    def look() -> None:
        again = page.get_by_role("link", name="Reload")
        if again.is_visible():
            Keyboard(page).follow(again)
        expect(wanted).to_be_visible(timeout=LOOK_MS)

    wait_until(look)


def _try_in_sandbox(page: Page, stewardpath: Service, words: str) -> None:
    keys = Keyboard(page)
    page.goto(f"{stewardpath.sandbox}/preview")
    keys.link("Active Member")
    keys.link("Check what you know about meetings")
    keys.link("Try the questions")
    expect(page.get_by_role("main")).to_contain_text(words)
