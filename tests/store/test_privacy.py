"""An export has everything about a member, and an erased member leaves nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bridge.errors import MemberError
from bridge.privacy import PERSONAL_TABLES, erase_member, export_member
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.learning import awards
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.operations import AuditEntry
from tests.store.filled_tables import ZOE, all_rows_as_text, fill_every_table
from tests.store.sample_members import BEN, LATER, NOW, add

TRACES = ("z-4711", "zoe.quill", "zoélie", "quillfeather", "zo\\u00e9lie", "987654", "zq@",
          "retired", "pay-815", "pervisor", "sue@")  # fmt: skip


KEYS_OF_AN_EXPORT = [
    "member", "delivery", "award", "award_decision", "credit", "completion", "first_try",
    "enrolment", "web_session", "member_role", "member_note", "member_batch_line",
    "member_import_row", "member_email_recipient", "recheck",
    "reminder",
    "account_question", "number_question", "moodle_difference", "audit", "team_role",
    "saved_filter", "saved_filter_recipient", "signin",
    "letter", "contact_request", "join_request", "person", "personal_link", "mailing_subscription",
    "former_mailing_token", "stored_file", "due", "form_draft", "form_submission",
    "session_leader", "session_registration_change", "session_registration",
    "session_attendance", "session_notice", "session_join_link",
    "consultation_answer", "consultation_invitation",
]  # fmt: skip
ERASE = "Correct `erase` of its PersonalTable in bridge/store/personal_tables.py."


WITHOUT_PERSONAL_DATA = {
    "course_module", "cursor", "erased_award_count", "former_key", "live_session", "lock",
    "question_content", "session_meeting", "signoff_batch",
    "question_statistic", "quiz_statistic", "run", "saved_statistics", "session_announcement",
    "session_moodle_event",
    "webhook_request", "consultation", "consultation_group", "consultation_response",
}  # fmt: skip
"""Tables that say nothing about a person."""
PEOPLE = {"member", "person"}
"""A table that points at one of these is about people."""
PEOPLE_COLUMNS = {"member_id", "person_id"}
"""So is one with such a column, even if it is no foreign key."""


def unregistered_tables() -> list[str]:
    """Tables with personal data, as far as one can tell, that no PersonalTable is for."""
    registered = {each.table.name for each in PERSONAL_TABLES}
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if table.name not in registered
        and (
            table.name not in WITHOUT_PERSONAL_DATA
            or any(key.column.table.name in PEOPLE for key in table.foreign_keys)
            or not PEOPLE_COLUMNS.isdisjoint(table.columns.keys())
        )
    ]


def test_every_table_with_personal_data_is_registered() -> None:
    unregistered = unregistered_tables()
    assert not unregistered, (
        f"no PersonalTable for {unregistered}. A table of the store: add of_member(…) or "
        "of_email(…) to STORE_TABLES in bridge/store/personal_tables.py. A table of a feature: "
        "add it to PERSONAL_TABLES in its tables.py, and those to its Feature. A table that "
        "says nothing about a person: add its name to WITHOUT_PERSONAL_DATA in this file."
    )


def test_a_table_is_registered_once_under_its_own_key() -> None:
    tables = [each.table.name for each in PERSONAL_TABLES]
    keys = [each.key for each in PERSONAL_TABLES]
    assert len(set(tables)) == len(tables)
    assert len(set(keys)) == len(keys)


def test_a_table_that_points_at_members_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    left_out = [each for each in PERSONAL_TABLES if each.table.name != "credit"]
    monkeypatch.setattr(f"{__name__}.PERSONAL_TABLES", left_out)
    monkeypatch.setattr(f"{__name__}.WITHOUT_PERSONAL_DATA", {*WITHOUT_PERSONAL_DATA, "credit"})
    assert unregistered_tables() == ["credit"]


@pytest.mark.parametrize("name", ["audit", "outbox_email"])
def test_a_table_with_a_column_of_a_person_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    left_out = [each for each in PERSONAL_TABLES if each.table.name != name]
    monkeypatch.setattr(f"{__name__}.PERSONAL_TABLES", left_out)
    monkeypatch.setattr(f"{__name__}.WITHOUT_PERSONAL_DATA", {*WITHOUT_PERSONAL_DATA, name})
    assert unregistered_tables() == [name]


def test_erasing_leaves_no_personal_data(db: Database) -> None:
    zoe, ben = fill_every_table(db)
    with db.transaction() as session:
        session.execute(Base.metadata.tables["credit"].update().values(evidence={}))
        before = awards.count_awards(session)
    assert all(any(trace in all_rows_as_text(db) for trace in pair) for pair in
               (("z-4711",), ("quillfeather",), ("zq@",)))  # fmt: skip
    with db.transaction() as session:
        erase_member(session, zoe, "Z-4711", LATER)
    left = all_rows_as_text(db)
    assert [trace for trace in TRACES if trace in left] == [], ERASE
    with db.reading() as session:
        assert awards.count_awards(session) == before == {("path", "m"): 2}
        lines = session.scalars(select(AuditEntry).where(AuditEntry.member_id == zoe)).all()
        actions = ["member", "role", "note-added", "sign-off", "form-sent", "forgot"]
        assert [line.action for line in lines] == actions
        assert export_member(session, ben)["member"]["number"] == "1002"  # type: ignore[index]


def test_awards_of_erased_members_add_up(db: Database) -> None:
    for person in fill_every_table(db):
        with db.transaction() as session:
            erase_member(session, person, "chair", LATER)
    with db.reading() as session:
        assert awards.count_awards(session) == {("path", "m"): 2}


def test_the_id_of_an_erased_member_is_not_reused(db: Database) -> None:
    with db.transaction() as session:
        [ben] = add(session, [BEN])
        erase_member(session, ben, "chair", NOW)
        [again] = add(session, [BEN])
    assert again != ben


def test_the_database_file_has_no_trace_of_an_erased_member(
    tmp_path: Path, sqlite_template: Path
) -> None:
    from bridge.store.database import open_database

    file = tmp_path / "store.db"
    file.write_bytes(sqlite_template.read_bytes())
    db = open_database(f"sqlite:///{file}")
    zoe, _ = fill_every_table(db)
    with db.transaction() as session:
        erase_member(session, zoe, "chair", LATER)
    db.close()
    content = b"".join(part.read_bytes() for part in tmp_path.glob("store.db*")).lower()
    for trace in (b"z-4711", b"zoe.quill", b"zq@", b"quillfeather"):
        assert trace not in content


def test_an_export_has_everything_as_json(db: Database) -> None:
    zoe, _ = fill_every_table(db)
    with db.reading() as session:
        held = export_member(session, zoe)
    assert list(held) == KEYS_OF_AN_EXPORT, (
        "the keys of an exported file have changed. A new table: add its key to KEYS_OF_AN_EXPORT. "
        "Never change or remove a key: other programs may read it (use `exported_as`)."
    )
    empty = [key for key, rows in held.items() if not rows]
    assert not empty, f"the test can't tell whether {empty} are exported: fill_every_table has none"
    assert held["member"] | {"id": zoe} == held["member"]  # type: ignore[operator]
    assert [each["role"] for each in held["member_role"]] == ["steward", "chief"]  # type: ignore[index,attr-defined]
    text = json.dumps(held, ensure_ascii=False).lower()
    for trace in ("z-4711", "zq@example.org", "zoélie", "987654", "welcome", "basic", "90.0",
                  "retired", "pay-815", "sue@employer.example"):  # fmt: skip
        assert trace in text
    for foreign in ("bouchard", "stranger@", "s-1"):
        assert foreign not in text


def test_an_unknown_member_cannot_be_erased_or_exported(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(MemberError, match="member 999: there is no such member"):
            erase_member(session, 999, "chair", NOW)
        with pytest.raises(MemberError, match="no such member"):
            export_member(session, 999)


@pytest.mark.parametrize(
    "damaged", [["Zoe@example.org"], {"unreadable": '{"email": "Zoe@example.org'}]
)
def test_a_damaged_contact_email_that_mentions_the_member_is_erased(
    db: Database, damaged: object
) -> None:
    with db.transaction() as session:
        [zoe] = add(session, [replace(ZOE, email="zoe@example.org")])
        for _ in range(2):
            outbox.enqueue(session, "contact", "c@example.org", "en", {"email": "b@x.org"}, NOW)
        first = update(OutboxEmail).where(OutboxEmail.id == 1)
        session.execute(first.values(payload=damaged))
        erase_member(session, zoe, "chair", NOW)
        assert session.scalars(select(OutboxEmail.id)).all() == [2]
