"""What a page asks of the database does not grow: every route, beside few members and many.

The rows are those of access_rows, which has one for every route; a new route is counted too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bridge.store.auth.api_tokens import SCOPES
from bridge.store.database import open_database
from bridge.web.webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from tests.bench.support.large_union import fill
from tests.support.query_lists import added, listed
from tests.web.api.client import TOKEN, allow
from tests.web.query_counter import counted
from tests.web.sample_site import NOON, PATH, Clock
from tests.web.shared_app import SharedUsers, reusable
from tests.web.signed_in_users import EVERYBODY, MEMBER, SignedInUsers, Who
from tests.web.test_access import expected_status

from .access_rows import ROWS, Row
from .conftest import SECRET, config_at

HERE = "tests/web/test_query_counts.py"
FEW, MANY = 12, 1_000
"""So few that no list fills a page, and enough that each list has a line in each region."""
PERSON = {"number": "N1", "email": "n1@union.example", "first_name": "A", "last_name": "B"}
BODIES = {
    "api.members": {"members": [PERSON]},
    "api.lookup": {"number": MEMBER.number},
    "hooks.members": {"members": [PERSON]},
}
"""What programs send; a route for programs without its body here is refused, and fails."""
OPENERS: tuple[Who, ...] = ("committee", "member", "nobody")
ASKING = frozenset({
    "health.metrics", "health.readyz", "health.jobsz",
    "sessions.index", "sessions.month", "sessions.feed",
})  # fmt: skip
"""Open to everybody, and read from the store each time: for programs, or because seats change."""


@pytest.fixture(scope="module")
def unions(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Stores with few members and with many, and everything that has come of them."""
    folder = tmp_path_factory.mktemp("unions")
    files = {members: folder / str(members) / "store.db" for members in (FEW, MANY)}
    for members, file in files.items():
        file.parent.mkdir()
        with closing(open_database(f"sqlite:///{file}")) as database:
            database.migrate()
            fill(database, PATH, members, NOON)
    return files


@pytest.fixture(scope="module")
def applications(unions: dict[int, Path]) -> Iterator[list[SharedUsers]]:
    """All users, in an application for each union."""
    with ExitStack() as stack:
        shared = []
        for file in unions.values():
            database = stack.enter_context(closing(open_database(f"sqlite:///{file}")))
            clock = Clock()
            allow(database, clock(), *SCOPES)
            shared.append(reusable(SignedInUsers(config_at(file.parent), database, clock), file))
        yield shared


@pytest.fixture
def casts(applications: list[SharedUsers]) -> list[SignedInUsers]:
    """All users of each union, with the stores as they were at first.

    Each test is at another time than the one before, so that nothing cached is used again.
    """
    for shared in applications:
        clock = shared.users.clock
        clock.time = NOON + timedelta(minutes=1) if clock.time == NOON else NOON
    return [shared.restore() for shared in applications]


def opened(users: SignedInUsers, row: Row, who: Who) -> tuple[int, list[str]]:
    """The status, and what was asked; an export is read as far as its first rows."""
    client = users.client(who)
    address = users.address(row.address)
    sent = asking(users, row)
    with counted(users.database) as statements:
        answer: TestResponse = client.open(address, method=row.method, **sent)
        list(islice(answer.iter_encoded(), 3))
        answer.close()
    plain = ("BEGIN", "PRAGMA")
    return answer.status_code, [each for each in statements if not each.startswith(plain)]


def asking(users: SignedInUsers, row: Row) -> dict[str, Any]:
    """What is sent along: a form, or what a program says."""
    if not row.endpoint.startswith(("api.", "hooks.")):
        return {"data": row.data} if row.data is not None else {}
    body = b""
    if row.method == "POST":
        assert row.endpoint in BODIES, f"Add {row.endpoint} to BODIES in {HERE}, with a valid body."
        body = json.dumps(BODIES[row.endpoint]).encode()
    seconds = int(users.clock().timestamp())
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        TIMESTAMP_HEADER: str(seconds),
        SIGNATURE_HEADER: sign(SECRET, seconds, body),
    }
    return {"data": body, "headers": headers, "content_type": "application/json"}


def name(row: Row) -> str:
    return f"{row.method} {row.address}"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_page_asks_as_often_however_many_there_are(casts: list[SignedInUsers], row: Row) -> None:
    who = min(OPENERS, key=lambda each: row.expected[each])
    few, many = [opened(users, row, who) for users in casts]
    assert few[0] == many[0], "The status differs between few members and many."
    if row.endpoint.startswith(("api.", "hooks.", "health.")):  # asked as they should be here
        assert many[0] < 300, f"{name(row)} is refused: check its entry in BODIES in {HERE}."
    else:
        assert many[0] == expected_status(casts[1].app, row, who)
    assert len(many[1]) == len(few[1]), added(few[1], many[1])


PUBLIC = [
    row
    for row in ROWS
    if row.method == "GET" and row.expected == dict.fromkeys(EVERYBODY, 200)
    and row.endpoint not in ASKING
]  # fmt: skip


@pytest.mark.parametrize("row", PUBLIC, ids=name)
def test_a_public_page_asks_nothing_once_warm(casts: list[SignedInUsers], row: Row) -> None:
    [_, many] = casts
    opened(many, row, "nobody")
    status, queries = opened(many, row, "nobody")
    assert status == 200
    assert queries == [], (
        "A public page is read without queries once it is cached, so that it is open while the "
        f"database is not. If it can't be, add its endpoint to ASKING in {HERE}.\n{listed(queries)}"
    )


def test_what_is_public_is_known_here() -> None:
    assert {row.endpoint for row in PUBLIC} >= {
        "public.home", "public.milestone", "public.welcome", "lessons.page", "lessons.quiz",
        "contact.form", "signup.form", "signin.form",
    }  # fmt: skip


def test_the_stores_differ_in_every_list(casts: list[SignedInUsers]) -> None:
    """Counting queries says nothing where there is nothing to list."""
    few, many = casts
    lists = "members", "people", "follow-up", "failed-deliveries", "account-questions", "audit"
    for address in lists:
        shown = [
            users.client("committee").get(f"/committee/{address}").text.count("<tr")
            for users in (few, many)
        ]
        assert shown[0] < shown[1], f"fill() in tests/bench/support adds nothing to {address}"
