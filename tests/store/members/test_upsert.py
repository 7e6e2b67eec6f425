"""Member records: matched to members, created or updated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, update

from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.store.accounts.questions import (
    NUMBER_FROM_MOODLE,
    NewQuestion,
    add_questions,
    answer,
    open_questions,
)
from bridge.store.database import Database
from bridge.store.members.queries import find, get_member
from bridge.store.members.roles import roles_of
from bridge.store.members.upsert import UpsertResult, upsert_members
from bridge.store.operations.audit_log import write
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add, many_members, member


def upsert(db: Database, *records: MemberRecord) -> UpsertResult:
    with db.transaction() as session:
        return upsert_members(session, records, LATER, actor="the test")


def stored(db: Database, number: str) -> Member:
    with db.reading() as session:
        found = get_member(session, number)
    assert found is not None
    return found


def roles(db: Database, number: str) -> list[HeldRole]:
    member = stored(db, number).id
    with db.reading() as session:
        return [each.held for each in roles_of(session, [member]).get(member, [])]


def audited(db: Database) -> list[AuditEntry]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def people(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Member)) or 0


def test_new_members_are_created_without_audit_entry(db: Database) -> None:
    written = upsert(db, ANNA, BEN)
    assert (len(written.created), written.changed, written.unchanged) == (2, [], 0)
    assert written.ids == [stored(db, "1001").id, stored(db, "1002").id]
    assert audited(db) == []


def test_the_same_batch_again_changes_nothing(db: Database) -> None:
    upsert(db, *many_members(20))
    written = upsert(db, *many_members(20))
    assert (written.created, written.changed, written.unchanged) == ([], [], 20)
    assert people(db) == 20
    assert audited(db) == []


def test_a_change_is_stored_and_audited_by_field(db: Database) -> None:
    [anna] = upsert(db, ANNA).created
    written = upsert(db, replace(ANNA, email="a@example.org", role="steward"))
    assert written.changed == [anna]
    line, role = audited(db)
    assert (line.actor, line.action, line.member_id, line.at) == ("the test", "member", anna, LATER)
    assert (line.before, line.after) == ({"email": ANNA.email}, {"email": "a@example.org"})
    assert (role.actor, role.action, role.member_id) == ("the test", "role", anna)
    assert (role.before, role.after) == ({}, {"role": "steward"})
    assert stored(db, "1001").updated_at == LATER


def test_without_actor_the_audit_entry_names_the_source(db: Database) -> None:
    upsert(db, ANNA)
    with db.transaction() as session:
        upsert_members(session, [replace(ANNA, email="a@b.ca", source="webhook")], NOW)
    assert [line.actor for line in audited(db)] == ["webhook"]


def test_empty_fields_change_nothing(db: Database) -> None:
    full = replace(BEN, role_since=date(2025, 5, 1), moodle_user_id=7)
    upsert(db, full)
    written = upsert(db, MemberRecord("1002", BEN.email, "", ""))
    assert written.unchanged == 1
    ben = stored(db, "1002")
    assert (ben.region, ben.language) == ("east", "fr")
    assert (ben.moodle_user_id, ben.first_name) == (7, "Ben")
    assert roles(db, "1002") == [HeldRole("steward", since=date(2025, 5, 1))]


def test_a_new_role_does_not_inherit_the_start_date(db: Database) -> None:
    upsert(db, replace(BEN, role_since=date(2025, 5, 1)))
    upsert(db, replace(BEN, role="chief-steward"))
    assert roles(db, "1002") == [
        HeldRole("steward", since=date(2025, 5, 1), until=LATER.date()), HeldRole("chief-steward")
    ]  # fmt: skip


def test_a_number_of_spaces_is_no_number(db: Database) -> None:
    upsert(db, replace(ANNA, number="  "))
    with db.reading() as session:
        found = find(session, "ANNA@EXAMPLE.ORG")
    assert found is not None
    assert found.number is None


def test_a_member_known_only_by_email_gets_the_number(db: Database) -> None:
    [form] = upsert(db, replace(ANNA, number=None, source="form")).created
    written = upsert(db, replace(ANNA, email="Anna@Example.org"))
    assert (written.created, written.changed) == ([], [form])
    assert (stored(db, "1001").id, stored(db, "1001").source) == (form, "csv")


def test_a_shared_email_does_not_match_a_member_with_a_number(db: Database) -> None:
    upsert(db, ANNA)
    assert len(upsert(db, replace(BEN, email=ANNA.email)).created) == 1


def test_an_ambiguous_record_is_refused(db: Database) -> None:
    nameless = replace(ANNA, number=None)
    upsert(db, replace(nameless, moodle_user_id=1), replace(nameless, moodle_user_id=2))
    assert people(db) == 2
    written = upsert(db, ANNA)
    assert written.refused == [(0, "2 members have this email.")]
    assert written.ids == [None]


def test_a_record_matches_by_moodle_account(db: Database) -> None:
    [anna] = upsert(db, replace(ANNA, moodle_user_id=7)).created
    written = upsert(db, replace(ANNA, number=None, email="new@example.org", moodle_user_id=7))
    assert written.changed == [anna]
    assert stored(db, "1001").email == "new@example.org"


@pytest.mark.parametrize(
    "record",
    [replace(BEN, moodle_user_id=7), replace(member(3), moodle_user_id=7)],
    ids=["known by number", "unknown number"],
)
def test_a_moodle_account_belongs_to_one_member(db: Database, record: MemberRecord) -> None:
    upsert(db, replace(ANNA, moodle_user_id=7), BEN)
    [(index, reason)] = upsert(db, record).refused
    assert (index, reason) == (0, "Moodle account 7 already belongs to another member.")


def test_a_member_has_one_moodle_account(db: Database) -> None:
    upsert(db, replace(ANNA, moodle_user_id=7))
    [(_, reason)] = upsert(db, replace(ANNA, moodle_user_id=8)).refused
    assert reason == "the member already has another Moodle account (7, not 8)."


def test_records_about_one_member_in_a_batch_are_merged(db: Database) -> None:
    written = upsert(
        db,
        replace(ANNA, number=None, region=""),
        ANNA,
        replace(ANNA, first_name="Anna-Maria", region=""),
    )
    assert (len(written.created), written.unchanged, len(set(written.ids))) == (1, 2, 1)
    anna = stored(db, "1001")
    assert (anna.first_name, anna.region) == ("Anna-Maria", "north")


def test_a_refused_record_does_not_stop_the_batch(db: Database) -> None:
    bad = [
        replace(ANNA, email="nobody"),
        replace(ANNA, email=""),
        replace(ANNA, email="andré@example.org"),
        replace(ANNA, first_name="A\0"),
        replace(ANNA, last_name="x" * 101),
        replace(ANNA, number="1\n2"),
        replace(ANNA, first_name="\udcff"),
    ]
    written = upsert(db, *bad, BEN)
    assert [index for index, _ in written.refused] == list(range(7))
    assert len(written.created) == 1
    reasons = " ".join(reason for _, reason in written.refused)
    for part in ("missing", "name@example.org", "U+0000", "100 characters", "U+000A", "U+DCFF"):
        assert part in reasons


def test_the_longest_texts_fit(db: Database) -> None:
    email = "e" * 60 + "@" + "d" * 35 + ".org"
    record = MemberRecord("n" * 100, email, "é" * 100, "l" * 100, "r" * 40, "x" * 10, "s" * 40)
    assert len(upsert(db, record).created) == 1


@pytest.mark.parametrize("known", [False, True])
def test_many_records_need_no_more_queries(db: Database, queries: list[str], known: bool) -> None:
    costs = []
    for count in (10, 500):
        with db.transaction() as session:
            if known:
                add(session, many_members(count))
            queries.clear()
            upsert_members(session, [replace(m, region="x") for m in many_members(count)], LATER)
            costs.append(len([each for each in queries if "advisory" not in each]))
            session.rollback()
    assert costs[0] == costs[1] <= 5


def test_a_registration_in_moodle_matches_the_member_with_that_email(db: Database) -> None:
    [anna] = upsert(db, ANNA).created
    registered = replace(ANNA, number=None, source="moodle", moodle_user_id=77)
    assert upsert(db, registered).changed == [anna]
    assert stored(db, "1001").moodle_user_id == 77
    other = replace(registered, moodle_user_id=78)
    assert upsert(db, other).created != [anna]


STRANGER = MemberRecord(
    "1001", "stranger@example.org", "Sam", "Stranger", source="moodle", moodle_user_id=66
)


@pytest.mark.parametrize("source", ["csv", "webhook", "cli", "api"])
def test_a_number_from_a_moodle_profile_takes_over_no_record(db: Database, source: str) -> None:
    """As in a database of an earlier version, where profiles still gave numbers."""
    upsert(db, STRANGER)
    [(index, reason)] = upsert(db, replace(ANNA, role="steward", source=source)).refused
    assert index == 0
    assert "came from a Moodle profile" in reason
    assert "stranger" not in reason
    unchanged = stored(db, "1001")
    assert (unchanged.email, roles(db, "1001")) == ("stranger@example.org", [])


def test_a_number_from_a_moodle_profile_with_the_same_email_matches(db: Database) -> None:
    [anna] = upsert(db, replace(STRANGER, email="Anna@example.org")).created
    assert upsert(db, ANNA).changed == [anna]
    assert (stored(db, "1001").first_name, stored(db, "1001").source) == ("Anna", "csv")


def test_a_person_can_confirm_the_number(db: Database) -> None:
    [member] = upsert(db, STRANGER).created
    with db.transaction() as session:
        add_questions(session, [NewQuestion(member, 66, NUMBER_FROM_MOODLE)], NOW)
        [question] = open_questions(session, 9)
        answer(session, [question.id], "same", "the committee", NOW)
    assert upsert(db, ANNA).changed == [member]
    assert stored(db, "1001").email == ANNA.email


def test_a_number_from_the_membership_system_matches(db: Database) -> None:
    """A database of an earlier version, which left the source as it was."""
    [member] = upsert(db, replace(STRANGER, number=None)).created
    line = {"before": {"number": None}, "after": {"number": "1001"}}
    with db.transaction() as session:
        session.execute(update(Member).values(number="1001"))
        write(session, "the office", "member", member, **line, now=NOW)
    assert upsert(db, ANNA).changed == [member]


@pytest.mark.parametrize("source", ["moodle", "form"])
def test_a_member_of_the_membership_system_is_not_changed_by_forms(
    db: Database, source: str
) -> None:
    [anna] = upsert(db, replace(ANNA, number=None, source=source, moodle_user_id=7)).created
    upsert(db, ANNA)
    changed = replace(STRANGER, number=None, email="other@example.org", moodle_user_id=7)
    assert upsert(db, changed).ids == [anna]
    anna_now = stored(db, "1001")
    assert (anna_now.email, anna_now.first_name) == (ANNA.email, ANNA.first_name)
    assert anna_now.source == "csv"


def test_a_second_membership_source_changes_nothing(db: Database) -> None:
    upsert(db, ANNA)
    assert upsert(db, replace(ANNA, source="webhook")).unchanged == 1
    assert stored(db, "1001").source == "csv"


def test_registering_in_moodle_links_and_overwrites_nothing(db: Database) -> None:
    upsert(db, replace(ANNA, language=""))
    registered = replace(
        STRANGER, number=None, email=ANNA.email.upper(), language="fr", moodle_user_id=77
    )
    upsert(db, registered)
    anna = stored(db, "1001")
    assert (anna.moodle_user_id, anna.first_name, anna.language) == (77, ANNA.first_name, "fr")
    assert anna.email == ANNA.email
