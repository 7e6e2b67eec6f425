"""The committee's editor: what is wrong is said at its line, and what is right is saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .keyboard import Keyboard
from .people import People

SHEET = "/committee/curricula/member-steward-path/interested-member.yaml"
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


@SCRIPTS
def test_an_error_is_shown_at_its_line_and_mended(
    visit: Visit, people: People, javascript: bool
) -> None:
    page = visit(javascript, storage_state=people.state("committee"))
    keys = Keyboard(page)
    word = "Scripted" if javascript else "Plain"
    page.goto(SHEET)
    line = _line_of(page, "type: ")
    _rewrite(page, "type: ", "typo: ")
    if not javascript:
        keys.button("Check")
    problem = page.locator("#problems li.error").get_by_role("link", name=f"Line {line}").first
    expect(problem).to_be_visible()
    expect(page.locator(f"#L{line}")).to_have_class("error")
    keys.button("Save")
    expect(page.get_by_role("alert")).to_contain_text("Not saved")
    _rewrite(page, "typo: ", "type: ")
    _rewrite(page, "title: ", f"title: {word} ")
    keys.button("Save")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    page.goto("/path/member-steward-path/interested-member")
    expect(page.get_by_role("heading", level=1)).to_contain_text(word)


def _line_of(page: Page, words: str) -> int:
    text = page.locator("#text").input_value()
    return text[: text.index(words)].count("\n") + 1


def _rewrite(page: Page, old: str, new: str) -> None:
    """The first place that says `old`, by selecting it as the keyboard does and typing over it."""
    area = page.locator("#text")
    Keyboard(page).to(area)
    start = area.input_value().index(old)
    area.evaluate("(area, [a, b]) => area.setSelectionRange(a, b)", [start, start + len(old)])
    page.keyboard.insert_text(new)
