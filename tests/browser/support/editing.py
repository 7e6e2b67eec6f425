"""Writing in the committee's editor as somebody at the keyboard does."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.support.keyboard import Keyboard

CURRICULUM = "/committee/curricula/member-steward-path"


def line_of(page: Page, words: str) -> int:
    """The number of the first line that has these words."""
    text = page.locator("#text").input_value()
    return text[: text.index(words)].count("\n") + 1


def rewrite(page: Page, old: str, new: str) -> None:
    """The first place that says `old`: selected, and typed over key by key."""
    start = page.locator("#text").input_value().index(old)
    _select(page, start, start + len(old))
    page.keyboard.type(new)


def write_after(page: Page, old: str, new: str) -> None:
    """Behind the first place that says `old`, key by key."""
    end = page.locator("#text").input_value().index(old) + len(old)
    _select(page, end, end)
    page.keyboard.type(new)


def _select(page: Page, start: int, end: int) -> None:
    area = page.locator("#text")
    Keyboard(page).to(area)
    area.evaluate("(area, [a, b]) => area.setSelectionRange(a, b)", [start, end])
