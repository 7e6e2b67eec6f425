"""What every list page must have, also a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from bridge.access.rights import RIGHTS
from bridge.config import Config
from bridge.store.database import open_database
from bridge.web.common.services import EXTENSION_KEY
from bridge.web.lists.filters import read_filters
from bridge.web.lists.list_page import ListPage
from tests.bench.support.large_union import fill
from tests.bench.support.large_union import region as region_of
from tests.web.lists.declared_lists import declared_lists
from tests.web.sample_site import NOON, PATH, Clock
from tests.web.signed_in_users import SignedInUsers

ROOT = Path(__file__).parents[3]
LISTS = declared_lists()
OWN_ROWS = {"saved.index"}
"""Lists for chairs that have no members, only what belongs to the visitor."""


def page_name(page: ListPage[Any]) -> str:
    return page.endpoint


def own_tests() -> Iterator[Path]:
    """Test files of single pages: those in a folder."""
    return (path for path in (ROOT / "tests/web").glob("*/**/test_*.py") if path != Path(__file__))


@pytest.mark.parametrize("page", LISTS, ids=page_name)
def test_a_list_page_is_served(app: Flask, page: ListPage[Any]) -> None:
    assert page.endpoint in app.view_functions, (
        f"Nothing serves {page.endpoint}: call add_list_routes in a blueprint, and add its module "
        "to PAGES in bridge/web/app.py."
    )


@pytest.mark.parametrize("page", LISTS, ids=page_name)
def test_a_list_page_has_its_own_test(page: ListPage[Any]) -> None:
    address = re.compile(rf'"{re.escape(page.address)}["?]')
    assert any(address.search(path.read_text(encoding="utf-8")) for path in own_tests()), (
        f'No test opens "{page.address}". Add a test file in tests/web that shows what a row looks '
        "like, which rows each filter and a chair get, and the CSV."
    )


@pytest.mark.parametrize("page", LISTS, ids=page_name)
def test_every_macro_of_a_column_exists(app: Flask, page: ListPage[Any]) -> None:
    with app.test_request_context():
        shared, own = (
            set(app.jinja_env.get_template(name).module.__dict__) if name else set()
            for name in ("web/lists/cells.html", page.parts)
        )
    for column in page.columns:
        if column.macro:
            known = shared if column.value else own
            place = "web/lists/cells.html" if column.value else page.parts or "`parts`, not set"
            assert column.macro in known, f"{page.endpoint}: no macro {column.macro} in {place}"


@pytest.mark.parametrize("page", LISTS, ids=page_name)
def test_a_list_page_can_be_reached(page: ListPage[Any]) -> None:
    templates = (ROOT / "templates/web").rglob("*.html")
    link = re.compile(rf"""["']{re.escape(page.endpoint)}["']""")
    assert page.in_menu or any(
        link.search(each.read_text(encoding="utf-8")) for each in templates
    ), f"Nothing links to {page.endpoint}: set in_menu=True, or link to it from another page."


class Recorder(dict[str, object]):
    """Values of filters, and the names of those that were asked for."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> object:
        self.asked.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("page", LISTS, ids=page_name)
def test_the_query_asks_for_every_filter(users: SignedInUsers, page: ListPage[Any]) -> None:
    with users.app.test_request_context(page.address), users.database.reading() as session:
        filters = read_filters(users.app.extensions[EXTENSION_KEY], page.fields)
        values = Recorder(filters.values)
        list(page.read(session, replace(filters, values=values), 1, 0))
    ignored = {each.name for each in page.fields} - values.asked
    assert not ignored, f"{page.endpoint}: the form has filters that `read` ignores"


@pytest.mark.parametrize("page", LISTS, ids=page_name)
def test_the_query_keeps_to_the_page_and_the_regions(
    users: SignedInUsers, page: ListPage[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also without rows: the SQL has the limit, the last ID and the regions as parameters."""
    sent: set[object] = set()

    def note(_connection: object, _cursor: object, _sql: str, values: Any, *_rest: object) -> None:
        sent.update(values.values() if isinstance(values, Mapping) else values)

    limit, after, region = 7654321, 8765432, "nowhere"
    with users.app.test_request_context(page.address), users.database.reading() as session:
        filters = read_filters(users.app.extensions[EXTENSION_KEY], page.fields)
        monkeypatch.setattr(
            "bridge.web.lists.filters.visible_regions", lambda: frozenset((region,))
        )
        event.listen(users.database._engine, "before_cursor_execute", note)
        page.read(session, filters, limit, after)
        event.remove(users.database._engine, "before_cursor_execute", note)
    wanted: dict[str, object] = {"limit": limit, "after": after}
    if "chair" in RIGHTS[page.access].cells and page.endpoint not in OWN_ROWS:
        wanted["regions"] = region
    forgotten = [name for name, value in wanted.items() if value not in sent]
    assert not forgotten, f"{page.endpoint}: the query of `read` ignores {forgotten}"


def test_a_chair_sees_no_member_of_another_region(config: Config, tmp_path: Path) -> None:
    with closing(open_database(f"sqlite:///{tmp_path}/union.db")) as database:
        database.migrate()
        fill(database, PATH, 200, NOON)
        browser = SignedInUsers(config, database, Clock()).client("chair")
        seen = set()
        for page in (each for each in LISTS if "chair" in RIGHTS[each.access].cells):
            export = browser.post if page.is_search else browser.get
            answers = [browser.get(page.address)]
            answers += [export(page.csv_address)] if page.export else []
            for answer in answers:
                assert answer.status_code == 200, page.endpoint
                found = re.findall(r"\bm(\d+)@union|\bM(\d{7})\b", answer.text)
                regions = {region_of(int(email or number)) for email, number in found}
                assert regions <= {"north"}, page.endpoint
                seen |= {page.endpoint} if regions else set()
    assert len(seen) >= 4, "the store has members of the north in most lists"
