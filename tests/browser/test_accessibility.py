"""WCAG 2.2 AA on every page: in both languages, by day and night, at 320 px and 1280 px."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from bridge.config import Config
from bridge.store.database import open_database
from bridge.web import Metrics, create_app

from .conftest import Visit
from .looking import EVERYTHING, LARGE, PAIRED, SMALL, troubles
from .people import ROLES, People
from .service import Service
from .walking import Kind, walk

LANGUAGES = ("en", "fr")
HOMES = {
    "nobody": "/",
    "member": "/me",
    "chair": "/committee",
    "auditor": "/committee",
    "committee": "/committee",
}
UNLINKED = {
    "nobody": (
        *("/signin/sent", "/signin/none", "/join/sent", "/join/done", "/join/none"),
        *("/contact/thanks", "/demo/mail", "/no-such-page"),
    ),
    "member": ("/me/data/address", "/me/data/address/none", "/committee"),
}
"""Pages that no link leads to, by role; the last ones answer that they are not there."""
LEFT_OUT = ("static", "bootstrap.static", "language.choose", "signin.done")
"""What is no page, and what would change the visitor."""
MACHINES = ("api", "health.", "hooks.", "theme.")
FILES = ("curricula.state",)
"""What is fetched, not opened: beside the lists as CSV."""
ABSENT = ("curricula.version", "deliveries.table")
"""What a fresh demo has none of: earlier versions, and deliveries that need a person."""
BY_DAY = ((LARGE, "light", EVERYTHING), (SMALL, "light", EVERYTHING))
"""The sandbox has no night."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The routes of the service, to tell what kind of page an address is."""
    folder = tmp_path_factory.mktemp("routes")
    database = open_database(f"sqlite:///{folder}/stewardpath.db")
    config = Config(home=Path(folder))
    yield create_app(config, database, [], now=lambda: datetime.now(UTC), metrics=Metrics())
    database.close()


def endpoints(app: Flask) -> Kind:
    """A page's kind is its endpoint."""
    routes = app.url_map.bind("127.0.0.1")

    def kind(address: str) -> str | None:
        try:
            found, _ = routes.match(urlsplit(address).path)
        except HTTPException:
            return None
        return None if found in LEFT_OUT else str(found)

    return kind


def _pages(app: Flask) -> set[str]:
    """What has to be looked at: everything that somebody can open and that is for people."""
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {each for each in opened if not each.startswith(MACHINES)} - {*LEFT_OUT, *FILES, *ABSENT}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages(
    app: Flask, visit: Visit, people: People, stewardpath: Service, language: str
) -> None:
    kind = endpoints(app)
    known: set[str] = set()
    found: list[str] = []
    for role in ("nobody", *ROLES):
        page = visit(storage_state=people.state(role), locale=f"{language}-CA")
        start = f"{stewardpath.url}{HOMES[role]}"
        known.discard(kind(start) or "")
        for _ in walk(page, [start], kind, known):
            found += troubles(page, PAIRED[language])
        for address in UNLINKED.get(role, ()):
            page.goto(address)
            known.add(kind(page.url) or "")
            found += troubles(page, PAIRED[language])
    assert not found, "\n".join(found)
    assert not _pages(app) - known, "no role's links lead there: add it to UNLINKED"


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


def sandbox_kind(address: str) -> str | None:
    parts = urlsplit(address)
    leads_away = parts.path == "/mod/url/view.php" or "lang=" in parts.query
    return None if leads_away else parts.path


def be_in_sandbox(page: Page, stewardpath: Service, name: str) -> None:
    page.goto(f"{stewardpath.sandbox}/login/index.php")
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="Sign out").wait_for()
