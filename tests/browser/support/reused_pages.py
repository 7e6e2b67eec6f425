"""One page for many tests, because a new one is slower than most of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, StorageState

from tests.browser.support import chromium

SIZE = {"width": 1280, "height": 720}


class ReusedPages:
    """One page for each language. Its renderer and its cached style sheets stay."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser = browser
        self._base_url = base_url
        self._pages: dict[str, Page] = {}

    @contextmanager
    def page(self, language: str, state: StorageState) -> Iterator[Page]:
        """A page as if it were new, with these cookies. After a failure, the next one is new."""
        page = self._pages.pop(language, None) or self._new(language)
        try:
            _reset(page, state)
            yield page
        except BaseException:
            page.context.close()
            raise
        self._pages[language] = page

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _new(self, language: str) -> Page:
        locale = f"{language}-CA"
        context = chromium.visiting(self._browser, base_url=self._base_url, locale=locale)
        return context.new_page()


def _reset(page: Page, state: StorageState) -> None:
    page.unroute_all()
    page.context.clear_cookies()
    page.context.add_cookies(state["cookies"])  # type: ignore[arg-type]
    page.mouse.move(0, 0)
    page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
