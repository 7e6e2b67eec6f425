"""One service and one browser for all tests here; a visitor of their own for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.support import chromium, service
from tests.browser.support.app_server import AppServer, start_app_server
from tests.browser.support.demo_users import People
from tests.browser.support.service import Service

Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Skips where there is no Chromium; in CI there has to be one."""
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
    """The pages alone, in whatever state a test wants them."""
    with start_app_server(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="package")
def people(browser: Browser, stewardpath: Service) -> People:
    """Who signs in: each once, as links are few."""
    return People(browser, stewardpath)


@pytest.fixture
def visit(browser: Browser, stewardpath: Service) -> Iterator[Visit]:
    """Opens a page for a new visitor: `visit(javascript=False, state=…)`."""
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
