"""The API for reports: awards after a cursor, curricula and status."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bridge.membership.roles import HeldRole
from bridge.privacy import erase_member
from bridge.store.auth.api_tokens import SCOPES
from bridge.store.members.roles import give_role
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from tests.web.api.client import Program, allow, assert_problem, give
from tests.web.api.client import url as url
from tests.web.sample_site import PATH, count
from tests.web.signed_in_users import SignedInUsers

KIM = {"number": "77", "email": "kim@union.example", "first_name": "Kim", "last_name": "Doe"}


@pytest.fixture
def program(users: SignedInUsers) -> Program:
    allow(users.database, users.clock(), *SCOPES)
    return Program(users.app)


def read(program: Program, path: str) -> dict[str, Any]:
    answer = program.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    written: dict[str, Any] = answer.json or {}
    return written


def test_each_award_is_listed_once(program: Program, users: SignedInUsers) -> None:
    for milestone in ("first", "second"):
        pairs = [(users.member, milestone), (users.other_member, milestone)]
        give(users.database, users.clock(), pairs)
    users.clock.forward(minutes=2)
    after, seen, pages = 0, [], 0
    while True:
        page = read(program, f"/awards?after={after}&limit=3")
        seen += [(award["member"], award["milestone"]) for award in page["awards"]]
        after, pages = page["next"], pages + 1
        if not page["more"]:
            break
    assert pages == 2
    assert len(seen) == len(set(seen)) == 4
    assert read(program, f"/awards?after={after}") == {"awards": [], "next": after, "more": False}


def test_an_award_is_listed_only_after_a_minute(program: Program, users: SignedInUsers) -> None:
    give(users.database, users.clock(), [(users.member, "first")])
    users.clock.forward(seconds=59)
    give(users.database, users.clock(), [(users.other_member, "first")])
    assert read(program, "/awards")["awards"] == []
    users.clock.forward(seconds=1)
    [award] = read(program, "/awards")["awards"]
    assert award["member"] == users.member
    assert award["earned_at"] == "2026-03-01T12:00:00+00:00"


def test_the_cursor_stays_valid_while_awards_and_members_change(
    program: Program, users: SignedInUsers
) -> None:
    """No award is missed or listed twice, whatever happens between two pages."""
    give(users.database, users.clock(), [(users.member, "first"), (users.other_member, "first")])
    users.clock.forward(minutes=2)
    first = read(program, "/awards?limit=1")
    assert [award["member"] for award in first["awards"]] == [users.member]
    with users.database.transaction() as session:
        give_role(session, users.other_member, HeldRole("steward"), "test", users.clock())
        erase_member(session, users.member, "test", users.clock())
    give(users.database, users.clock(), [(users.other_member, "second")])
    users.clock.forward(minutes=2)
    rest = read(program, f"/awards?after={first['next']}&limit=1")
    last = read(program, f"/awards?after={rest['next']}&limit=1")
    found = [*rest["awards"], *last["awards"]]
    assert [(award["member"], award["milestone"]) for award in found] == [
        (users.other_member, "first"), (users.other_member, "second"),
    ]  # fmt: skip
    assert not last["more"]
    with users.database.transaction() as session:
        erase_member(session, users.other_member, "test", users.clock())
    after = last["next"]
    assert read(program, f"/awards?after={after}") == {"awards": [], "next": after, "more": False}
    program.post("/members", {"members": [KIM]})
    kim = program.post("/members/lookup", {"number": "77"}).json
    assert kim
    give(users.database, users.clock(), [(kim["id"], "first")])
    users.clock.forward(minutes=2)
    [award] = read(program, f"/awards?after={after}")["awards"]
    assert award["member"] == kim["id"], "the last id that was read is not given again"


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", f"after={2**63}", "limit=0", "limit=501", "afer=3"]
)
def test_an_invalid_cursor_is_refused(program: Program, query: str) -> None:
    problem = assert_problem(program.get(f"/awards?{query}"), 422)
    assert query.partition("=")[0] in str(problem["errors"])


def test_a_renamed_milestone_has_its_current_key(users: SignedInUsers, program: Program) -> None:
    give(users.database, users.clock(), [(users.member, "first"), (users.other_member, "begun")])
    users.clock.forward(minutes=2)
    first, second = PATH.milestones
    renamed = replace(
        PATH,
        milestones=(
            replace(first, key="begun", previously="first"),
            replace(second, entry=replace(second.entry, after=("begun",))),
        ),
    )
    app = create_app(users.config, users.database, [renamed], now=users.clock, metrics=Metrics())
    later = Program(app)
    count(users.database, users.clock, [renamed])
    assert {a["milestone"] for a in read(later, "/awards")["awards"]} == {"begun"}
    [counted] = read(later, "/status")["milestones"]
    assert counted == {"curriculum": "a-path", "milestone": "begun", "people": 2}
    [step, _] = read(later, f"/members/{users.member}/progress")["curricula"][0]["milestones"]
    assert (step["state"], step["earned_at"]) == ("earned", "2026-03-01T12:00:00+00:00")


def test_curricula_include_the_requirements_of_milestones(program: Program) -> None:
    [path] = read(program, "/curricula")["curricula"]
    assert path["curriculum"] == "a-path"
    assert path["title"] == {"en": "A Path & More", "fr": "Un parcours"}
    assert path["languages"] == ["en", "fr"]
    first, second = path["milestones"]
    assert (first["audience"], first["conditions"]) == ("members", {})
    assert first["requirements"] == [
        {"kind": "role", "key": "steward", "text": "Role in the union: steward"}
    ]
    assert second["after"] == ["first"]


def test_the_status_counts(program: Program, users: SignedInUsers) -> None:
    give(users.database, users.clock(), [(users.member, "first")])
    users.count()
    status = read(program, "/status")
    assert status["counted_at"] == "2026-03-01T12:00:00+00:00"
    assert status["members"] == 2
    assert status["milestones"] == [{"curriculum": "a-path", "milestone": "first", "people": 1}]
    assert status["pulled_at"] is None
    assert status["pull_failed"] is False
