"""Access to the API: tokens, scopes, limits and logs."""

from __future__ import annotations

import logging

import pytest

from bridge.store.auth import api_tokens
from bridge.store.auth.api_tokens import SCOPES
from tests.web.api.client import TOKEN, Program, allow, assert_problem
from tests.web.api.client import url as url
from tests.web.signed_in_users import SignedInUsers

OPERATIONS = (
    ("POST", "/members", "members:write"),
    ("POST", "/members/lookup", "members:read"),
    ("GET", "/members/{member}/progress", "members:read"),
    ("GET", "/awards", "awards:read"),
    ("GET", "/curricula", "curricula:read"),
    ("GET", "/status", "status:read"),
)
BODIES = {"/members": {"members": []}, "/members/lookup": {"number": "1001"}}


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS)
def test_only_the_documented_scope_gives_access(
    users: SignedInUsers, method: str, path: str, scope: str
) -> None:
    allow(users.database, users.clock(), scope)
    others = [each for each in SCOPES if each != scope]
    allow(users.database, users.clock(), *others, token="the-others")
    address, body = path.format(member=users.member), BODIES.get(path)
    assert Program(users.app).call(method, address, json=body).status_code == 200
    refused = Program(users.app, "the-others").call(method, address, json=body)
    assert scope in assert_problem(refused, 403)["detail"]


def test_every_operation_is_tested(users: SignedInUsers) -> None:
    written = Program(users.app, "").get("/openapi.json").json
    assert written is not None
    found = {
        (method.upper(), path.removeprefix("/api/v1"), operation["x-scope"])
        for path, item in written["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Basic eDp5", f"Token {TOKEN}", TOKEN,
                                  f"Bearer {TOKEN}x", "Bearer \udcff"])  # fmt: skip
def test_a_missing_or_invalid_token_is_refused(users: SignedInUsers, said: str) -> None:
    allow(users.database, users.clock(), "status:read")
    environ = {"HTTP_AUTHORIZATION": said.encode("utf-8", "surrogateescape").decode("latin-1")}
    answer = users.app.test_client().get("/api/v1/status", environ_overrides=environ)
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_is_refused(users: SignedInUsers) -> None:
    token = allow(users.database, users.clock(), "status:read")
    program = Program(users.app)
    assert program.get("/status").status_code == 200
    with users.database.transaction() as session:
        assert api_tokens.revoke(session, token, users.clock())
    assert_problem(program.get("/status"), 401)


def test_the_last_use_is_updated_once_an_hour(users: SignedInUsers) -> None:
    allow(users.database, users.clock(), "status:read")
    first = users.clock()
    for minutes, expected in ((0, first), (50, first), (10, None)):
        users.clock.forward(minutes=minutes)
        Program(users.app).get("/status")
        with users.database.reading() as session:
            [row] = api_tokens.list_tokens(session)
            assert row.used_at == (expected or users.clock())


@pytest.mark.usefixtures("stopped_time")
def test_too_many_requests_are_refused(users: SignedInUsers) -> None:
    program = Program(users.app, "no-token")
    statuses = [program.get("/status").status_code for _ in range(301)]
    assert set(statuses[:300]) == {401}
    answer = program.get("/status")
    assert_problem(answer, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_tokens_and_personal_data_are_not_logged(
    users: SignedInUsers, caplog: pytest.LogCaptureFixture
) -> None:
    allow(users.database, users.clock(), *SCOPES)
    kim = {"number": "K-77", "email": "kim@union.example", "first_name": "Kim", "region": "no"}
    with caplog.at_level(logging.DEBUG):
        program = Program(users.app)
        program.post("/members", {"members": [kim, {**kim, "region": "north"}]})
        program.post("/members", {"members": [{**kim, "kim@union.example": 1}]})
        program.post("/members/lookup", {"number": "K-77"})
        Program(users.app, "never-was").get("/status")
    logged = caplog.text + str([vars(record) for record in caplog.records])
    assert "api.members" in logged
    assert not [word for word in (TOKEN, "never-was", "K-77", "kim@", "Kim") if word in logged]


def test_the_log_records_which_token_read_which_member(
    users: SignedInUsers, caplog: pytest.LogCaptureFixture
) -> None:
    allow(users.database, users.clock(), *SCOPES)
    program = Program(users.app)
    with caplog.at_level(logging.INFO, "bridge"):
        program.post("/members/lookup", {"number": "1001"})
        program.post("/members/lookup", {"number": "nobody"})
        program.get(f"/members/{users.other_member}/progress")
        program.get("/awards?after=7")
    said = [(each.getMessage(), getattr(each, "fields", None)) for each in caplog.records]
    who = {"actor": "api:a-program"}
    assert said == [
        ("api.looked", who | {"member": users.member}),
        ("api.looked", who | {"member": users.other_member}),
        ("api.listed", who | {"after": 7, "awards": 0}),
    ]


def test_a_users_login_gives_no_access(users: SignedInUsers) -> None:
    answer = users.client("committee").get("/api/v1/status")
    assert_problem(answer, 401)
