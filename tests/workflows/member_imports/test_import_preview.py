"""What an import would change, compared with what it then changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bridge.member_records import MemberRecord
from bridge.store.database import Database
from bridge.store.members.queries import members_by_ids
from bridge.store.members.roles import roles_of
from bridge.workflows.member_imports.preview import Outcome, preview_records
from bridge.workflows.signup import sign_up
from tests.store.sample_members import ANNA, BEN, NOW, add, many_members, member

TODAY = NOW.date()


def look(db: Database, *records: MemberRecord) -> list[Outcome]:
    with db.reading() as session:
        return preview_records(session, records, TODAY)


@pytest.fixture
def stored(db: Database) -> list[int]:
    with db.transaction() as session:
        return add(session, [ANNA, BEN, member(7, number="007")])


def test_new_changed_unchanged_and_refused(db: Database, stored: list[int]) -> None:
    moved = replace(BEN, region="north", payroll_number="P-1", last_name="Bouchard-Roy")
    found = look(db, ANNA, moved, member(50), member(8, number="7"), replace(ANNA, email="no"))
    states = ["unchanged", "changed", "new", "refused", "refused"]
    assert [each.state for each in found] == states
    assert found[1].values == {
        "last_name": ("Bouchard", "Bouchard-Roy"),
        "region": ("east", "north"),
        "payroll_number": ("", "…"),
    }
    assert [each.member_id for each in found[:3]] == [stored[0], stored[1], None]
    assert "another spelling" in found[3].reason
    assert "not an address" in found[4].reason


def test_roles_that_begin_end_and_stay(db: Database, stored: list[int]) -> None:
    [same] = look(db, BEN)
    assert same.state == "unchanged"
    [other] = look(db, replace(BEN, role="trustee", role_since=date(2026, 1, 1)))
    told = [(e.before and e.before.role, e.after and e.after.until) for e in other.roles]
    assert sorted(told, key=str) == [("steward", TODAY), (None, None)]
    [cleared] = look(db, replace(BEN, role="-"))
    assert [each.is_ended for each in cleared.roles] == [True]


def test_two_records_about_one_member_are_shown_once(db: Database, stored: list[int]) -> None:
    by_email = replace(member(9, number=None), email="new@example.org")
    found = look(db, by_email, replace(by_email, region="north"))
    assert [each.state for each in found] == ["new", "unchanged"]


def test_it_says_what_the_import_then_does(db: Database, stored: list[int]) -> None:
    records = [
        ANNA,
        replace(BEN, email="ben.b@example.org", role="trustee"),
        member(60),
        member(8, number="7"),
        replace(member(61), role="steward"),
    ]
    found = look(db, *records)
    with db.transaction() as session:
        done = sign_up(session, (), records, regions={}, actor="test", now=NOW)
    states = {"new": done.created, "changed": done.changed}
    for state, ids in states.items():
        assert len([each for each in found if each.state == state]) == len(ids)
    assert [place for place, each in enumerate(found) if each.state == "refused"] == [
        place for place, _ in done.refused
    ]
    assert [each.reason for each in found if each.reason] == [why for _, why in done.refused]
    with db.reading() as session:
        ben = members_by_ids(session, [stored[1]])[stored[1]]
        held = {each.held.role for each in roles_of(session, [stored[1]])[stored[1]]}
    assert found[1].values
    assert found[1].values["email"] == (BEN.email, ben.email)
    assert held == {"steward", "trustee"}
    assert [each.state for each in look(db, *records)] == [
        "unchanged", "unchanged", "unchanged", "refused", "unchanged",
    ]  # fmt: skip


def test_it_writes_nothing_and_takes_few_queries(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        add(session, many_members(600))
    counts = []
    for count in (501, 1000):
        del queries[:]
        changed = [replace(each, region="north", role="steward") for each in many_members(count)]
        assert {each.state for each in look(db, *changed)} == {"changed", "new"} - (
            {"new"} if count < 600 else set()
        )
        counts.append(len(queries))
        assert not [each for each in queries if not each.lstrip().upper().startswith("SELECT")]
    assert counts[0] == counts[1] <= 10
