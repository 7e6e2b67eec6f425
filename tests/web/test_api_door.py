"""Who may call the API, and what everybody else is answered."""

from __future__ import annotations

import logging

import pytest

from bridge.store import api_tokens
from bridge.store.api_tokens import SCOPES

from .api_world import TOKEN, Program, allow, assert_problem
from .api_world import url as url
from .cast import Cast

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
def test_one_scope_opens_it_and_all_others_do_not(
    cast: Cast, method: str, path: str, scope: str
) -> None:
    allow(cast.database, cast.clock(), scope)
    others = [each for each in SCOPES if each != scope]
    allow(cast.database, cast.clock(), *others, token="the-others")
    address, body = path.format(member=cast.member), BODIES.get(path)
    assert Program(cast.app).call(method, address, json=body).status_code == 200
    refused = Program(cast.app, "the-others").call(method, address, json=body)
    assert scope in assert_problem(refused, 403)["detail"]


def test_every_operation_is_in_the_table(cast: Cast) -> None:
    written = Program(cast.app, "").get("/openapi.json").json
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
def test_without_a_token_that_holds(cast: Cast, said: str) -> None:
    allow(cast.database, cast.clock(), "status:read")
    environ = {"HTTP_AUTHORIZATION": said.encode("utf-8", "surrogateescape").decode("latin-1")}
    answer = cast.app.test_client().get("/api/v1/status", environ_overrides=environ)
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_does_not_hold_once_it_is_revoked(cast: Cast) -> None:
    token = allow(cast.database, cast.clock(), "status:read")
    program = Program(cast.app)
    assert program.get("/status").status_code == 200
    with cast.database.transaction() as session:
        assert api_tokens.revoke(session, token, cast.clock())
    assert_problem(program.get("/status"), 401)


def test_the_last_use_is_remembered_to_the_hour(cast: Cast) -> None:
    allow(cast.database, cast.clock(), "status:read")
    first = cast.clock()
    for minutes, expected in ((0, first), (50, first), (10, None)):
        cast.clock.forward(minutes=minutes)
        Program(cast.app).get("/status")
        with cast.database.reading() as session:
            [row] = api_tokens.every_token(session)
            assert row.used_at == (expected or cast.clock())


def test_too_many_requests_are_refused_for_a_while(cast: Cast) -> None:
    program = Program(cast.app, "no-token")
    statuses = [program.get("/status").status_code for _ in range(301)]
    assert set(statuses[:300]) == {401}
    answer = program.get("/status")
    assert_problem(answer, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_neither_the_token_nor_a_person_is_logged(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    allow(cast.database, cast.clock(), *SCOPES)
    kim = {"number": "K-77", "email": "kim@union.example", "first_name": "Kim", "region": "no"}
    with caplog.at_level(logging.DEBUG):
        program = Program(cast.app)
        program.post("/members", {"members": [kim, {**kim, "region": "north"}]})
        program.post("/members", {"members": [{**kim, "kim@union.example": 1}]})
        program.post("/members/lookup", {"number": "K-77"})
        Program(cast.app, "never-was").get("/status")
    logged = caplog.text + str([vars(record) for record in caplog.records])
    assert "api.members" in logged
    assert not [word for word in (TOKEN, "never-was", "K-77", "kim@", "Kim") if word in logged]


def test_the_log_says_which_program_was_told_of_whom(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    allow(cast.database, cast.clock(), *SCOPES)
    program = Program(cast.app)
    with caplog.at_level(logging.INFO, "bridge"):
        program.post("/members/lookup", {"number": "1001"})
        program.post("/members/lookup", {"number": "nobody"})
        program.get(f"/members/{cast.other_member}/progress")
        program.get("/awards?after=7")
    said = [(each.getMessage(), getattr(each, "fields", None)) for each in caplog.records]
    who = {"who": "api:a-program"}
    assert said == [
        ("api.looked", who | {"member": cast.member}),
        ("api.looked", who | {"member": cast.other_member}),
        ("api.listed", who | {"after": 7, "awards": 0}),
    ]


def test_a_session_of_a_person_opens_nothing(cast: Cast) -> None:
    answer = cast.client("committee").get("/api/v1/status")
    assert_problem(answer, 401)
