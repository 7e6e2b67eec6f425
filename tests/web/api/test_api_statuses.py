"""Every documented status is returned, and every error is a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bridge.errors import StoreError
from bridge.store.auth.api_tokens import SCOPES
from bridge.web.api import members
from bridge.web.common.services import EXTENSION_KEY
from tests.web.api.client import API, Program, allow, assert_problem, document, documented
from tests.web.api.test_endpoint import BODIES, OPERATIONS
from tests.web.signed_in_users import SignedInUsers

LARGE = b'{"members": "' + b" " * 2**20 + b'"}'
JSON = "application/json"
Way = Callable[[SignedInUsers, str, str], TestResponse]


def usual(users: SignedInUsers, method: str, path: str, token: str = "") -> TestResponse:
    program = Program(users.app, token) if token else Program(users.app)
    return program.call(method, path.format(member=users.member), json=BODIES.get(path))


def no_token(users: SignedInUsers, method: str, path: str) -> TestResponse:
    return usual(users, method, path, "never-was")


def no_scope(users: SignedInUsers, method: str, path: str) -> TestResponse:
    allow(users.database, users.clock(), token="of-no-use")
    return usual(users, method, path, "of-no-use")


def nobody(users: SignedInUsers, method: str, path: str) -> TestResponse:
    wanted = {"json": {"number": "nobody"}} if method == "POST" else {}
    return Program(users.app).call(method, path.format(member=999_999), **wanted)


def body(data: bytes, kind: str = JSON) -> Way:
    return lambda users, method, path: Program(users.app).call(
        method, path, data=data, content_type=kind
    )


def unfit(users: SignedInUsers, method: str, path: str) -> TestResponse:
    if method == "GET":
        return Program(users.app).get(f"{path}?after=x")
    return Program(users.app).post(path, {"unknown": 1})


def too_often(users: SignedInUsers, method: str, path: str) -> TestResponse:
    limiter = users.app.extensions[EXTENSION_KEY].limiter
    limiter.reset()
    for _ in range(300):
        usual(users, method, path, "never-was")
    answer = usual(users, method, path)
    limiter.reset()
    return answer


def no_database(users: SignedInUsers, method: str, path: str) -> TestResponse:
    with pytest.MonkeyPatch.context() as patch:

        def broken() -> Any:
            raise StoreError("cannot be reached.", where="db", todo="Wait.")

        patch.setattr(type(users.database), "reading", lambda _: broken())
        return usual(users, method, path)


WAYS: dict[int, Way] = {
    200: usual,
    400: body(b"{"),
    401: no_token,
    403: no_scope,
    404: nobody,
    413: body(LARGE),
    415: body(b"x", "text/plain"),
    422: unfit,
    429: too_often,
    503: no_database,
}


@pytest.mark.usefixtures("stopped_time")
@pytest.mark.parametrize(("method", "path", "_scope"), OPERATIONS)
def test_every_documented_status_is_returned(
    users: SignedInUsers, method: str, path: str, _scope: str
) -> None:
    allow(users.database, users.clock(), *SCOPES)
    operation = documented(users.app, method, path.format(member=1))
    assert operation is not None
    for said in operation["responses"]:
        answer = WAYS[int(said)](users, method, path)
        assert answer.status_code == int(said), (said, answer.get_data(as_text=True))
        if said != "200":
            assert_problem(answer, int(said))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/members/x/progress", 404),
        ("GET", "/status/", 404),
        ("DELETE", "/members", 405),
        ("POST", "/status", 405),
        ("PATCH", "/members/1/progress", 405),
    ],
)
def test_an_unknown_address_returns_a_problem(
    users: SignedInUsers, method: str, path: str, status: int
) -> None:
    answer = users.app.test_client().open(
        API + path, method=method, headers={"Accept": "text/html"}
    )
    assert_problem(answer, status)
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v2/members", "/hooks", "/hooks/other"])
def test_addresses_around_the_api_return_problems(users: SignedInUsers, address: str) -> None:
    answer = users.app.test_client().get(address, headers={"Accept": "text/html"})
    assert_problem(answer, 404)


def test_an_unknown_host_returns_a_problem(users: SignedInUsers) -> None:
    answer = users.app.test_client().get(f"{API}/status", headers={"Host": "evil.example"})
    assert_problem(answer, 400)


def test_an_internal_error_returns_a_problem_without_details(
    users: SignedInUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(users.database, users.clock(), *SCOPES)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("kim@union.example")

    monkeypatch.setattr(members, "sign_up", broken)
    headers = {"Authorization": "Bearer a-token-of-the-test"}
    client = users.app.test_client()
    answer = client.post(f"{API}/members", json={"members": []}, headers=headers)
    problem = assert_problem(answer, 500)
    assert "kim" not in str(problem)
    assert "Zero" not in str(problem)


def test_no_other_status_is_documented(users: SignedInUsers) -> None:
    said = {
        int(status)
        for item in document(users.app).values()
        for operation in item.values()
        if isinstance(operation, dict)
        for status in operation["responses"]
    }
    assert said == set(WAYS)
