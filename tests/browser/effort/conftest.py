"""A union with 10,000 members, and a committee member at the dashboard whose clicks are counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer, start_app_server
from tests.browser.support.effort import Effort
from tests.browser.support.large_union import large


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    with start_app_server(tmp_path_factory.mktemp("large"), large) as server:
        yield server


@pytest.fixture
def effort(browser: Browser, union: AppServer) -> Iterator[Effort]:
    context = chromium.visiting(
        browser, base_url=union.url, storage_state=union.state("committee")
    )  # fmt: skip
    page = context.new_page()
    page.goto("/committee")
    yield Effort(page)
    context.close()
