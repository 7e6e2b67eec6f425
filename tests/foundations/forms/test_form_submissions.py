"""Submissions: snapshots, sent once, withdrawn, with their files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bridge.curriculum.audience import MEMBERS
from bridge.curriculum.forms.form import Form, revision_of
from bridge.foundations.files import rows as files
from bridge.foundations.files.rows import NewFile
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.submissions import AlreadySent, Incomplete, submit
from bridge.foundations.owners import Owner
from bridge.store.database import Database
from tests.curriculum.forms.sample_form import form

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=400)
FORM = form()
TYPED = {"topic": ["Law"], "rules": ["agreed"], "hours": ["3,5"]}


def place_of(member_id: int, *names: str) -> FormPlace:
    return FormPlace(Owner(member_id), names or ("small/mentor",))


def stored_file(session: Session, member_id: int, name: str = "cv.pdf") -> int:
    new = NewFile(Owner(member_id), "form", name, "pdf", 9, "0" * 64, f"{name}-{member_id}")
    number = files.reserve(session, new, 1000, NOW)
    assert files.mark_stored(session, number)
    return number


def test_a_submission_keeps_the_form_as_it_was(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        place = place_of(two_members[0])
        drafts.save(session, place, TYPED, 0, NOW)
        number = submit(session, place, FORM, TYPED, "token", NOW)
        assert drafts.find(session, place) is None
    with db.reading() as session:
        sent = submissions.find(session, number, Owner(two_members[0]))
        assert submissions.find(session, number, Owner(two_members[1])) is None
    assert sent
    assert sent.form == replace(FORM, audience=MEMBERS)
    assert sent.revision == revision_of(FORM)
    assert sent.answers["hours"] == "3.5"
    assert sent.sender.startswith("Anna")


def test_a_double_click_sends_once(db: Database, two_members: list[int]) -> None:
    place = place_of(two_members[0])
    with db.transaction() as session:
        first = submit(session, place, FORM, TYPED, "token", NOW)
    with db.transaction() as session:
        assert submit(session, place, FORM, TYPED, "token", NOW) == first
        assert len(submissions.of_member(session, two_members[0])) == 1


def test_a_second_submission_needs_a_withdrawal(db: Database, two_members: list[int]) -> None:
    place = place_of(two_members[0])
    with db.transaction() as session:
        first = submit(session, place, FORM, TYPED, "one", NOW)
    other = {**TYPED, "topic": ["Pay"]}
    with pytest.raises(AlreadySent), db.transaction() as session:
        submit(session, place, FORM, other, "two", NOW)
    renamed = place_of(two_members[0], "small/new", "small/mentor")
    with pytest.raises(AlreadySent), db.transaction() as session:
        submit(session, renamed, FORM, other, "three", NOW)
    with db.transaction() as session:
        assert not submissions.withdraw(session, first, Owner(two_members[1]), NOW)
        assert submissions.withdraw(session, first, Owner(two_members[0]), NOW)
        assert not submissions.withdraw(session, first, Owner(two_members[0]), NOW)
        second = submit(session, place, FORM, TYPED, "four", NOW)
        assert [each.id for each in submissions.of_member(session, two_members[0])] == [
            second, first,
        ]  # fmt: skip


def test_the_database_refuses_two_at_the_same_time(db: Database, two_members: list[int]) -> None:
    """The check in `submit` can't see what another transaction has not committed yet."""
    with db.transaction() as session:
        submit(session, place_of(two_members[0]), FORM, TYPED, "one", NOW)
        copy = text(
            "INSERT INTO form_submission (member_id, form, subject, token, revision, definition,"
            " answers, submitted_at) SELECT member_id, form, subject, 'two', revision, definition,"
            " answers, submitted_at FROM form_submission WHERE true ON CONFLICT DO NOTHING"
        )
        session.execute(copy)
        assert len(submissions.of_member(session, two_members[0])) == 1


def test_an_incomplete_form_keeps_its_draft(db: Database, two_members: list[int]) -> None:
    place = place_of(two_members[0])
    with db.transaction() as session:
        drafts.save(session, place, {"topic": ["Law"]}, 0, NOW)
        with pytest.raises(Incomplete) as incomplete:
            submit(session, place, FORM, {"topic": ["Law"]}, "token", NOW)
    assert list(incomplete.value.problems) == ["rules"]
    with db.reading() as session:
        assert drafts.find(session, place)
        assert submissions.of_member(session, two_members[0]) == []


def with_file() -> Form:
    return form("label: A letter", "label: A letter\n        required: yes")


def test_files_are_kept_with_the_submission(db: Database, two_members: list[int]) -> None:
    anna = two_members[0]
    with db.transaction() as session:
        cv = stored_file(session, anna)
        typed = {**TYPED, "letter": [str(cv), "cv.pdf"]}
        drafts.save(session, place_of(anna), typed, 0, NOW)
        kept = files.find_file(session, cv, NOW + drafts.RETENTION - timedelta(days=1))
        assert kept
        number = submit(session, place_of(anna), with_file(), typed, "token", NOW)
        kept = files.find_file(session, cv, LATER)
        assert kept
        assert kept.subject == f"submission:{number}"
        drafts.save(session, place_of(anna, "small/other"), typed, 0, NOW)
        assert files.find_file(session, cv, LATER) == kept, "a draft took a file that was sent"
        submissions.withdraw(session, number, Owner(anna), NOW)
        assert files.find_file(session, cv, NOW)
        assert files.find_file(session, cv, LATER) is None


def test_the_file_of_another_member_is_refused(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        cv = stored_file(session, ben)
        typed = {**TYPED, "letter": [str(cv), "cv.pdf"]}
    for number in (str(cv), "999", "9" * 18):
        typed["letter"] = [number, "cv.pdf"]
        with pytest.raises(Incomplete) as incomplete, db.transaction() as session:
            submit(session, place_of(anna), with_file(), typed, "token", NOW)
        assert "isn't there any more" in incomplete.value.problems["letter"]


def test_withdrawn_submissions_are_deleted_later(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        number = submit(session, place_of(two_members[0]), FORM, TYPED, "one", NOW)
        submissions.prune(session, LATER)
        assert submissions.find(session, number)
        submissions.withdraw(session, number, Owner(two_members[0]), NOW)
        submissions.prune(session, NOW)
        assert submissions.find(session, number)
        submissions.prune(session, LATER)
        assert submissions.find(session, number) is None


def test_the_list_has_pages_forms_and_states(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        first = submit(session, place_of(two_members[0]), FORM, TYPED, "one", NOW)
        second = submit(session, place_of(two_members[1]), FORM, TYPED, "two", NOW)
        other = submit(session, place_of(two_members[1], "small/x"), FORM, TYPED, "three", NOW)
        submissions.withdraw(session, second, Owner(two_members[1]), NOW)

        def ids(limit: int = 9, after: int = 0, **only: object) -> list[int]:
            found = submissions.list_submissions(session, limit, after, **only)  # type: ignore[arg-type]
            return [each.id for each in found]

        assert ids() == [first, other]
        assert ids(1) == [first]
        assert ids(9, first) == [other]
        assert ids(names=["small/mentor"]) == [first]
        assert ids(withdrawn=True) == [second]
