"""One service and one browser for all tests here. A test that acts gets a new browser context."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.support import chromium, service
from tests.browser.support.app_server import AppServer, start_app_server
from tests.browser.support.demo_users import SignedInDemoUsers
from tests.browser.support.reused_pages import ReusedPages
from tests.browser.support.service import Service

Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Skips the tests without Chromium, but fails in CI."""
    if chromium.executable() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: .ci/run installs it (apt-get install chromium)")
        pytest.skip("not run: Chromium is not installed (apt-get install chromium)")
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def stewardpath(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service.serving(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="package")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The web application alone, with sample data."""
    with start_app_server(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="package")
def reused_pages(browser: Browser, app_server: AppServer) -> Iterator[ReusedPages]:
    """Pages of the web application alone, for tests that only look at one."""
    pages = ReusedPages(browser, app_server.url)
    yield pages
    pages.close()


@pytest.fixture(scope="package")
def people(browser: Browser, stewardpath: Service) -> SignedInDemoUsers:
    """Signed-in users. Each signs in once, because links are rate limited."""
    return SignedInDemoUsers(browser, stewardpath)


@pytest.fixture
def visit(browser: Browser, stewardpath: Service) -> Iterator[Visit]:
    """Opens a page in a new browser context: `visit(javascript=False, storage_state=…)`."""
    opened: list[BrowserContext] = []

    def open_page(javascript: bool = True, **wishes: object) -> Page:
        context = chromium.visiting(
            browser, base_url=stewardpath.url, java_script_enabled=javascript, **wishes
        )
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
