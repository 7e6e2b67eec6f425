"""Looking at a file of members, and recording what was looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from bridge.errors import MemberError
from bridge.member_imports import reading, recording
from bridge.member_imports.reading import OWN, OWN_ADDRESS
from bridge.member_imports.recording import CHANGED_SINCE, record_import
from bridge.messages import from_data
from bridge.store.batches import member_imports
from bridge.store.database import Database
from bridge.store.members.number_answers import remember_number
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.delivery import Delivery
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
)
from tests.store.sample_members import NOW


def reasons(db: Database, found: int) -> list[str]:
    return [str(from_data(each.details.get("reason", ""))) for each in rows_of(db, found)]


def test_looking_at_a_file_changes_no_member(db: Database) -> None:
    record(db, row(1), row(2))
    found = look(db, row(1), row(2, "south"), row(3), row(4, email="no"), "5", key="again")
    told = [each.state for each in rows_of(db, found)]
    assert told == ["unchanged", "changed", "new", "refused", "refused"]
    changed = rows_of(db, found)[1].details["values"]
    assert changed == {"region": ["north", "south"]}
    assert "not an address" in reasons(db, found)[3]
    assert "this row has 1" in reasons(db, found)[4]
    assert set(members(db)) == {"1", "2"}
    assert members(db)["2"].region == "north"


def test_the_same_form_stores_a_file_once(db: Database) -> None:
    assert look(db, row(1)) == look(db, row(1))


def test_the_same_form_with_another_content_or_from_someone_else_is_another_file(
    db: Database,
) -> None:
    other = office(actor="other@union.example")
    found = {look(db, row(1)), look(db, row(1, "south")), look(db, row(1), who=other)}
    assert len(found) == 3


def test_what_was_looked_at_is_recorded_once(db: Database) -> None:
    record(db, row(1))
    found = record(db, row(1, "south", "steward"), row(2), row(3, email="no"), key="b")
    record_import(db, found, office(NOW + MINUTE))
    assert states(db, found) == [("changed", "recorded"), ("new", "recorded"), ("refused", "")]
    assert {n: each.region for n, each in members(db).items()} == {"1": "south", "2": "north"}
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "members-imported"))
        told = [each.after for each in entries][-1]
        stored = member_imports.find(session, found)
    assert told == {"list": found, "count": 2}
    assert stored is not None
    assert stored.counts["new"] == {"recorded": 1}
    assert stored.recorded_at == NOW


def test_a_member_changed_since_is_skipped_and_said(db: Database) -> None:
    record(db, row(1), row(2), row(3))
    found = look(db, row(1, "south"), row(2, "south", payroll="P-2"), row(3, "south"), key="b")
    with db.transaction() as session:
        one = update(Member).where(Member.number == "1")
        session.execute(one.values(region="east"))
        two = update(Member).where(Member.number == "2")
        session.execute(two.values(payroll_number="P-9"))
    record_import(db, found, office())
    assert states(db, found) == [
        ("changed", "skipped"), ("changed", "skipped"), ("changed", "recorded"),
    ]  # fmt: skip
    assert reasons(db, found)[:2] == [CHANGED_SINCE, CHANGED_SINCE]
    now = members(db)
    assert (now["1"].region, now["2"].region, now["3"].region) == ("east", "north", "south")
    assert now["2"].payroll_number == "P-9"


def test_a_new_member_who_signed_up_since_is_skipped(db: Database) -> None:
    found = look(db, row(1), key="b")
    record(db, row(1, "south"))
    record_import(db, found, office())
    assert states(db, found) == [("new", "skipped")]
    assert members(db)["1"].region == "south"


def test_questions_go_where_those_of_the_command_line_go(db: Database) -> None:
    record(db, row(7))
    found = record(db, row(7, number="007"), key="b")
    assert states(db, found) == [("question", "asked")]
    assert "another spelling" in reasons(db, found)[0]
    with db.reading() as session:
        [question] = session.scalars(select(NumberQuestion))
    assert question.number == "007"


def test_several_rows_about_one_member_are_refused(db: Database) -> None:
    record(db, row(7))
    with db.transaction() as session:
        remember_number(session, members(db)["7"].id, "5", "someone", NOW)
    found = record(db, row(7, "south"), row(5, "north"), key="b")
    assert states(db, found) == [("changed", "recorded"), ("refused", "")]
    assert "line 2 is about the same member" in reasons(db, found)[1]
    assert members(db)["7"].region == "south"


def test_nobody_imports_their_own_record(db: Database) -> None:
    record(db, row(1))
    mine = members(db)["1"].id
    who = office(own=[mine], actor="m9@example.org")
    found = record(db, row(1, role="steward"), row(9), row(2), key="b", who=who)
    assert states(db, found) == [("refused", ""), ("refused", ""), ("new", "recorded")]
    assert reasons(db, found)[:2] == [OWN, OWN_ADDRESS]


def test_nobody_imports_an_address_that_is_or_was_theirs(db: Database) -> None:
    record(db, row(1, email="old@example.org"), row(2))
    record(db, row(1, email="mine@example.org"), key="b")
    who = office(own=[members(db)["1"].id], actor="login@example.org")
    rows = (row(3, email="Mine@example.org"), row(2, email="mine@example.org"),
            row(4, email="old@example.org"), row(5))  # fmt: skip
    found = record(db, *rows, key="c", who=who)
    assert [state for state, _ in states(db, found)] == ["refused"] * 3 + ["new"]
    assert reasons(db, found)[:3] == [OWN_ADDRESS] * 3
    assert members(db)["2"].email == "m2@example.org"


def test_only_the_one_who_looked_records(db: Database) -> None:
    found = look(db, row(1))
    with pytest.raises(MemberError, match="someone else"):
        record_import(db, found, office(actor="other@union.example"))
    assert members(db) == {}


def test_emails_and_enrolments_wait_longer_than_the_hour(db: Database) -> None:
    record(db, row(1, role="steward"))
    with db.reading() as session:
        due = {each.kind: each.next_try for each in session.scalars(select(Delivery))}
    assert {"account", "welcome", "mail"} <= due.keys()
    assert set(due.values()) == {NOW + timedelta(minutes=75)}


def test_a_file_with_too_many_rows_or_bytes_is_refused(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 1)
    with pytest.raises(MemberError, match="more than 1 rows"):
        look(db, row(1), row(2))
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(MemberError, match="larger than"):
        look(db, row(1))


def test_after_a_kill_it_goes_on_where_it_stopped(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "BATCH_SIZE", 2)
    found = look(db, *map(row, range(1, 6)))
    with db.transaction() as session:
        recording.start_recording(session, found, office())
    with db.transaction() as session:
        assert recording.record_batch(session, found, office()) == 2
    assert len(members(db)) == 2
    with pytest.raises(MemberError, match="interrupted more than an hour ago"):
        record_import(db, found, office(NOW + timedelta(hours=1)))
    record_import(db, found, office(NOW + 50 * MINUTE))
    assert set(states(db, found)) == {("new", "recorded")}
    assert len(members(db)) == 5


def test_going_on_after_a_kill_does_not_move_the_hour(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "BATCH_SIZE", 1)
    found = look(db, row(1), row(2))
    with db.transaction() as session:
        recording.start_recording(session, found, office())
        recording.record_batch(session, found, office())
    record_import(db, found, office(NOW + 50 * MINUTE))
    with db.reading() as session:
        stored = member_imports.find(session, found)
        due = {each.next_try for each in session.scalars(select(Delivery))}
    assert stored is not None
    assert stored.recorded_at == NOW
    assert due == {NOW + timedelta(minutes=75)}


def test_as_many_queries_for_one_row_as_for_many(db: Database) -> None:
    counts = []
    for rows, key, start in ((1, "a", 1), (40, "b", 100)):
        who = office(path=())
        record(db, *(row(n) for n in range(start, start + rows)), key=f"{key}0", who=who)
        changed = [row(n, "south", "steward") for n in range(start, start + rows)]
        new = [row(n) for n in range(start + 50, start + 50 + rows)]
        found = look(db, *changed, *new, key=key, who=who)
        statements: list[str] = []
        with db.transaction() as session:
            recording.start_recording(session, found, office())
        with db.transaction() as session:
            engine = session.get_bind()
            listen = count_into(engine, statements)
            recording.record_batch(session, found, who)
            event.remove(engine, "before_cursor_execute", listen)
        counts.append(len(statements))
    assert counts[0] == counts[1]
