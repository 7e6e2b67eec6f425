"""Who may open what: every route, everybody. A route without a row fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from .cast import EVERYBODY, Cast, Who

Statuses = dict[Who, int]


def everybody(status: int, **others: int) -> Statuses:
    """That answer for everybody, and another for those that are named."""
    statuses: Statuses = dict.fromkeys(EVERYBODY, status)
    return statuses | others  # type: ignore[operator, no-any-return]


def members(status: int, **others: int) -> Statuses:
    """Open to members; strangers are asked to sign in, others refused."""
    asked = {"nobody": 303, "bad_token": 303, "member": status, "other_member": status}
    return everybody(403, **asked | others)


def committee(status: int, **others: int) -> Statuses:
    """Open to the committee, auditors and every chair."""
    opened = dict.fromkeys(("committee", "auditor", "chair", "other_chair"), status)
    return everybody(403, nobody=303, bad_token=303, **opened | others)


def north(status: int, **others: int) -> Statuses:
    """About somebody of the region north: the chair of another does not find it."""
    return committee(status, **{"other_chair": 404} | others)


def editors(status: int, **others: int) -> Statuses:
    """Open to the committee alone."""
    return everybody(403, **{"nobody": 303, "bad_token": 303, "committee": status} | others)


@dataclass(frozen=True)
class Row:
    """One request and how it is answered. `{member}` in the address is the id of `member`."""

    endpoint: str
    method: str
    address: str
    expected: Statuses
    data: dict[str, str] | None = None


ROWS = (
    Row("static", "GET", "/static/stewardpath.css", everybody(200)),
    Row("bootstrap.static", "GET", "/bootstrap/static/css/bootstrap.min.css", everybody(200)),
    Row("theme.css", "GET", "/theme.css", everybody(200)),
    Row("theme.picture", "GET", "/logo", everybody(404)),
    Row("language.choose", "GET", "/language/fr", everybody(303)),
    Row("language.choose", "GET", "/language/xx", everybody(404)),
    Row("public.home", "GET", "/", everybody(200)),
    Row("public.landing", "GET", "/path/a-path/first", everybody(200)),
    Row("public.landing", "GET", "/path/a-path/nowhere", everybody(404)),
    Row("signin.form", "GET", "/signin", everybody(200)),
    Row("signin.form", "POST", "/signin", everybody(303), {"email": "member@union.example"}),
    Row("signin.form", "POST", "/signin", everybody(200), {"email": "no address"}),
    Row("signin.sent", "GET", "/signin/sent", everybody(200)),
    Row("signin.confirm", "GET", "/signin/never-was", everybody(410)),
    Row("signin.enter", "POST", "/signin/never-was", everybody(410)),
    Row("signin.done", "GET", "/signin/done", everybody(303)),
    Row("signin.leave", "POST", "/signout", everybody(303)),
    Row("me.path", "GET", "/me", members(200)),
    Row("me.check", "POST", "/me/check", members(303)),
    Row("hooks.members", "POST", "/hooks/members", everybody(415)),
    Row("api.status", "GET", "/api/v1/status", everybody(401)),
    Row("api.openapi", "GET", "/api/v1/openapi.json", everybody(200)),
    Row("health.healthz", "GET", "/healthz", everybody(200)),
    Row("health.readyz", "GET", "/readyz", everybody(503)),
    Row("health.metrics", "GET", "/metrics", everybody(200)),
)


def routes(app: Flask) -> set[tuple[str, str]]:
    """Endpoint and method of every route."""
    plain = {"HEAD", "OPTIONS"}
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - plain
    }


def test_every_route_has_a_row_and_every_row_a_route(cast: Cast) -> None:
    assert {(row.endpoint, row.method) for row in ROWS} == routes(cast.app)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.address}")
def test_who_may_open_it(cast: Cast, row: Row, who: Who) -> None:
    address = row.address.format(member=cast.member, other_member=cast.other_member)
    sent: dict[str, Any] = {"data": row.data} if row.data is not None else {}
    with cast.client(who).open(address, method=row.method, **sent) as answer:
        assert answer.status_code == row.expected[who]
    matched = cast.app.url_map.bind("localhost").match(address, method=row.method)
    assert matched[0] == row.endpoint


@pytest.mark.parametrize("row", [row for row in ROWS if row.method != "GET"],
                         ids=lambda row: f"{row.method} {row.address}")  # fmt: skip
def test_no_form_is_taken_without_its_token(cast: Cast, row: Row) -> None:
    if row.endpoint.startswith(("hooks.", "api.")):
        return
    cast.app.config["WTF_CSRF_ENABLED"] = True
    address = row.address.format(member=cast.member, other_member=cast.other_member)
    answer = cast.client("committee").open(address, method=row.method, data=row.data)
    assert answer.status_code == 400
