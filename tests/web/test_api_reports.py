"""What reports read: awards since a cursor, curricula, the status."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bridge.store.api_tokens import SCOPES
from bridge.store.members import set_role
from bridge.store.privacy import forget_member
from bridge.web import Metrics, create_app

from .api_world import Program, allow, assert_problem, give
from .api_world import url as url
from .cast import Cast
from .world import PATH, count

KIM = {"number": "77", "email": "kim@union.example", "first_name": "Kim", "last_name": "Doe"}


@pytest.fixture
def program(cast: Cast) -> Program:
    allow(cast.database, cast.clock(), *SCOPES)
    return Program(cast.app)


def read(program: Program, path: str) -> dict[str, Any]:
    answer = program.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    written: dict[str, Any] = answer.json or {}
    return written


def test_each_award_is_read_once(program: Program, cast: Cast) -> None:
    for milestone in ("first", "second"):
        pairs = [(cast.member, milestone), (cast.other_member, milestone)]
        give(cast.database, cast.clock(), pairs)
    cast.clock.forward(minutes=2)
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


def test_an_award_is_listed_once_nothing_can_overtake_it(program: Program, cast: Cast) -> None:
    give(cast.database, cast.clock(), [(cast.member, "first")])
    cast.clock.forward(seconds=59)
    give(cast.database, cast.clock(), [(cast.other_member, "first")])
    assert read(program, "/awards")["awards"] == []
    cast.clock.forward(seconds=1)
    [award] = read(program, "/awards")["awards"]
    assert award["member"] == cast.member
    assert award["earned_at"] == "2026-03-01T12:00:00+00:00"


def test_the_cursor_holds_while_awards_come_and_people_go(program: Program, cast: Cast) -> None:
    """Nothing is missed and nothing is read twice, whatever happens between two pages."""
    give(cast.database, cast.clock(), [(cast.member, "first"), (cast.other_member, "first")])
    cast.clock.forward(minutes=2)
    first = read(program, "/awards?limit=1")
    assert [award["member"] for award in first["awards"]] == [cast.member]
    with cast.database.transaction() as session:
        set_role(session, cast.other_member, "steward", None, "test", cast.clock())
        forget_member(session, cast.member, "test", cast.clock())
    give(cast.database, cast.clock(), [(cast.other_member, "second")])
    cast.clock.forward(minutes=2)
    rest = read(program, f"/awards?after={first['next']}&limit=1")
    last = read(program, f"/awards?after={rest['next']}&limit=1")
    found = [*rest["awards"], *last["awards"]]
    assert [(award["member"], award["milestone"]) for award in found] == [
        (cast.other_member, "first"), (cast.other_member, "second"),
    ]  # fmt: skip
    assert not last["more"]
    with cast.database.transaction() as session:
        forget_member(session, cast.other_member, "test", cast.clock())
    after = last["next"]
    assert read(program, f"/awards?after={after}") == {"awards": [], "next": after, "more": False}
    program.post("/members", {"members": [KIM]})
    kim = program.post("/members/lookup", {"number": "77"}).json
    assert kim
    give(cast.database, cast.clock(), [(kim["id"], "first")])
    cast.clock.forward(minutes=2)
    [award] = read(program, f"/awards?after={after}")["awards"]
    assert award["member"] == kim["id"], "the last id that was read is not given again"


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", f"after={2**63}", "limit=0", "limit=501", "afer=3"]
)
def test_a_cursor_that_is_none_is_refused(program: Program, query: str) -> None:
    problem = assert_problem(program.get(f"/awards?{query}"), 422)
    assert query.partition("=")[0] in str(problem["errors"])


def test_a_renamed_milestone_has_its_key_of_now(cast: Cast, program: Program) -> None:
    give(cast.database, cast.clock(), [(cast.member, "first"), (cast.other_member, "begun")])
    cast.clock.forward(minutes=2)
    first, second = PATH.milestones
    renamed = replace(
        PATH,
        milestones=(
            replace(first, key="begun", previously="first"),
            replace(second, entry=replace(second.entry, after=("begun",))),
        ),
    )
    app = create_app(cast.config, cast.database, [renamed], now=cast.clock, metrics=Metrics())
    later = Program(app)
    count(cast.database, cast.clock, [renamed])
    assert {a["milestone"] for a in read(later, "/awards")["awards"]} == {"begun"}
    [counted] = read(later, "/status")["milestones"]
    assert counted == {"curriculum": "a-path", "milestone": "begun", "people": 2}
    [step, _] = read(later, f"/members/{cast.member}/progress")["curricula"][0]["milestones"]
    assert (step["state"], step["earned_at"]) == ("earned", "2026-03-01T12:00:00+00:00")


def test_the_curricula_say_what_each_milestone_asks_for(program: Program) -> None:
    [path] = read(program, "/curricula")["curricula"]
    assert path["curriculum"] == "a-path"
    assert path["title"] == {"en": "A Path & More", "fr": "Un parcours"}
    assert path["languages"] == ["en", "fr"]
    first, second = path["milestones"]
    assert first["requirements"] == [{"kind": "role", "key": "steward"}]
    assert second["after"] == ["first"]


def test_the_status_counts(program: Program, cast: Cast) -> None:
    give(cast.database, cast.clock(), [(cast.member, "first")])
    cast.count()
    status = read(program, "/status")
    assert status["counted_at"] == "2026-03-01T12:00:00+00:00"
    assert status["members"] == 2
    assert status["milestones"] == [{"curriculum": "a-path", "milestone": "first", "people": 1}]
    assert status["pulled_at"] is None
    assert status["pull_failed"] is False
