"""Facts from the membership system: stored, kept, cleared, and never entered by members."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bridge.member_records import FACTS, MemberRecord
from bridge.membership.roles import HeldRole
from bridge.membership.values import CLEARED
from bridge.privacy import erase_member, export_member
from bridge.store.database import Database
from bridge.store.members.upsert import UpsertResult
from tests.store.members.test_upsert import audited, roles, stored, upsert
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add

VALUES = {
    "status": "member",
    "unit": "Transit 12",
    "classification": "clerical",
    "job_class": "13",
    "payroll_number": "P-77",
    "supervisor_name": "Sue Pervisor",
    "supervisor_email": "sue@employer.example",
}
FULL = replace(ANNA, **VALUES)  # type: ignore[arg-type]


def facts(db: Database, number: str = "1001") -> dict[str, str]:
    member = stored(db, number)
    return {name: getattr(member, name) for name in FACTS}


def changed(db: Database, **values: Any) -> UpsertResult:
    return upsert(db, replace(ANNA, **values))


def test_facts_are_stored(db: Database) -> None:
    upsert(db, FULL, BEN)
    assert facts(db) == VALUES
    assert set(facts(db, "1002").values()) == {""}
    assert upsert(db, FULL).unchanged == 1


def test_what_a_source_does_not_say_stays(db: Database) -> None:
    upsert(db, FULL)
    assert upsert(db, ANNA).unchanged == 1
    assert facts(db) == VALUES


@pytest.mark.parametrize("name", [*FACTS, "region"])
def test_a_dash_clears_a_value(db: Database, name: str) -> None:
    upsert(db, FULL)
    assert len(changed(db, **{name: CLEARED}).changed) == 1
    assert getattr(stored(db, "1001"), name) == ""
    cleared = {name} | {f for f in FACTS if name.startswith("supervisor") and f.startswith("super")}
    assert {f: v for f, v in facts(db).items() if f not in cleared} == {
        f: v for f, v in VALUES.items() if f not in cleared
    }


def test_a_dash_ends_the_role(db: Database) -> None:
    upsert(db, replace(BEN, number="7"))
    upsert(db, replace(BEN, number="7", role=CLEARED))
    assert roles(db, "7") == [HeldRole("steward", until=LATER.date())]


def test_a_new_member_with_dashes_has_empty_values(db: Database) -> None:
    changed(db, **dict.fromkeys(["region", "role", *FACTS], CLEARED))
    assert set(facts(db).values()) == {""}
    assert (stored(db, "1001").region, roles(db, "1001")) == ("", [])


@pytest.mark.parametrize(
    ("said", "name", "email"),
    [
        ({"supervisor_name": "New Boss"}, "New Boss", ""),
        ({"supervisor_email": "new@employer.example"}, "", "new@employer.example"),
        ({"supervisor_name": "Sue Pervisor"}, "Sue Pervisor", "sue@employer.example"),
    ],
)
def test_a_new_supervisor_does_not_inherit_the_details_of_the_former_one(
    db: Database, said: dict[str, str], name: str, email: str
) -> None:
    upsert(db, FULL)
    changed(db, **said)
    assert (facts(db)["supervisor_name"], facts(db)["supervisor_email"]) == (name, email)


@pytest.mark.parametrize("source", ["form", "moodle"])
def test_facts_that_people_enter_themselves_are_ignored(db: Database, source: str) -> None:
    entered = replace(FULL, number=None, source=source, moodle_user_id=7)
    upsert(db, entered)
    upsert(db, replace(entered, supervisor_name="My friend"))
    with db.reading() as session:
        held = export_member(session, 1)["member"]
    assert [held[name] for name in FACTS] == [""] * len(FACTS)  # type: ignore[index]
    upsert(db, FULL)
    upsert(db, replace(entered, supervisor_name="My friend", unit=CLEARED))
    assert facts(db) == VALUES


def test_changes_are_audited_but_private_values_are_not_repeated(db: Database) -> None:
    upsert(db, ANNA)
    upsert(db, FULL)
    upsert(db, replace(FULL, payroll_number=CLEARED))
    first, second = audited(db)
    assert first.after == VALUES | dict.fromkeys(
        ["payroll_number", "supervisor_name", "supervisor_email"], "…"
    )
    assert (second.before, second.after) == ({"payroll_number": "…"}, {"payroll_number": ""})


def test_the_result_has_the_former_status(db: Database) -> None:
    [anna] = changed(db, status="left").created
    assert changed(db, status="left").former_statuses == {}
    assert changed(db, status="member").former_statuses == {anna: "left"}
    assert changed(db, unit="12").former_statuses == {}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("supervisor_email", "sue", "supervisor email is not an address"),
        ("payroll_number", "x" * 41, "payroll number is longer than 40"),
        ("unit", "a\nb", "unit contains an unprintable character"),
    ],
)
def test_invalid_facts_are_refused(db: Database, name: str, value: str, reason: str) -> None:
    [(_, why)] = changed(db, **{name: value}).refused
    assert reason in why


def test_facts_are_exported_and_erased(db: Database) -> None:
    with db.transaction() as session:
        [anna, sue] = add(session, [FULL, MemberRecord("2", "Sue@Employer.example", "Sue", "P")])
        held = export_member(session, anna)
        assert VALUES.items() <= held["member"].items()  # type: ignore[attr-defined]
        assert "employer" not in json.dumps(held["audit"])
        erase_member(session, sue, "committee", NOW)
    assert (facts(db)["supervisor_name"], facts(db)["supervisor_email"]) == ("", "")
    with db.transaction() as session:
        erase_member(session, anna, "committee", NOW)
