"""Members in the API: create, update, find, and progress."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bridge.membership.roles import HeldRole
from bridge.store.auth.api_tokens import SCOPES
from bridge.store.members.queries import find
from bridge.store.members.roles import give_role, roles_of
from bridge.store.tables.operations import AuditEntry
from tests.web.api.client import Program, allow, assert_problem, give
from tests.web.api.client import url as url
from tests.web.signed_in_users import SignedInUsers

KIM = {"number": "77", "email": "kim@union.example", "first_name": "Kim", "last_name": "Doe"}


@pytest.fixture
def program(users: SignedInUsers) -> Program:
    allow(users.database, users.clock(), *SCOPES)
    return Program(users.app)


def sent(program: Program, *members: object) -> dict[str, Any]:
    answer = program.post("/members", {"members": members})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    written: dict[str, Any] = answer.json or {}
    return written


def test_the_same_members_again_change_nothing(program: Program, users: SignedInUsers) -> None:
    first = sent(program, {**KIM, "region": "north"})
    assert (first["created"], first["changed"], first["unchanged"]) == (1, 0, 0)
    [kim] = first["ids"]
    again = sent(program, {**KIM, "number": 77})
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 1)
    changed = sent(program, {**KIM, "last_name": "Roe", "region": None})
    assert (changed["changed"], changed["ids"]) == (1, [kim])
    with users.database.reading() as session:
        member = find(session, kim)
        assert member is not None
        assert (member.last_name, member.region, member.source) == ("Roe", "north", "api")


def test_facts_and_several_roles_are_stored(program: Program, users: SignedInUsers) -> None:
    trustee = {"role": "Trustee", "region": "NORTH", "since": "2026-02-01", "until": None}
    said = {"status": "retired", "unit": "Transit 12", "roles": [{"role": "steward"}, trustee]}
    [kim] = sent(program, KIM | said)["ids"]
    assert sent(program, KIM | {"roles": None, "unit": ""})["unchanged"] == 1
    with users.database.reading() as session:
        member = find(session, kim)
        stored = [each.held for each in roles_of(session, [kim])[kim]]
    assert member
    assert (member.status, member.unit) == ("retired", "Transit 12")
    assert stored == [HeldRole("steward"), HeldRole("trustee", "north", since=date(2026, 2, 1))]


@pytest.mark.parametrize(
    "wrong", [{"roles": "steward"}, {"roles": [{"region": "north"}]}, {"roles": [{"rank": "x"}]}]
)
def test_invalid_roles_are_refused_as_a_whole(program: Program, wrong: dict[str, object]) -> None:
    answer = program.post("/members", {"members": [KIM | wrong]})
    assert answer.status_code == 422


def test_each_member_is_accepted_or_refused_separately(program: Program) -> None:
    bad = {**KIM, "number": "78", "email": "nobody"}
    nowhere = {**KIM, "number": "79", "email": "a@union.example", "region": "atlantis"}
    written = sent(program, bad, KIM, nowhere)
    assert written["created"] == 1
    assert [each["index"] for each in written["refused"]] == [0, 2]
    assert "atlantis" not in str(written)
    first, kim, third = written["ids"]
    assert (first, third) == (None, None)
    assert kim is not None


def test_contradicting_and_questionable_records_are_refused(program: Program) -> None:
    other = {**KIM, "last_name": "Other"}
    written = sent(program, KIM, other, {**KIM, "number": "077"}, {**KIM, "number": "1042.0"})
    assert written["created"] == 1
    assert [each["index"] for each in written["refused"]] == [1, 2, 3]
    reasons = [each["reason"] for each in written["refused"]]
    assert "the member at index 0 has the same member number" in reasons[0]
    assert "A person must say whether it is the same member" in reasons[1]
    assert "as a quantity" in reasons[2]


def test_changes_are_audited_with_the_tokens_name(program: Program, users: SignedInUsers) -> None:
    [kim] = sent(program, KIM)["ids"]
    sent(program, {**KIM, "last_name": "Roe"})
    with users.database.reading() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.member_id == kim).order_by(AuditEntry.id)
        )
        lines = [(row.actor, row.action, row.before, row.after) for row in rows]
    assert lines == [
        ("api:a-program", "signed-up", {}, {}),
        ("api:a-program", "member", {"last_name": "Doe"}, {"last_name": "Roe"}),
    ]


@pytest.mark.parametrize(
    "body",
    [{}, [], None, {"members": {}}, {"members": [1]}, {"members": [{**KIM, "email": 1}]},
     {"members": [{**KIM, "shoe_size": "44"}]}, {"members": [{**KIM, "number": 1.5}]},
     {"members": [KIM] * 501}],
)  # fmt: skip
def test_an_invalid_request_is_refused_as_a_whole(program: Program, body: object) -> None:
    raw = json.dumps(body)
    answer = program.call("POST", "/members", data=raw, content_type="application/json")
    problem = assert_problem(answer, 422)
    assert problem["errors"]


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff", b"[" * 200_000, b"1" * 5000, b'{"members": [' + b"9" * 5000 + b"]}"]
)
def test_an_unreadable_body_is_refused_with_a_reason(program: Program, raw: bytes) -> None:
    answer = program.call("POST", "/members", data=raw, content_type="application/json")
    assert_problem(answer, 400)


def test_other_content_types_and_large_bodies_are_refused(program: Program) -> None:
    for path in ("/members", "/members/lookup"):
        assert_problem(program.call("POST", path, data="members=1"), 415)
        large = b'{"members": "' + b" " * 2**20 + b'"}'
        answer = program.call("POST", path, data=large, content_type="application/json")
        assert_problem(answer, 413)


def test_unpaired_surrogates_are_refused(program: Program) -> None:
    raw = b'{"members": [{"number": "\\ud800", "email": "a@union.example", "first_name": "A"}]}'
    answer = program.call("POST", "/members", data=raw, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["refused"]
    raw = b'{"number": "\\ud800"}'
    answer = program.call("POST", "/members/lookup", data=raw, content_type="application/json")
    assert_problem(answer, 404)


def test_a_member_is_found_by_number(program: Program, users: SignedInUsers) -> None:
    for number in ("1001", 1001, " 1001 "):
        assert program.post("/members/lookup", {"number": number}).json == {"id": users.member}
    for number in ("member@union.example", "nobody", "", "a\0b"):
        assert_problem(program.post("/members/lookup", {"number": number}), 404)


def test_progress_shows_earned_and_missing_requirements(
    program: Program, users: SignedInUsers
) -> None:
    role = {"kind": "role", "key": "steward", "text": "Role in the union: steward"}
    give(users.database, users.clock(), [(users.member, "first")])
    path = f"/members/{users.member}/progress"
    answer = program.get(path).json
    assert answer is not None
    [small] = answer["curricula"]
    assert answer["id"] == users.member
    assert small["milestones"] == [
        {"milestone": "first", "state": "earned", "earned_at": "2026-03-01T12:00:00+00:00",
         "missing": []},
        {"milestone": "second", "state": "open", "earned_at": None, "missing": [role]},
    ]  # fmt: skip
    with users.database.transaction() as session:
        give_role(session, users.member, HeldRole("steward"), "test", users.clock())
    answer = program.get(path).json
    assert answer is not None
    assert [step["state"] for step in answer["curricula"][0]["milestones"]] == ["earned", "earned"]
    assert "union.example" not in str(answer)


@pytest.mark.parametrize("member", ["999", "0", "-1", "1001x", str(2**63), "9" * 400])
def test_an_unknown_member_id_is_not_found(program: Program, member: str) -> None:
    assert_problem(program.get(f"/members/{member}/progress"), 404)
