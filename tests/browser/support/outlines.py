"""Finds what has keyboard focus without a visible outline, and fields without a visible border."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def faint_outlines(page: Page) -> Iterator[str]:
    """What has no contrast of 3 to its background (WCAG 2.2: 1.4.11, 2.4.7), and why.

    Every element that Tab reaches gets focus once. `page`: open, in the view to look at.
    """
    page.keyboard.press("Tab")  # Browsers show no outline before a key was pressed.
    yield from page.evaluate(SCRIPT)
