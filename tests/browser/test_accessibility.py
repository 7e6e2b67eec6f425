"""WCAG 2.2 AA on every page: in both languages, in light and dark mode, at 320 px and 1280 px."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.support.accessibility import EVERYTHING, LARGE, PAIRED, SMALL, troubles
from tests.browser.support.app_server import AppServer
from tests.browser.support.french_marks import breakable_marks
from tests.browser.support.link_crawler import walk
from tests.browser.support.reused_pages import ReusedPages
from tests.browser.support.service import Service
from tests.browser.support.states.internal_words import internal_words
from tests.browser.support.states.page_state import PageState
from tests.browser.support.states.page_states import FILES, PAGE_STATES, REDIRECTS, WITHOUT_PAGES

from .conftest import Visit

LANGUAGES = ("en", "fr")
EXPLAINED = "main .introduction, main .error, .rehearsal"
"""A page that says what it is for, or what went wrong."""
BY_DAY = ((LARGE, "light", EVERYTHING), (SMALL, "light", EVERYTHING))
"""The sandbox has no dark mode."""


def test_every_route_is_a_sight_or_none(app_server: AppServer) -> None:
    """Every page has an entry in page_states."""
    seen = {(sight.endpoint, sight.method) for sight in PAGE_STATES}
    routes = {
        (rule.endpoint, method)
        for rule in app_server.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.partition(".")[0] not in WITHOUT_PAGES
    }
    assert seen.isdisjoint(REDIRECTS | FILES)
    assert seen | REDIRECTS | FILES == routes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sight", PAGE_STATES, ids=lambda sight: sight.name)
def test_sights(
    reused_pages: ReusedPages, app_server: AppServer, sight: PageState, language: str
) -> None:
    with reused_pages.page(language, app_server.state(sight.role)) as page:
        sight.way(page, app_server)
        assert app_server.answers[-1] == (sight.endpoint, sight.method, sight.status)
        assert page.locator("html").get_attribute("lang") == language
        places = page.locator("header nav a").all_inner_texts()
        assert len(set(places)) == len(places), "two places of one name"
        found = [*internal_words(page, sight.endpoint), *no_introduction(page)]
        found += [*troubles(page, PAIRED[language]), *breakable_marks(page)]
    assert not found, "\n".join(found)


def no_introduction(page: Page) -> Iterator[str]:
    """What a page of the committee lacks that doesn't say what it is for."""
    here = urlsplit(page.url).path
    if f"{here}/".startswith("/committee/") and not page.locator(EXPLAINED).count():
        yield f"{here}: say what this page is for, with `ui.introduction` below the heading."


def test_every_landing_page(visit: Visit) -> None:
    """Their words are the committee's: tables, lists and pictures of any shape."""
    page = visit()
    page.goto("/")
    selector = "main a[href*='/path/']"
    links = page.locator(selector).evaluate_all("all => [...new Set(all.map(a => a.href))]")
    assert len(links) >= 6
    found: list[str] = []
    for link in links:
        page.goto(link)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found += troubles(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("role", "language"), [("nobody", "en"), ("member", "fr")])
def test_sandbox(visit: Visit, stewardpath: Service, role: str, language: str) -> None:
    page = visit()
    if role == "member":
        be_in_sandbox(page, stewardpath, "Robin Example")
    page.goto(f"{stewardpath.sandbox}/?lang={language}")
    start = [f"{stewardpath.sandbox}{place}" for place in ("/", "/preview")]
    found: list[str] = []
    for _ in walk(page, start, sandbox_kind, set()):
        found += troubles(page, BY_DAY)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", ["nobody", "member"])
def test_a_quiz_in_the_sandbox(visit: Visit, stewardpath: Service, role: str) -> None:
    """Its questions and its result, tried without an account and taken with one."""
    page = visit()
    if role == "member":
        be_in_sandbox(page, stewardpath, "Robin Example")
    page.goto(f"{stewardpath.sandbox}/{'preview' if role == 'nobody' else ''}")
    main = page.get_by_role("main")
    main.get_by_role("link", name="New Member").first.click()
    main.get_by_role("link", name="Check what you know about your union").click()
    begin = re.compile("Start|Try")
    main.get_by_role("button", name=begin).or_(main.get_by_role("link", name=begin)).click()
    found = [*troubles(page, BY_DAY)]
    main.get_by_role("button", name="Submit all and finish").click()
    main.get_by_role("heading", name="Result").wait_for()
    found += troubles(page, BY_DAY)
    assert not found, "\n".join(found)


def sandbox_kind(address: str) -> str | None:
    parts = urlsplit(address)
    leads_away = parts.path == "/mod/url/view.php" or "lang=" in parts.query
    return None if leads_away else parts.path


def be_in_sandbox(page: Page, stewardpath: Service, name: str) -> None:
    page.goto(f"{stewardpath.sandbox}/login/index.php")
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="Sign out").wait_for()
