"""Undoing an import within an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, select, update

from bridge.errors import MemberError
from bridge.jobs.cleanup import delete_expired
from bridge.member_imports import undoing
from bridge.member_imports.recording import record_import
from bridge.membership.roles import HeldRole
from bridge.store.batches import member_imports
from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.learning import awards, decisions
from bridge.store.member_changes import notes
from bridge.store.members.role_changes import RoleChange
from bridge.store.members.roles import change_roles, give_role, roles_of
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.member_imports import MemberImport, MemberImportRow
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from tests.member_imports.sample_imports import (
    MINUTE,
    count_into,
    look,
    members,
    office,
    record,
    row,
    rows_of,
    states,
    undo,
)
from tests.store.sample_members import NOW, add, member


def roles(db: Database, number: str) -> list[tuple[str, object]]:
    member = members(db)[number].id
    with db.reading() as session:
        return [(e.held.role, e.held.until) for e in roles_of(session, [member]).get(member, [])]


def left(db: Database, found: int) -> list[dict[str, object]]:
    return [dict(each.details["left"]) for each in rows_of(db, found)]  # type: ignore[call-overload]


def test_new_members_are_removed_with_what_the_import_queued(db: Database) -> None:
    found = record(db, row(1, role="steward"), row(2))
    undo(db, found)
    assert members(db) == {}
    assert states(db, found) == [("new", "undone"), ("new", "undone")]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "import-undone"))
        assert [each.after for each in entries] == [{"list": found, "reason": "wrong file"}]


def test_changed_members_get_back_what_they_had(db: Database) -> None:
    record(db, row(1, payroll="P-1", role="trustee"))
    with db.transaction() as session:
        add(session, [member(2, number=None)])
    changes = row(1, "south", "steward", email="new@example.org", payroll="P-2")
    found = record(db, changes, row(2), key="b", who=office(path=()))
    assert members(db)["1"].email_key == "new@example.org"
    undo(db, found, office(NOW + MINUTE, ()))
    now = members(db)
    assert (now["1"].region, now["1"].payroll_number) == ("north", "P-1")
    assert (now["1"].email, now["1"].email_key) == ("m1@example.org", "m1@example.org")
    assert roles(db, "1") == [("trustee", None)]
    assert now["None"].number_key == ""
    assert states(db, found) == [("changed", "undone"), ("changed", "undone")]


def test_what_someone_changed_since_stays_and_is_named(db: Database) -> None:
    record(db, row(1), row(2))
    found = record(db, row(1, "south", "steward", last="Other"), row(2, "south"), row(3), key="b")
    now = members(db)
    with db.transaction() as session:
        for number, values in (("1", {"region": "east"}), ("3", {"first_name": "Zo"})):
            session.execute(update(Member).where(Member.id == now[number].id).values(**values))
    undo(db, found)
    now = members(db)
    assert (now["1"].region, now["1"].last_name, now["1"].last_key) == ("east", "Last1", "last1")
    assert roles(db, "1") == []
    assert (now["2"].region, now["3"].first_name) == ("north", "Zo")
    assert states(db, found) == [("changed", "left"), ("changed", "undone"), ("new", "left")]
    assert left(db, found)[0] == {"why": "since", "fields": ["region"], "roles": []}
    assert left(db, found)[2] == {"why": "since"}


def test_a_role_that_someone_changed_since_stays(db: Database) -> None:
    record(db, row(1))
    found = record(db, row(1, role="steward"), key="b", who=office(path=()))
    member = members(db)["1"].id
    with db.transaction() as session:
        give_role(session, member, HeldRole("steward"), "someone", NOW)
    undo(db, found)
    assert roles(db, "1") == [("steward", None)]
    assert left(db, found)[0]["roles"] == ["steward"]


def test_new_members_with_something_else_stay(db: Database) -> None:
    found = record(db, row(1), row(2), row(3))
    ids = [members(db)[number].id for number in "12"]
    with db.transaction() as session:
        notes.add(session, ids[0], "Called her.", "someone", NOW)
        claimed = deliveries.claim(
            session, "account", "worker", NOW + timedelta(hours=2), MINUTE, 9
        )
        deliveries.release(session, "worker")
        kept = [each.id for each in claimed if each.member_id == ids[1]]
        session.execute(update(Delivery).where(Delivery.id.in_(kept)).values(state="done"))
    undo(db, found)
    assert set(members(db)) == {"1", "2"}
    assert [each["why"] for each in left(db, found) if each] == ["used", "used"]


def test_a_milestone_that_the_import_earned_is_taken_back_before_anyone_is_told(
    db: Database,
) -> None:
    record(db, row(1))
    found = record(db, row(1, role="steward"), key="b")
    undo(db, found)
    one = members(db)["1"].id
    with db.reading() as session:
        assert awards.current_awards(session, [one]) == []
        assert decisions.open_of(session, [one]) == []
        assert session.scalars(select(Delivery).where(Delivery.award_id.is_not(None))).all() == []


def test_a_milestone_that_is_still_earned_stays(db: Database) -> None:
    record(db, row(1))
    found = record(db, row(1, "south", role="steward"), key="b")
    one = members(db)["1"].id
    with db.transaction() as session:
        [held] = roles_of(session, [one])[one]
        change = RoleChange(held, replace(held.held, region="east"), "page")
        change_roles(session, {one: [change]}, "someone", NOW, "")
    undo(db, found)
    assert members(db)["1"].region == "north"
    with db.reading() as session:
        assert len(awards.current_awards(session, [one])) == 1
        assert decisions.open_of(session, [one]) == []


def test_a_milestone_that_someone_was_told_of_is_a_question(db: Database) -> None:
    record(db, row(1))
    found = record(db, row(1, role="steward"), key="b")
    with db.transaction() as session:
        sent = update(Delivery).where(Delivery.kind == "mail")
        session.execute(sent.values(state="done"))
    undo(db, found)
    one = members(db)["1"].id
    with db.reading() as session:
        assert len(awards.current_awards(session, [one])) == 1
        [question] = decisions.open_of(session, [one])
    assert "steward" in question.about


def test_open_questions_of_the_import_are_withdrawn(db: Database) -> None:
    record(db, row(7), row(8))
    found = record(db, row(7, number="007"), row(8, number="008"), key="b")
    with db.transaction() as session:
        answered = update(NumberQuestion).where(NumberQuestion.number == "008")
        session.execute(answered.values(answer="different"))
    undo(db, found)
    with db.reading() as session:
        assert [each.number for each in session.scalars(select(NumberQuestion))] == ["008"]


def test_a_number_stays_if_another_member_has_the_address_by_now(db: Database) -> None:
    with db.transaction() as session:
        add(session, [member(2, number=None)])
    found = record(db, row(2), key="b")
    with db.transaction() as session:
        add(session, [member(2, number=None)])
    undo(db, found)
    assert set(members(db)) == {"2", "None"}
    assert left(db, found)[0]["fields"] == ["number"]


def test_after_an_hour_it_is_too_late(db: Database) -> None:
    found = record(db, row(1))
    with pytest.raises(MemberError, match="more than an hour"):
        undo(db, found, office(NOW + timedelta(hours=1)))
    assert set(members(db)) == {"1"}
    undo(db, found, office(NOW + timedelta(minutes=59)))
    assert members(db) == {}


def test_what_is_not_recorded_cannot_be_undone(db: Database) -> None:
    found = look(db, row(1))
    with pytest.raises(MemberError, match="no such import"):
        undo(db, found)
    undone = record(db, row(2), key="b")
    undo(db, undone)
    with pytest.raises(MemberError, match="was undone"):
        record_import(db, undone, office())


def test_nobody_undoes_what_is_about_themselves(db: Database) -> None:
    record(db, row(1), row(2))
    found = record(db, row(1, "south"), row(2, "south"), key="b")
    mine = members(db)["1"].id
    undo(db, found, replace(office(NOW + MINUTE), own=[mine]))
    assert {n: e.region for n, e in members(db).items()} == {"1": "south", "2": "north"}
    assert left(db, found)[0] == {"why": "own"}


def test_nobody_gives_a_member_their_own_address_by_undoing(db: Database) -> None:
    record(db, row(1, email="mine@example.org"))
    found = record(db, row(1, email="other@example.org"), key="b")
    undo(db, found, office(NOW + MINUTE, actor="mine@example.org"))
    assert members(db)["1"].email == "other@example.org"
    assert left(db, found)[0] == {"why": "own"}


def test_someone_else_undoes_what_was_left_for_them(db: Database) -> None:
    record(db, row(1), row(2))
    found = record(db, row(1, "south"), row(2, "south"), key="b")
    undo(db, found, replace(office(NOW + MINUTE), own=[members(db)["1"].id]))
    undo(db, found, office(NOW + 2 * MINUTE, actor="other@union.example"))
    assert {n: e.region for n, e in members(db).items()} == {"1": "north", "2": "north"}
    assert states(db, found) == [("changed", "undone"), ("changed", "undone")]
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "import-undone"))
        assert [each.actor for each in entries] == [office().actor, "other@union.example"]


def test_what_is_left_is_not_undone_after_the_hour(db: Database) -> None:
    record(db, row(1))
    found = record(db, row(1, "south"), key="b")
    undo(db, found, replace(office(NOW + MINUTE), own=[members(db)["1"].id]))
    undo(db, found, office(NOW + timedelta(hours=1)))
    assert members(db)["1"].region == "south"
    assert states(db, found) == [("changed", "left")]


def test_imports_are_undone_in_any_order(db: Database) -> None:
    record(db, row(1))
    first = record(db, row(1, "south", "steward", last="Other"), key="b")
    second = record(db, row(1, "north", last="Other"), key="c")
    undo(db, first)
    assert left(db, first)[0] == {"why": "since", "fields": ["region"], "roles": []}
    undo(db, second)
    assert members(db)["1"].region == "south"
    undo(db, first)
    assert (members(db)["1"].region, members(db)["1"].last_name) == ("north", "Last1")
    assert states(db, first) == [("changed", "undone")]


def test_after_a_kill_undoing_goes_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "BATCH_SIZE", 2)
    found = record(db, *map(row, range(1, 6)))
    with db.transaction() as session:
        undoing.start_undoing(session, found, office(NOW + MINUTE), "wrong file")
    with db.transaction() as session:
        assert undoing.undo_batch(session, found, office(NOW + MINUTE)) == 2
    assert len(members(db)) == 3
    undo(db, found, office(NOW + timedelta(minutes=70)))
    assert members(db) == {}


def test_rows_are_deleted_after_an_hour(db: Database) -> None:
    unknown = row(1, role="Jane Doe 555-1234")
    recorded, looked = record(db, unknown, row(2, email="no")), look(db, row(3), key="b")
    with db.reading() as session:
        stored = session.get(MemberImport, recorded)
        assert "jane-doe" in str(stored and stored.notes)
    delete_expired(db, NOW + timedelta(minutes=59))
    assert len(rows_of(db, recorded)) == 2
    delete_expired(db, NOW + timedelta(hours=1))
    with db.reading() as session:
        assert session.scalars(select(MemberImportRow)).all() == []
        [kept] = session.scalars(select(MemberImport))
        assert (kept.id, kept.counts["refused"]) == (recorded, {"": 1})
        assert (kept.heading, kept.notes) == ([], {})
    with pytest.raises(MemberError, match="was deleted"):
        record_import(db, looked, office())
    with pytest.raises(MemberError, match="more than an hour"):
        undo(db, recorded)


def test_an_erased_member_is_not_imported_again(db: Database) -> None:
    found = look(db, row(1), row(2))
    with db.transaction() as session:
        session.execute(delete(MemberImportRow).where(MemberImportRow.line == 2))
    record_import(db, found, office())
    assert set(members(db)) == {"2"}


def test_as_many_queries_for_one_row_as_for_many(db: Database) -> None:
    counts = []
    for rows, key, start in ((1, "a", 1), (40, "b", 100)):
        who = office(path=())
        record(db, *(row(n) for n in range(start, start + rows)), key=f"{key}0", who=who)
        changed = [row(n, "south", "steward") for n in range(start, start + rows)]
        new = [row(n) for n in range(start + 50, start + 50 + rows)]
        found = record(db, *changed, *new, key=key, who=who)
        statements: list[str] = []
        with db.transaction() as session:
            undoing.start_undoing(session, found, who, "wrong file")
        with db.transaction() as session:
            engine = session.get_bind()
            listen = count_into(engine, statements)
            undoing.undo_batch(session, found, who)
            event.remove(engine, "before_cursor_execute", listen)
        counts.append(len(statements))
        assert {each for _, each in states(db, found)} == {"undone"}
        assert member_imports.UNDO_TIME
    assert counts[0] == counts[1]
