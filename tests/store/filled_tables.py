"""Rows about one member, and about another, in every table."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.forms.form import Form
from bridge.curriculum.forms.texts import ShortText
from bridge.curriculum.text import plain_text
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
from bridge.store.accounts import questions as account_questions
from bridge.store.accounts.questions import NewQuestion
from bridge.store.auth import api_tokens, email_change, logins, signin_links, team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.batches import batches, member_imports
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
from bridge.store.saved_filters import filters
from bridge.store.statistics.first_attempts import FirstAttemptRecord, save_first_attempts
from bridge.store.tables.base import Base
from bridge.store.tables.persons import FormerMailingToken
from tests.consultations.sample_rows import use_consultations
from tests.sessions.sample_rows import use_sessions
from tests.store.sample_members import BEN, LATER, NOW, add, remind, write_to

ZOE = MemberRecord("Z-4711", "zoe.quill@example.org", "Zoélie", "Quillfeather", "north", "fr",
                   "steward", date(2025, 2, 3), moodle_user_id=987654, status="retired",
                   payroll_number="pay-815", supervisor_name="Sue Pervisor",
                   supervisor_email="sue@employer.example")  # fmt: skip


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
            import_members(session, one, "zq@example.org" if one == zoe else "b@example.org")
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
    save_filters(session, email.lower())
    refresh_requests.request(session, member_id, NOW)
    remind(session, member_id)
    write_to(session, member_id, email)
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


def save_filters(session: Session, email: str) -> None:
    """A filter of their own, one that they share and get, and one of someone else."""
    for owner, shared in ((email, False), (email, True), ("chair@example.org", True)):
        row = filters.add(session, "reports.coverage", "Mine", {}, owner, shared, NOW)
        filters.set_recipients(session, row.id, [email, f"other-{row.id}@example.org"], owner, NOW)


def all_rows_as_text(db: Database) -> str:
    with db.reading() as session:
        rows = [
            (table.name, [tuple(row) for row in session.execute(select(table))])
            for table in Base.metadata.sorted_tables
        ]
    return json.dumps(rows, default=str, ensure_ascii=False).lower()


def import_members(session: Session, member: int, email: str) -> None:
    """An uploaded file with a row about a member, and one with their address that was refused."""
    values = {
        "key": f"i{member}", "name": "members.csv", "heading": [], "notes": {}, "counts": {},
        "sent_by": "zq@example.org", "sent_at": NOW, "recorded_by": "zq@example.org",
        "recorded_at": NOW, "undone_by": "zq@example.org", "undone_at": NOW, "reason": "",
        "rows_deleted_at": None,
    }  # fmt: skip
    row = {"line": 2, "state": "changed", "result": "recorded", "member_id": member,
           "email_key": "former@example.org", "cells": [email], "record": {"email": email},
           "version": "", "details": {}, "undo": {"before": {"email": email}}}  # fmt: skip
    refused = {**row, "line": 3, "member_id": None, "email_key": email}
    member_imports.add(session, values, [row, refused])
