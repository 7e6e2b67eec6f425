"""Checks a page with axe, and for content that doesn't fit a small screen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.support.outlines import faint_outlines

THOROUGH = bool(os.environ.get("THOROUGH"))
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
EVERYTHING: dict[str, object] = {
    "runOnly": {"type": "tag", "values": [*WCAG]},
    "rules": {"landmark-unique": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS: dict[str, object] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""Rules that dark mode can break. The others are checked in light mode only."""
SMALL, LARGE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
View = tuple[dict[str, int], str, dict[str, object]]
EVERY = tuple(
    (size, scheme, EVERYTHING if scheme == "light" else COLOURS)
    for size in (SMALL, LARGE)
    for scheme in ("light", "dark")
)
PAIRED: dict[str, Sequence[View]] = {
    "en": EVERY if THOROUGH else (EVERY[2], EVERY[1]),
    "fr": EVERY if THOROUGH else (EVERY[3], EVERY[0]),
}
"""By language. Looked at in both, a page is seen with every pair of language, light and size; with
THOROUGH in the environment, in every combination."""
RUN = "async options => (await axe.run(options)).violations"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def troubles(page: Page, views: Sequence[View] = PAIRED["en"]) -> Iterator[str]:
    """Problems of the open page in each view, including sideways scrolling.

    Outlines and borders are looked at in the first view only: their colours are those of a theme.
    """
    for place, (size, scheme, options) in enumerate(views):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        where = f"{page.url} ({scheme}, {size['width']} px)"
        yield from (f"{where}: {found}" for found in _violations(page, options))
        if place == 0:
            yield from (f"{where}: {found}" for found in faint_outlines(page))
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    wide = page.evaluate(TOO_WIDE)
    if wide > 0:
        yield f"{page.url}: scrolls sideways by {wide} px at 320 px"


def _violations(page: Page, options: dict[str, object]) -> Iterator[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for violation in page.evaluate(RUN, options):
        for node in violation["nodes"][:3]:
            why = " ".join(node["failureSummary"].split())
            yield f"{violation['id']}: {' '.join(map(str, node['target']))}: {why}"
