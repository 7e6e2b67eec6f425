"""An export has everything about a person, and an erased person leaves nothing.

tests/store/test_privacy.py checks that every table that points at a person is registered.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.forms.form import Form
from bridge.curriculum.forms.texts import ShortText
from bridge.curriculum.text import plain_text
from bridge.errors import PersonError
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.files import rows as files
from bridge.foundations.files.file_types import FileRefused
from bridge.foundations.files.rows import NewFile
from bridge.foundations.files.tables import DELETED, STORED, StoredFile
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.submissions import submit
from bridge.foundations.owners import Owner
from bridge.privacy import (
    PERSONAL_TABLES,
    erase_member,
    erase_person,
    export_member,
    export_person,
    merge_persons,
)
from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.operations import audit_log
from bridge.store.persons import changes, personal_links, proof, queries, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.auth import Login
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.operations import AuditEntry
from tests.consultations.sample_rows import use_consultations
from tests.sessions.sample_rows import use_sessions
from tests.store.filled_tables import all_rows_as_text
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add

QUINN = PersonRecord("Quinn Quillfeather", "quinn@example.org", "fr")
TRACES = ("quinn", "quillfeather")
FORM = Form("join", plain_text("Join"), (ShortText(key="why", label=plain_text("Why?")),))


def fill(session: Session, record: PersonRecord = QUINN) -> int:
    """Store something of a person in every table that has persons; return their ID."""
    person = changes.add(session, record, "chair", NOW).id
    proof.confirm_email(session, person, NOW)
    personal_links.issue(session, f"t-{record.email}", "cancel", person, "", NOW, LATER - NOW)
    use_address(session, record.email)
    audit_log.write(session, record.email, "listed", None, {}, {}, NOW)
    use_features(session, person, record.name)
    return person


def use_features(session: Session, person: int, name: str) -> None:
    """Store something of the person in each table of the features."""
    owner = Owner(person_id=person)
    new = NewFile(owner, "form", f"CV of {name}.pdf", "pdf", 9, "0" * 64, f"file-{person}")
    files.mark_stored(session, files.reserve(session, new, 99, NOW))
    evening = LocalTime(datetime.fromisoformat("2026-06-01 17:00"), "America/Toronto")
    schedule(session, "reminder", "form", evening, NOW, Owner(person_id=person))
    typed = {"why": [f"Because I am {name}."]}
    drafts.save(session, FormPlace(owner, ("path/other",)), typed, 0, NOW)
    submit(session, FormPlace(owner, ("path/join",)), FORM, typed, f"token-{person}", NOW)
    use_sessions(session, person, NOW)
    use_consultations(session, person, NOW)


def use_address(session: Session, email: str) -> None:
    outbox.enqueue(session, "confirm", email, "en", {"link": email}, NOW)
    logins.start(session, f"login-{email}", email, None, NOW)
    message = ContactMessage(email, email, "", "", "", "Call me", "en")
    contact_requests.add_request(session, message, NOW)


def test_rows_of_every_table_with_persons_can_be_moved() -> None:
    """A table that points at a person must say what merging does with its rows."""
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        if "person_id" in table.columns and table.name != "audit"  # which merging moves itself
    }
    assert pointing
    assert pointing <= {each.table.name for each in PERSONAL_TABLES if each.move is not None}


def test_an_export_of_a_person_has_everything(db: Database) -> None:
    with db.transaction() as session:
        other = fill(session, PersonRecord("Other", "other@example.org"))
        quinn = fill(session)
        held = export_person(session, quinn)
        assert held["person"]["email"] == QUINN.email  # type: ignore[index]
        assert set(held) == {
            "person", "personal_link", "audit", "letter", "contact_request", "stored_file", "due",
            "form_draft", "form_submission", "session_leader", "session_registration_change",
            "session_registration", "session_attendance", "session_notice", "session_join_link",
            "consultation_answer", "consultation_invitation",
        }  # fmt: skip
        text = json.dumps(held)
        assert "t-quinn" not in text
        assert "other@" not in text
        assert other != quinn


def test_an_erased_person_leaves_nothing(db: Database) -> None:
    with db.transaction() as session:
        other = fill(session, PersonRecord("Other", "other@example.org"))
        quinn = fill(session)
    assert all(trace in all_rows_as_text(db) for trace in TRACES)
    with db.transaction() as session:
        erase_person(session, quinn, QUINN.email, LATER)
    left = all_rows_as_text(db)
    assert [trace for trace in TRACES if trace in left] == []
    with db.reading() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.person_id == quinn)).all()
        assert lines[-1].action == "person-erased"
        assert set(export_person(session, other)) > {"person", "letter", "contact_request"}


def test_a_typed_address_gives_no_access_to_what_is_stored_under_it(db: Database) -> None:
    """Otherwise a guest who typed a stranger's address would get and erase the stranger's data."""
    with db.transaction() as session:
        typed = records.find_or_add(session, PersonRecord("Mallory", "kim@example.org"), NOW).id
        use_address(session, "kim@example.org")
        outbox.enqueue(session, "contact", "c@example.org", "en", {"a": "damaged"}, NOW)
        assert set(export_person(session, typed)) == {"person"}
        erase_person(session, typed, "chair", NOW)
        assert len(session.scalars(select(OutboxEmail.id)).all()) == 2
        assert len(session.scalars(select(Login.token)).all()) == 1


def test_what_belongs_to_nobody_is_not_a_persons(db: Database) -> None:
    """A person without a member has no rows whose `member_id` is empty."""
    file = StoredFile(
        member_id=None, purpose="proof", subject="s", name="a.pdf", type="pdf", size=1,
        sha256="0" * 64, disk_name="0" * 32, state=STORED, keep_until=None, created_at=NOW,
    )  # fmt: skip
    with db.transaction() as session:
        session.add(file)
        quinn = fill(session)
        assert len(export_person(session, quinn)["stored_file"]) == 1  # type: ignore[arg-type]
        erase_person(session, quinn, "chair", NOW)
        assert session.scalars(select(StoredFile.state).order_by(StoredFile.id)).all() == [
            STORED, DELETED,
        ]  # fmt: skip


def test_erasing_a_person_keeps_their_member(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        use_address(session, ANNA.email)
        person = records.person_of_member(session, anna, NOW)
        assert set(export_person(session, person)) == {"person"}
        erase_person(session, person, "chair", NOW)
        held = export_member(session, anna)
        assert held["letter"]
        assert held["contact_request"]
        assert not held["person"]


def test_erasing_a_member_erases_their_person(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person = records.person_of_member(session, anna, NOW)
        personal_links.issue(session, "t", "cancel", person, "", NOW, LATER - NOW)
        audit_log.write(session, "chair", "person-looked", None, {}, {"x": "Anna"}, NOW,
                        person_id=person)  # fmt: skip
        erase_member(session, anna, "chair", NOW)
    assert "anna" not in all_rows_as_text(db)
    with db.reading() as session:
        assert queries.list_persons(session, 9) == []


def test_merging_moves_rows_and_history(db: Database) -> None:
    with db.transaction() as session:
        quinn, other = fill(session), fill(session, PersonRecord("Other", "other@example.org"))
        merge_persons(session, quinn, other, "chair", LATER)
        held = export_person(session, quinn)
        assert len(held["contact_request"]) == 2  # type: ignore[arg-type]
        actions = [row["action"] for row in held["audit"]]  # type: ignore[attr-defined]
        assert actions.count("person-added") == 2
        erase_person(session, quinn, "chair", LATER)
    left = all_rows_as_text(db)
    assert [trace for trace in TRACES if trace in left] == []
    assert '"link": "other@' not in left


def test_merging_keeps_one_draft_and_one_submission_of_each_form(db: Database) -> None:
    with db.transaction() as session:
        quinn = fill(session)
        other = fill(session, PersonRecord("Other", "other@example.org"))
        place = FormPlace(Owner(person_id=other), ("path/other",))
        drafts.save(session, place, {"why": ["Typed last"]}, 1, LATER)
        kept = FormPlace(Owner(person_id=other), ("path/third",))
        third = submit(session, kept, FORM, {"why": ["x"]}, "third", NOW)
        merge_persons(session, quinn, other, "chair", LATER)
        owner = Owner(person_id=quinn)
        draft = drafts.find(session, FormPlace(owner, ("path/other",)))
        assert draft
        assert draft.answers == {"why": ["Typed last"]}
        sent = submissions.of_owner(session, owner)
        assert [each.id for each in sent if each.name == "path/third"] == [third]
        withdrawn = [each.withdrawn_at for each in sent if each.name == "path/join"]
        assert sorted(withdrawn, key=str) == [NOW, None]
        assert len(export_person(session, quinn)["due"]) == 1  # type: ignore[arg-type]
        assert len(export_person(session, quinn)["stored_file"]) == 2  # type: ignore[arg-type]


def test_merging_deletes_the_files_of_the_draft_that_goes(db: Database) -> None:
    with db.transaction() as session:
        people = [
            changes.add(session, PersonRecord(name, f"{name}@example.org"), "chair", NOW).id
            for name in ("kim", "lee")
        ]
        uploaded = []
        for person, at in zip(people, (NOW, LATER), strict=True):
            owner = Owner(person_id=person)
            cv = NewFile(owner, "form", "CV.pdf", "pdf", 9, "0" * 64, f"cv-{person}")
            uploaded.append(files.reserve(session, cv, 99, at))
            files.mark_stored(session, uploaded[-1])
            answers = {"cv": [str(uploaded[-1]), "CV.pdf"]}
            drafts.save(session, FormPlace(owner, ("path/cv",)), answers, 0, at)
        merge_persons(session, *people, "chair", LATER)
        found = [files.find_file(session, one, LATER) is not None for one in uploaded]
        assert found == [False, True]
        assert files.used_bytes(session, Owner(person_id=people[0])) == 9


def test_the_quota_is_the_persons(db: Database) -> None:
    with db.transaction() as session:
        quinn = Owner(person_id=fill(session))
        other = Owner(person_id=fill(session, PersonRecord("Other", "other@example.org")))
        assert files.used_bytes(session, quinn) == 9
        big = NewFile(quinn, "form", "b.pdf", "pdf", 91, "0" * 64, "big")
        with pytest.raises(FileRefused):
            files.reserve(session, big, 99, NOW)
        files.reserve(session, big, 100, NOW)
        [file] = session.scalars(select(StoredFile.id).where(StoredFile.name == "b.pdf"))
        assert files.mark_stored(session, file)
        assert not files.attach(session, file, other, "form", "x:1", None, NOW)
        assert files.attach(session, file, quinn, "form", "x:1", None, NOW)


def test_a_member_has_what_they_made_as_a_person(db: Database) -> None:
    with db.transaction() as session:
        person = fill(session, PersonRecord("Anna", ANNA.email))
        [anna] = add(session, [ANNA])
        proof.link_by_email(session, [ANNA.email], NOW)
        assert len(submissions.of_member(session, anna)) == 1
        assert len(drafts.list_drafts(session, anna)) == 1
        assert len(export_member(session, anna)["form_submission"]) == 1  # type: ignore[arg-type]
        [shared] = add(session, [replace(BEN, email=ANNA.email)])
        assert submissions.of_member(session, anna) == [], "the address isn't only Anna's any more"
        assert export_member(session, anna)["form_submission"] == []
        assert submissions.of_member(session, shared) == []
        assert len(submissions.of_owner(session, Owner(person_id=person))) == 1


def test_there_is_nothing_to_export_or_erase_of_a_person_who_does_not_exist(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(PersonError, match="person 999: there is no such person"):
            export_person(session, 999)
        with pytest.raises(PersonError, match="no such person"):
            erase_person(session, 999, "chair", NOW)
