"""Two records of one member become one, and nothing of either is lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bridge.access.rights import CONFIDENTIAL
from bridge.config import Config
from bridge.errors import MemberError
from bridge.features import FEATURES
from bridge.foundations.feature import Context
from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.member_merging.choices import Field, differing, version_of
from bridge.member_merging.merging import Merge, Merged, merge_members
from bridge.member_merging.moves import MEMBER_MOVES
from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.privacy import export_member
from bridge.store.database import Database
from bridge.store.learning import awards
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.completions import CompletionRecord, completions_of, upsert_completions
from bridge.store.members.queries import members_by_ids, set_moodle_users
from bridge.store.members.roles import give_role, roles_of
from bridge.store.members.upsert import upsert_members
from bridge.store.persons.former_addresses import member_had
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.members import Member, MemberRole
from bridge.store.tables.operations import AuditEntry
from bridge.workflows.member_changes.outcome import Editor
from tests.store.sample_members import BEN, LATER, NOW, add
from tests.store.test_privacy import fill_every_table

EDITOR = Editor("committee@union.example", LATER, (), {})
TWIN = replace(BEN, number="77", email="ben@home.example", role="", region="north")


def merged(
    session: Session,
    kept: int,
    removed: int,
    taken: Collection[str] = (),
    editor: Editor = EDITOR,
    **more: object,
) -> Merged:
    context = Context(session, Config(), (), "en", editor.now)
    return merge_members(context, FEATURES, Merge(kept, removed, taken, **more), editor)  # type: ignore[arg-type]


def columns_with_member() -> list[tuple[str, str]]:
    return [
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name in ("member_id", "moved_from")
    ]


def test_every_table_of_members_has_a_move() -> None:
    moved = {model.__tablename__ for model in MEMBER_MOVES} | {"person"}
    missing = {table for table, column in columns_with_member() if column == "member_id"} - moved
    assert missing == set(), "Say in MEMBER_MOVES of bridge/member_merging/moves.py what moves."


def test_nothing_is_left_of_the_record_that_is_removed(db: Database) -> None:
    zoe, ben = fill_every_table(db)
    with db.transaction() as session:
        before = export_member(session, zoe)
        done = merged(session, ben, zoe, ["number", "moodle_user_id"], rights=CONFIDENTIAL)
        assert done.moved["award"] == 1
        assert done.account is None
    with db.transaction() as session:
        for table, column in columns_with_member():
            left = select(func.count()).select_from(Base.metadata.tables[table])
            found = session.scalar(left.where(Base.metadata.tables[table].c[column] == zoe))
            assert found == 0, f"{table}.{column}"
        assert members_by_ids(session, [zoe]) == {}
        member = members_by_ids(session, [ben])[ben]
        assert (member.number, member.email) == ("Z-4711", BEN.email)
        assert (member.moodle_user_id, member.payroll_number) == (987654, "pay-815")
        after = export_member(session, ben)
        for key in ("credit", "member_note", "form_submission", "stored_file"):
            assert {row["id"] for row in before[key]} <= {row["id"] for row in after[key]}, key  # type: ignore[attr-defined]
        assert member_had(session, ben, "zoe.quill@example.org")


def test_of_two_awards_and_results_the_earlier_and_the_better_stay(db: Database) -> None:
    with db.transaction() as session:
        kept, removed = add(session, [BEN, TWIN])
        for one, at, grade in ((kept, LATER, 40.0), (removed, NOW, 90.0)):
            awards.grant(session, [AwardRecord(one, "path", "m", f"r{one}", {}, at)])
            rows = [CompletionRecord(one, "path", "q", grade > 50, grade, at)]
            upsert_completions(session, rows)
        merged(session, kept, removed)
    with db.reading() as session:
        [award] = awards.awards_of(session, kept)
        assert award.at == NOW
        assert [(each.done, each.grade) for each in completions_of(session, kept)] == [(True, 90.0)]


def test_roles_that_overlap_become_one(db: Database) -> None:
    since, until = date(2025, 1, 1), date(2025, 6, 30)
    with db.transaction() as session:
        kept, removed = add(session, [replace(BEN, role=""), TWIN])
        give_role(session, kept, HeldRole("chief", since=since, until=until), "x", NOW)
        give_role(session, removed, HeldRole("chief", since=date(2025, 6, 1)), "x", NOW)
        give_role(session, removed, HeldRole("trustee", "west", since=since), "x", NOW)
        merged(session, kept, removed)
    with db.reading() as session:
        held = {each.held for each in roles_of(session, [kept])[kept]}
    assert held == {HeldRole("chief", since=since), HeldRole("trustee", "west", since=since)}


def test_both_numbers_mean_the_member_in_the_next_import(db: Database) -> None:
    with db.transaction() as session:
        kept, removed = add(session, [BEN, TWIN])
        merged(session, kept, removed, ["email"])
    with db.transaction() as session:
        written = upsert_members(session, [replace(TWIN, first_name="Benoît")], LATER)
        assert (written.ids, written.refused) == ([kept], [])
        assert session.scalar(select(func.count()).select_from(Member)) == 1


def test_the_account_that_is_chosen_gets_everything_again(db: Database) -> None:
    with db.transaction() as session:
        kept, removed = add(session, [BEN, TWIN])
        set_moodle_users(session, {kept: 7, removed: 8})
        done = merged(session, kept, removed, ["moodle_user_id"])
        assert done.account == 7
        assert members_by_ids(session, [kept])[kept].moodle_user_id == 8
        owed = select(Delivery.kind).where(Delivery.member_id == kept, Delivery.state == "owed")
        assert "account" in session.scalars(owed).all()


def test_what_was_written_in_confidence_gets_no_other_reader(db: Database) -> None:
    with db.transaction() as session:
        kept, removed = add(session, [BEN, TWIN])
        place = FormPlace(Owner(removed), ("path/secret",), needs="grievance-forms")
        drafts.save(session, place, {"why": ["x"]}, 0, NOW)
    with db.transaction() as session, pytest.raises(MemberError, match="may not read"):
        merged(session, kept, removed)
    with db.transaction() as session:
        merged(session, kept, removed, ["email"])
        assert members_by_ids(session, [kept])[kept].email == TWIN.email


def test_nobody_merges_their_own_record_or_one_that_changed(db: Database) -> None:
    with db.transaction() as session:
        kept, removed = add(session, [BEN, TWIN])
        both = members_by_ids(session, [kept, removed])
        version = version_of(both[kept], both[removed])
        assert {each.name for each in differing(both[kept], both[removed])} == {
            "number", "email", "region",
        }  # fmt: skip
    with db.transaction() as session:
        with pytest.raises(MemberError, match="your own"):
            merged(session, kept, removed, editor=replace(EDITOR, own=(removed,)))
        with pytest.raises(MemberError, match="the same record"):
            merged(session, kept, kept)
        upsert_members(session, [replace(TWIN, region="west")], LATER)
        with pytest.raises(MemberError, match="changed meanwhile"):
            merged(session, kept, removed, version=version)
    with db.transaction() as session:
        assert len(members_by_ids(session, [kept, removed])) == 2


def test_it_is_in_the_activity_log(db: Database) -> None:
    with db.transaction() as session:
        kept, removed = add(session, [BEN, TWIN])
        merged(session, kept, removed, ["region"])
    with db.reading() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.member_id == kept)).all()
    by_action = {line.action: line for line in lines}
    assert by_action["member-merged"].before["number"] == "77"
    assert by_action["member"].after == {"region": "north"}


def test_records_of_a_form_become_those_of_the_membership_system(db: Database) -> None:
    typed = MemberRecord(None, "kim@home.example", "Kim", "Doe", source="form")
    with db.transaction() as session:
        kept, removed = add(session, [typed, BEN])
        merged(session, kept, removed, ["number"])
        member = members_by_ids(session, [kept])[kept]
        assert (member.source, member.number) == ("csv", BEN.number)


@pytest.mark.parametrize("page_is_kept", [True, False])
def test_what_the_committee_gave_stays_when_an_import_names_other_roles(
    db: Database, page_is_kept: bool
) -> None:
    given, imported = HeldRole("steward"), HeldRole("steward", since=date(2025, 1, 1))
    with db.transaction() as session:
        kept, removed = add(session, [replace(BEN, role=""), TWIN])
        by_page, by_file = (kept, removed) if page_is_kept else (removed, kept)
        give_role(session, by_page, given, "x", NOW)
        session.add(MemberRole(member_id=by_file, **asdict(imported), source="csv"))
        merged(session, kept, removed)
    with db.transaction() as session:
        upsert_members(session, [replace(BEN, role="trustee")], LATER)
    with db.reading() as session:
        held = {each.held.role: each.held.until for each in roles_of(session, [kept])[kept]}
    assert held == {"steward": None, "trustee": None}


def test_another_member_with_the_address_and_no_number_is_named(db: Database) -> None:
    typed = MemberRecord(None, "kim@home.example", "Kim", "Doe", source="form")
    with db.transaction() as session:
        kept, removed, third = add(session, [BEN, typed, replace(TWIN, number="78")])
        values = {"number": None, "number_key": "", "email": BEN.email, "email_key": BEN.email}
        session.execute(update(Member).where(Member.id == third).values(values))
    with pytest.raises(MemberError, match="another member has"), db.transaction() as session:
        merged(session, kept, removed, ["number"])
    with db.reading() as session:
        assert len(members_by_ids(session, [kept, removed, third])) == 3


@pytest.mark.parametrize(
    ("kept", "removed", "proposed"),
    [
        ("", "left", "kept"),
        ("member", "left", "kept"),
        ("left", "", "removed"),
        ("left", "retired", "removed"),
        ("", "retired", "removed"),
        ("member", "", "kept"),
    ],
)
def test_who_has_left_in_one_record_only_is_proposed_as_a_member(
    kept: str, removed: str, proposed: str
) -> None:
    assert Field("status", kept, removed).default == proposed
