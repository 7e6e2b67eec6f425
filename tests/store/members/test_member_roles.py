"""Roles of members in the database: from sources and from the committee."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bridge.errors import MemberError
from bridge.membership.roles import HeldRole
from bridge.privacy import erase_member, export_member
from bridge.store.database import Database
from bridge.store.learning.member_progress import facts_of
from bridge.store.members.role_changes import PAGE
from bridge.store.members.roles import (
    correct_role,
    end_roles,
    give_role,
    held_roles,
    main_roles,
    roles_of,
)
from bridge.store.members.search import MemberFilter, search
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.members import MemberRole
from bridge.store.tables.operations import AuditEntry
from tests.store.sample_members import ANNA, LATER, NOW, add, many_members

TODAY = NOW.date()
STEWARD, TRUSTEE = HeldRole("steward"), HeldRole("trustee", "west", since=date(2026, 2, 1))


def stored(db: Database, member: int) -> list[tuple[HeldRole, str]]:
    with db.reading() as session:
        return [(each.held, each.source) for each in roles_of(session, [member]).get(member, [])]


def audited(db: Database) -> list[tuple[str, object, object]]:
    with db.reading() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "role"))
        return [(line.actor, line.before, line.after) for line in lines]


def test_a_steward_who_is_elected_trustee_holds_both(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, role="steward")])
        assert give_role(session, anna, TRUSTEE, "chair", NOW, "elected")
        assert not give_role(session, anna, TRUSTEE, "chair", NOW)
        upsert_members(session, [replace(ANNA, role="steward")], LATER)
        assert held_roles(session, [anna], TODAY)[anna] == {"steward", "trustee"}
        assert facts_of(session, "path", [anna], TODAY)[anna].roles == {"steward", "trustee"}
        assert main_roles(session, [anna], TODAY) == {anna: TRUSTEE}
        [row] = search(session, MemberFilter(), 9, TODAY)
    assert (row.role, row.role_since) == ("trustee", date(2026, 2, 1))
    assert stored(db, anna) == [(STEWARD, "csv"), (TRUSTEE, PAGE)]
    assert audited(db) == [
        ("chair", {},
         {"role": "trustee", "region": "west", "since": "2026-02-01", "reason": "elected"}),
    ]  # fmt: skip


def test_a_role_counts_on_its_days_only(db: Database) -> None:
    days = HeldRole("steward", since=date(2026, 3, 2), until=date(2026, 3, 3))
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, roles=(days,))])
        held = [
            bool(facts_of(session, "path", [anna], date(2026, 3, day))[anna].roles)
            for day in range(1, 5)
        ]
        rows = [search(session, MemberFilter(), 9, date(2026, 3, day))[0] for day in (1, 2, 4)]
    assert held == [False, True, True, False]
    assert [row.role for row in rows] == ["", "steward", ""]


def test_a_source_ends_its_own_roles_with_an_audit_entry(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, roles=(STEWARD, TRUSTEE))])
        give_role(session, anna, HeldRole("delegate"), "chair", NOW)
        assert upsert_members(session, [ANNA], NOW).unchanged == 1
        result = upsert_members(session, [replace(ANNA, role="trustee/x")], NOW)
        assert result.changed == [anna]
    assert stored(db, anna)[:3] == [
        (replace(STEWARD, until=TODAY), "csv"), (replace(TRUSTEE, until=TODAY), "csv"),
        (HeldRole("delegate"), PAGE),
    ]  # fmt: skip
    assert ("csv", {"role": "steward"}, {"role": "steward", "until": "2026-03-01"}) in audited(db)


def test_an_overlapping_role_is_refused(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, role="steward")])
        with pytest.raises(MemberError, match="already has this role"):
            give_role(session, anna, replace(STEWARD, since=TODAY), "chair", NOW)
        with pytest.raises(MemberError, match="ends before it begins"):
            give_role(session, anna, replace(TRUSTEE, until=date(2026, 1, 1)), "chair", NOW)
        give_role(session, anna, replace(STEWARD, region="west"), "chair", NOW)
        [_, scoped] = roles_of(session, [anna])[anna]
        with pytest.raises(MemberError, match="already has this role"):
            correct_role(session, anna, scoped.id, STEWARD, "chair", NOW)
        with pytest.raises(MemberError, match="no such role"):
            correct_role(session, anna, 999, STEWARD, "chair", NOW)


def test_a_corrected_role_is_the_committees(db: Database) -> None:
    since = replace(STEWARD, since=date(2025, 1, 1))
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, role="steward")])
        [role] = roles_of(session, [anna])[anna]
        assert correct_role(session, anna, role.id, since, "chair", NOW, "wrong date")
        assert not correct_role(session, anna, role.id, since, "chair", NOW)
        upsert_members(session, [replace(ANNA, role="-")], LATER)
    assert stored(db, anna) == [(since, PAGE)]
    assert audited(db)[-1] == (
        "chair", {"role": "steward"},
        {"role": "steward", "since": "2025-01-01", "reason": "wrong date"},
    )  # fmt: skip
    with db.transaction() as session:
        assert correct_role(session, anna, role.id, None, "chair", NOW, "never was")
    assert stored(db, anna) == []
    assert audited(db)[-1][2] == {"reason": "never was"}


def test_giving_a_role_that_a_source_gave_makes_it_the_committees(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, role="steward")])
        assert give_role(session, anna, STEWARD, "chair", NOW)
        upsert_members(session, [replace(ANNA, role="-")], LATER)
    assert stored(db, anna) == [(STEWARD, PAGE)]


def test_all_roles_end_at_once(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, roles=(STEWARD, replace(TRUSTEE, since=TODAY)))])
        assert end_roles(session, anna, "chair", NOW)
        assert not end_roles(session, anna, "chair", NOW)
        assert held_roles(session, [anna], TODAY)[anna] == frozenset()
    assert stored(db, anna) == [(replace(STEWARD, until=date(2026, 2, 28)), PAGE)]


def test_ending_all_roles_deletes_those_that_begin_later(db: Database) -> None:
    later = replace(TRUSTEE, since=TODAY + timedelta(days=1))
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, roles=(later,))])
        assert end_roles(session, anna, "chair", NOW)
    assert stored(db, anna) == []


def test_a_source_with_one_role_can_add_another(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, roles=(STEWARD,))])
        added = replace(ANNA, roles=(TRUSTEE,), adds_roles=True)
        assert upsert_members(session, [added], NOW).ended_roles == 0
        assert held_roles(session, [anna], TODAY)[anna] == {"steward", "trustee"}
        assert upsert_members(session, [added], NOW).changed == []
        assert upsert_members(session, [replace(added, adds_roles=False)], NOW).ended_roles == 1


def test_a_batch_with_two_rows_of_a_member_keeps_both_roles(db: Database) -> None:
    with db.transaction() as session:
        rows = [replace(ANNA, roles=(STEWARD,)), replace(ANNA, roles=(TRUSTEE,), adds_roles=True)]
        [anna, _] = add(session, rows)
        assert held_roles(session, [anna], TODAY)[anna] == {"steward", "trustee"}


@pytest.mark.parametrize("source", ["form", "moodle"])
def test_roles_that_people_enter_themselves_are_ignored(db: Database, source: str) -> None:
    entered = replace(ANNA, number=None, source=source, moodle_user_id=7, role="steward")
    with db.transaction() as session:
        [anna] = add(session, [entered])
        upsert_members(session, [replace(entered, roles=(TRUSTEE,), role="")], NOW)
    assert stored(db, anna) == []


def test_an_invalid_list_of_roles_is_refused(db: Database) -> None:
    with db.transaction() as session:
        twice = upsert_members(session, [replace(ANNA, roles=(STEWARD, STEWARD))], NOW)
        ended = replace(TRUSTEE, until=date(2020, 1, 1))
        late = upsert_members(session, [replace(ANNA, roles=(ended,))], NOW)
    assert "listed twice" in twice.refused[0][1]
    assert "ends before it begins" in late.refused[0][1]


def test_many_roles_need_at_most_five_more_queries(db: Database, queries: list[str]) -> None:
    """500 members who each keep one role, lose one and get one: read, insert, update, audit."""
    costs = []
    for count in (10, 500):
        with db.transaction() as session:
            people = many_members(count)
            add(session, [replace(one, roles=(STEWARD, TRUSTEE)) for one in people])
            queries.clear()
            now = [replace(one, roles=(STEWARD, HeldRole("chair"))) for one in people]
            assert len(upsert_members(session, now, LATER).changed) == count
            costs.append(len([each for each in queries if "advisory" not in each]))
            queries.clear()
            assert upsert_members(session, now, LATER).unchanged == count
            costs.append(len([each for each in queries if "advisory" not in each]))
            session.rollback()
    assert costs[:2] == costs[2:] == [7, 4]


def test_roles_are_exported_and_erased(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, roles=(STEWARD, TRUSTEE))])
        held = export_member(session, anna)["member_role"]
        assert [each["role"] for each in held] == ["steward", "trustee"]  # type: ignore[index,attr-defined]
        erase_member(session, anna, "chair", NOW)
        assert session.scalars(select(MemberRole.id)).all() == []
