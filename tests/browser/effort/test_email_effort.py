"""How many clicks and keystrokes it takes to email a region of a union with 10,000 members."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select

from bridge.store.tables.member_emails import MemberEmailRecipient
from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer, start_app_server
from tests.browser.support.effort import Effort
from tests.browser.support.large_union import MEMBERS, large

EMAIL = 9
"""In docs/benchmarks.md too."""
NORTH = MEMBERS // 3
TEXT = "Dear members,\n\nthree **new courses** begin in October."


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


def recipients(union: AppServer) -> int:
    with union.database.reading() as session:
        return session.scalar(select(func.count()).select_from(MemberEmailRecipient)) or 0


def test_a_region_gets_an_email(union: AppServer, effort: Effort) -> None:
    effort.follow('a[href="/committee/members"]')
    effort.choose("#region", 1)
    effort.follow("main form.chooser button")
    effort.follow('main form[action$="/emails/new"] button')
    effort.paste("#subject_en", "New courses")
    effort.paste("#text_en", TEXT)
    effort.follow('main button[value="preview"]')
    assert f"{NORTH:,} members get it" in effort.page.inner_text("main")
    assert recipients(union) == 0
    effort.follow('main form[action$="/send"] button')
    assert effort.total == EMAIL
    assert f"0 of {NORTH:,} done" in effort.page.inner_text("main")
    assert recipients(union) == NORTH
