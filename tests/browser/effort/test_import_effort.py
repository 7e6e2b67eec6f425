"""How many clicks and keystrokes it takes to import a file of 10,000 members, and to undo it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select

from bridge.store.database import Database
from bridge.store.tables.members import Member
from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer, start_app_server
from tests.browser.support.effort import Effort
from tests.browser.support.large_union import MEMBERS, large

IMPORT, UNDO = 5, 12
"""In docs/benchmarks.md too."""
NEW, CHANGED = 500, 300


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
    page.set_default_timeout(300_000)
    page.goto("/committee")
    yield Effort(page)
    context.close()


def file_of_members(folder: Path) -> Path:
    """All members: 300 of them in another region; and 500 new ones."""
    lines = ["number,email,first_name,last_name,region"]
    for n in range(1, MEMBERS + NEW + 1):
        region = "south" if n % 3 else "north"
        if n <= CHANGED:
            region = "north" if n % 3 else "south"
        lines.append(f"M{n:07},m{n}@union.example,Kim,Name{n},{region}")
    path = folder / "members.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def count(database: Database, *conditions: object) -> int:
    with database.reading() as session:
        query = select(func.count()).select_from(Member).where(*conditions)  # type: ignore[arg-type]
        return session.scalar(query) or 0


def test_a_file_is_imported_and_undone(union: AppServer, effort: Effort, tmp_path: Path) -> None:
    north = Member.region == "north"
    before = count(union.database, north)
    effort.follow('a[href="/committee/members"]')
    effort.follow('a[href="/committee/members/import"]')
    effort.page.locator("#file").set_input_files(file_of_members(tmp_path))
    effort.clicks += 1  # on the field; the choice in the system's window isn't ours
    effort.follow("main form button")
    shown = effort.page.locator("main").inner_text()
    assert "500 new, 300 changed" in shown
    assert f"{MEMBERS - CHANGED} unchanged".replace(",", "") in shown.replace(",", "")
    assert count(union.database) == MEMBERS
    effort.follow('main form[action$="/record"] button')
    assert effort.total == IMPORT
    assert count(union.database) == MEMBERS + NEW
    assert count(union.database, north) != before
    begun = effort.total
    effort.write("#reason", "Wrong file")
    effort.follow('main form[action$="/undo"] button')
    assert effort.total - begun == UNDO
    assert "800 rows were undone." in effort.page.locator("main").inner_text()
    assert (count(union.database), count(union.database, north)) == (MEMBERS, before)
