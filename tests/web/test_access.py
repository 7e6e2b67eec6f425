"""The access matrix: every route for every kind of user. A route without a row fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bridge.access.decisions import is_public
from bridge.store.database import open_database
from bridge.web.common.access import right_of
from bridge.web.common.services import EXTENSION_KEY
from bridge.web.open_routes import OPEN_ROUTES
from tests.web.access_rows import HERE, ROWS, Row, list_rows
from tests.web.lists.declared_lists import declared_lists
from tests.web.sample_site import Clock
from tests.web.shared_app import SharedUsers, reusable
from tests.web.signed_in_users import EVERYBODY, PER_OBJECT, SPECIALISTS, SignedInUsers, Who

from .conftest import config_at


@pytest.fixture(scope="module")
def reused(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[SharedUsers]:
    home = tmp_path_factory.mktemp("access")
    store = home / "stewardpath.db"
    shutil.copy(sqlite_template, store)
    with closing(open_database(f"sqlite:///{store}")) as database:
        yield reusable(SignedInUsers(config_at(home), database, Clock()), store)


@pytest.fixture
def users(reused: SharedUsers) -> SignedInUsers:
    """All users, in the application shared by these tests, with a fresh store."""
    return reused.restore()


def routes(app: Flask) -> set[tuple[str, str]]:
    """Endpoint and method of every route but old addresses (see test_moved_pages)."""
    plain = {"HEAD", "OPTIONS"}
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - plain
        if not rule.endpoint.startswith("moved_pages.")
    }


def test_every_route_is_in_the_access_matrix(users: SignedInUsers) -> None:
    rows, found = {(row.endpoint, row.method) for row in ROWS}, routes(users.app)
    assert not found - rows, (
        f"Add a Row to ROWS in {HERE} for each of these routes, with its address and the status "
        f"for each kind of user: {sorted(found - rows)}"
    )
    lists = {(row.endpoint, row.method) for page in declared_lists() for row in list_rows(page)}
    assert not rows - found - lists, f"Delete from ROWS in {HERE}: {sorted(rows - found - lists)}"
    assert not rows - found, "See test_a_list_page_is_served in tests/web/lists/test_list_pages.py."


def test_every_route_declares_a_right(users: SignedInUsers) -> None:
    missing = sorted(each for each in users.app.view_functions if not right_of(users.app, each))
    assert not missing, (
        "Nobody can open these routes. Mark each function with @open_to and a right of "
        f"bridge/access/rights.py, or add it to bridge/web/open_routes.py: {missing}"
    )
    unknown = sorted(set(OPEN_ROUTES) - set(users.app.view_functions) - {"demo.mailbox"})
    assert not unknown, f"Delete from bridge/web/open_routes.py: {unknown}"


FEW_PAGES = (*SPECIALISTS, *PER_OBJECT)
"""They open little and change nothing, so one store is enough for all rows."""


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each not in FEW_PAGES])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.address}")
def test_access_is_as_in_the_matrix(users: SignedInUsers, row: Row, who: Who) -> None:
    check(users, row, who)


@pytest.mark.parametrize("who", FEW_PAGES)
def test_access_of_those_with_few_pages_is_as_in_the_matrix(users: SignedInUsers, who: Who) -> None:
    for row in ROWS:
        users.app.extensions[EXTENSION_KEY].limiter.reset()
        check(users, row, who)


def check(users: SignedInUsers, row: Row, who: Who) -> None:
    address = users.address(row.address)
    sent: dict[str, Any] = {"data": row.data} if row.data is not None else {}
    with users.client(who).open(address, method=row.method, **sent) as answer:
        assert answer.status_code == expected_status(users.app, row, who), (
            f"{who}, {row.method} {address}: {answer.status_code}. Correct the decorator of the "
            f"page (@open_to), its right in bridge/access/rights.py, or the Row in ROWS in {HERE}."
        )
    matched = users.app.url_map.bind("localhost").match(
        address.partition("?")[0], method=row.method
    )
    assert matched[0] == row.endpoint


def expected_status(app: Flask, row: Row, who: Who) -> int:
    """As in the row. Who must sign in after typing gets a page with what they typed (401)."""
    right, status = right_of(app, row.endpoint), row.expected[who]
    must_sign_in = status == 303 and who in ("nobody", "bad_token")
    typed = row.method == "POST" and any((row.data or {}).values())
    return 401 if must_sign_in and typed and right and not is_public(right) else status


@pytest.mark.parametrize("row", [row for row in ROWS if row.method != "GET"],
                         ids=lambda row: f"{row.method} {row.address}")  # fmt: skip
def test_forms_without_csrf_token_are_refused(users: SignedInUsers, row: Row) -> None:
    if row.endpoint.startswith(("hooks.", "api.")) or row.endpoint == "unsubscribe.stop":
        return
    users.app.config["WTF_CSRF_ENABLED"] = True
    address = users.address(row.address)
    answer = users.client("committee").open(address, method=row.method, data=row.data)
    assert answer.status_code == 400
