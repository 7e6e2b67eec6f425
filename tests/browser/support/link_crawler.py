"""Follows a site's links and opens each kind of page once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

from tests.browser.support.chromium import TIMEOUT_MS

Kind = Callable[[str], str | None]
"""The kind of page behind an address; None if it must not be opened."""
LINKS = "Array.from(document.querySelectorAll('a[href]'), link => link.href)"


def walk(page: Page, start: Iterable[str], kind: Kind, known: set[str]) -> Iterator[str]:
    """Open the pages at `start` and every kind of page they link to. Yields each open address.

    `known`: the kinds that were seen, here or before; they are not opened again, and it grows.
    AssertionError for a link that leads nowhere.
    """
    waiting = list(start)
    home = urlsplit(waiting[0]).netloc
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        what = kind(address) if urlsplit(address).netloc == home else None
        if what is None or what in known:
            continue
        known.add(what)
        if _opens(page, address):
            waiting += [urljoin(address, link) for link in page.evaluate(LINKS)]
            yield address


def _opens(page: Page, address: str) -> bool:
    """Open the address. False if it is only requested: a file, or it leads to another site."""
    answer = page.request.get(address, timeout=TIMEOUT_MS, max_redirects=0)
    if 300 <= answer.status < 400:
        target = urljoin(address, answer.headers["location"])
        if urlsplit(target).netloc != urlsplit(address).netloc:
            return False
        answer = page.request.get(address, timeout=TIMEOUT_MS)
    assert answer.ok, f"{address} is linked and answers {answer.status}"
    if "text/html" not in answer.headers.get("content-type", ""):
        return False
    page.goto(address)
    return True
