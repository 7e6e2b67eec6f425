"""Debian's Chromium, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MS = 60_000
"""Timeout of every action on a page. Nothing takes that long, even on a busy machine."""
expect.set_options(timeout=TIMEOUT_MS)


def executable() -> str | None:
    """The browser's path: the variable CHROMIUM, or the one on PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser, closed at the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS])
        try:
            yield browser
        finally:
            browser.close()


def visiting(browser: Browser, **wishes: object) -> BrowserContext:
    """A new browser context: no cookies, no animations."""
    context = browser.new_context(**{"reduced_motion": "reduce", "locale": "en-CA", **wishes})
    context.set_default_timeout(TIMEOUT_MS)
    return context
