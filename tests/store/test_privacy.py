"""An export has everything about a member, and an erased member leaves nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.curriculum.forms.form import Form
from bridge.curriculum.forms.texts import ShortText
from bridge.curriculum.text import plain_text
from bridge.errors import MemberError
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.files import rows as stored_files
from bridge.foundations.files.rows import NewFile
from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.submissions import submit
from bridge.foundations.owners import Owner
from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.privacy import PERSONAL_TABLES, erase_member, export_member
from bridge.store.accounts import questions as account_questions
from bridge.store.accounts.questions import NewQuestion
from bridge.store.auth import api_tokens, email_change, logins, signin_links, team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.batches import batches
from bridge.store.curricula import file_versions
from bridge.store.database import Database
from bridge.store.delivery import deliveries, differences, outbox
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.delivery.differences import NewDifference
from bridge.store.learning import awards, decisions, refresh_requests
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.learning.signoffs import record_signoff
from bridge.store.member_changes import notes
from bridge.store.members import contact_requests, number_answers, number_questions, pending_signups
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.members.number_questions import NewNumberQuestion
from bridge.store.members.pending_signups import PendingSignupData
from bridge.store.members.roles import give_role
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import mailings, personal_links, records
from bridge.store.statistics.first_attempts import FirstAttemptRecord, save_first_attempts
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import FormerMailingToken
from tests.consultations.sample_rows import use_consultations
from tests.sessions.sample_rows import use_sessions
from tests.store.sample_members import BEN, LATER, NOW, add, remind

ZOE = MemberRecord("Z-4711", "zoe.quill@example.org", "Zoélie", "Quillfeather", "north", "fr",
                   "steward", date(2025, 2, 3), moodle_user_id=987654, status="retired",
                   payroll_number="pay-815", supervisor_name="Sue Pervisor",
                   supervisor_email="sue@employer.example")  # fmt: skip
TRACES = ("z-4711", "zoe.quill", "zoélie", "quillfeather", "zo\\u00e9lie", "987654", "zq@",
          "retired", "pay-815", "pervisor", "sue@")  # fmt: skip


KEYS_OF_AN_EXPORT = [
    "member", "delivery", "award", "award_decision", "credit", "completion", "first_try",
    "enrolment", "web_session", "member_role", "member_note", "member_batch_line", "recheck",
    "reminder",
    "account_question", "number_question", "moodle_difference", "audit", "team_role", "signin",
    "letter", "contact_request", "join_request", "person", "personal_link", "mailing_subscription",
    "former_mailing_token", "stored_file", "due", "form_draft", "form_submission",
    "session_leader", "session_registration_change", "session_registration",
    "session_attendance", "session_notice", "session_join_link",
    "consultation_answer", "consultation_invitation",
]  # fmt: skip
ERASE = "Correct `erase` of its PersonalTable in bridge/store/personal_tables.py."


def fill_every_table(db: Database) -> list[int]:
    """Store something of Zoé in every table; return her ID and Ben's."""
    with db.transaction() as session:
        supervised = replace(BEN, supervisor_name="Z. Q.", supervisor_email="Zq@Example.org")
        zoe, ben = add(session, [ZOE, supervised])
        upsert_members(session, [replace(ZOE, email="zq@example.org")], NOW, actor="Z-4711")
        give_role(session, zoe, HeldRole("chief", unit="pay-815"), "zq@example.org", NOW)
        for one in (zoe, ben):
            person = records.person_of_member(session, one, NOW)
            mailings.subscribe(session, person, "digest", NOW)
            session.add(FormerMailingToken(token=f"f{one}", person_id=person, mailing="digest"))
            personal_links.issue(session, f"t{one}", "cancel", person, "s", NOW, LATER - NOW)
            request_enrolments(session, [(one, "path", "welcome")], NOW)
            upsert_completions(session, [CompletionRecord(one, "path", "q", True, 90.0, NOW)])
            save_first_attempts(session, [FirstAttemptRecord(one, "path", "q", 40.0, NOW, 1)])
            notes.add(session, one, f"Called {one}", "zq@example.org", NOW)
            record_signoff(session, one, "path", "basic", "Chair", "for Zoélie", "chair", NOW)
            [(award, _)] = awards.grant(session, [AwardRecord(one, "path", "m", "r", {}, NOW)])
            lacking = [(awards.awards_of(session, one)[0], "signoff:basic")]
            decisions.raise_for(session, lacking, "Not there", "zq@example.org", NOW)
            batch = batches.start(session, f"b{one}", "roles-given", {}, "zq@example.org", NOW)
            lines = [batches.ChangedValues(one, 1, {}, {"unit": "pay-815" if one == zoe else "B"})]
            batches.add_lines(session, batch or 0, lines)
            emails = [DeliveryRecord(one, "mail", "m", {}, award)]
            deliveries.enqueue(session, emails, NOW)
        use_pages(session, zoe, "zq@example.org")
        use_pages(session, ben, BEN.email)
        use_features(session, zoe, "Quillfeather")
        use_features(session, ben, "Ben")
        ask_about_accounts(session, zoe, ben)
        [claimed, _] = deliveries.claim(session, "mail", "w", NOW, LATER - NOW, 5)
        deliveries.mark_failed(session, claimed.id, "w", "zq@example.org does not exist")
    return [zoe, ben]


def use_pages(session: Session, member_id: int, email: str) -> None:
    """Store something in each table of the pages."""
    logins.start(session, f"session-{email}", email, member_id, NOW)
    by = "chair@example.org"
    row = TeamRoleRow(0, email.lower(), email, "auditor", "", by, [by], NOW, email, NOW, None)
    team.give(session, row)
    team.give(
        session,
        replace(row, email=f"by-{member_id}@example.org", name="", given_by=email, lineage=[email]),
    )
    refresh_requests.request(session, member_id, NOW)
    remind(session, member_id)
    email_change.request(session, f"change-{email}", member_id, f"new-{email}", NOW)
    words = {"link": f"new-{email}"}
    outbox.enqueue(session, "new-address", f"new-{email}", "en", words, NOW, member_id=member_id)
    signin_links.add_link(session, f"link-{email}", "nonce", email, "/me", NOW)
    outbox.enqueue(session, "sign-in", email, "en", {"link": email}, NOW)
    outbox.enqueue(session, "contact", "chair@example.org", "en", {"email": email.upper()}, NOW)
    message = ContactMessage(email, email, "", "north", "path:m", f"I am {email}", "en")
    request = contact_requests.add_request(session, message, NOW)
    contact_requests.handle(session, request, None, email, NOW)
    pending_signups.add_pending_signup(
        session, f"join-{email}", PendingSignupData(email, email, email, "", "", "en", ""), NOW
    )
    api_tokens.add_token(session, f"token-{email}", "reports", ["members"], email, NOW)
    file_versions.save_version(session, "path", "curriculum.yaml", "key: path", "", email, NOW)


def use_features(session: Session, member_id: int, name: str) -> None:
    """Store something in each table of the features."""
    owner, cv = Owner(member_id), f"CV of {name}.pdf"
    new = NewFile(owner, "form", cv, "pdf", 9, "0" * 64, f"file-{member_id}")
    midnight = LocalTime(datetime.fromisoformat("2026-06-01 17:00"), "America/Toronto")
    schedule(session, "reminder", f"application of {name}", midnight, NOW, Owner(member_id))
    stored_files.mark_stored(session, stored_files.reserve(session, new, 99, NOW))
    form = Form("join", plain_text("Join"), (ShortText(key="why", label=plain_text("Why?")),))
    typed = {"why": [f"Because I am {name}."]}
    drafts.save(session, FormPlace(owner, ("path/other",)), typed, 0, NOW)
    submit(session, FormPlace(owner, ("path/join",)), form, typed, f"{member_id}", NOW)
    person = records.person_of_member(session, member_id, NOW)
    use_sessions(session, person, NOW)
    use_consultations(session, person, NOW)


def ask_about_accounts(session: Session, zoe: int, ben: int) -> None:
    """Her account is in questions about Ben, a stranger's in one about her; she answered one.

    The same about member numbers.
    """
    questions = [
        NewQuestion(zoe, 61, "why", "stranger@example.org", "S-1"),
        NewQuestion(ben, 62, "why", "ZQ@example.org", ""),
        NewQuestion(ben, 63, "why", "", "Z-4711"),
        NewQuestion(ben, 64, "why"),
    ]
    account_questions.add_questions(session, questions, NOW)
    found = account_questions.open_questions(session, 9)
    [hers] = [one.id for one in found if one.moodle_user_id == 64]
    account_questions.answer(session, [hers], "different", "zq@example.org", NOW)
    asked = [
        NewNumberQuestion(zoe, "S-1", "why", "stranger@example.org", "Stran", "Ger", "csv"),
        NewNumberQuestion(ben, "5", "why", "ZQ@example.org", "Zoélie", "Q", "csv"),
        NewNumberQuestion(ben, "Z-4711", "why", "", "", "", "csv"),
        NewNumberQuestion(ben, "6", "why", "", "", "", "csv"),
    ]
    number_questions.add_questions(session, asked, NOW)
    [answered] = [
        one.id for one in number_questions.open_questions(session, 9) if one.number == "6"
    ]
    number_answers.answer(session, [answered], "different", "zq@example.org", NOW)
    found_differences = [
        NewDifference(member, member, "enrol", "stewardpath:path:first", "unenrolled")
        for member in (zoe, ben)
    ]
    differences.record(session, found_differences, [], NOW)
    listed = [row.id for row in differences.differences_of(session, ben)]
    differences.answer(session, listed, "leave", "zq@example.org", NOW)


def all_rows_as_text(db: Database) -> str:
    with db.reading() as session:
        rows = [
            (table.name, [tuple(row) for row in session.execute(select(table))])
            for table in Base.metadata.sorted_tables
        ]
    return json.dumps(rows, default=str, ensure_ascii=False).lower()


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
