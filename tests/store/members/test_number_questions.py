"""A number that may be the one of a stored member is a question for a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bridge.member_records import MemberRecord
from bridge.privacy import erase_member, export_member
from bridge.store.database import Database
from bridge.store.members import number_answers
from bridge.store.members.number_answers import MISSING, ONE_MEMBER, ONE_NUMBER, REPLACED, TAKEN
from bridge.store.members.number_questions import (
    SAME_DETAILS,
    SPELLING,
    ListedNumberQuestion,
    answered_questions,
    count_open,
    open_questions,
)
from bridge.store.members.queries import get_member
from bridge.store.members.upsert import UpsertResult, upsert_members
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from tests.store.sample_members import ANNA, BEN, LATER, member

KIM = member(7, number="00125")


def upsert(db: Database, *records: MemberRecord) -> UpsertResult:
    with db.transaction() as session:
        return upsert_members(session, records, LATER, actor="the test")


def asked(db: Database) -> list[ListedNumberQuestion]:
    with db.reading() as session:
        return list(open_questions(session, 10))


def answer(db: Database, given: str) -> number_answers.NumberResult:
    ids = [one.id for one in asked(db)]
    with db.transaction() as session:
        return number_answers.answer(session, ids, given, "chair", LATER)  # type: ignore[arg-type]


def numbers(db: Database) -> list[str | None]:
    with db.reading() as session:
        return list(session.scalars(select(Member.number).order_by(Member.id)))


@pytest.mark.parametrize("spelling", ["125", "0125", "00 125", " 00125 ", "\uff11\uff12\uff15"])
def test_another_spelling_of_a_number_makes_no_second_member(db: Database, spelling: str) -> None:
    upsert(db, KIM)
    other = upsert(db, replace(member(8), number=spelling))
    assert numbers(db) == ["00125"]
    if spelling.strip() == "00125":
        return
    [(index, reason)] = other.refused
    assert (index, other.ids) == (0, [None])
    assert "in another spelling" in reason
    assert "A person must say" in reason
    [question] = asked(db)
    assert (question.member_number, question.number) == ("00125", spelling)
    assert (question.reason, question.email, question.source) == (SPELLING, "m8@example.org", "csv")


@pytest.mark.parametrize(
    ("one", "other"),
    [("A-001", "a-1"), ("A 12", "A12"), ("12/03", "12-3"), ("N7", "n7"), ("125", "125.")],
)
def test_numbers_that_are_compared_as_equal(db: Database, one: str, other: str) -> None:
    upsert(db, member(1, number=one))
    assert upsert(db, member(2, number=other)).refused
    assert len(asked(db)) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("12-3", "1-23"), ("125", "1250"), ("A1", "B1"), ("A1-2", "A12")]
)
def test_numbers_that_differ(db: Database, one: str, other: str) -> None:
    upsert(db, member(1, number=one))
    assert len(upsert(db, member(2, number=other)).created) == 1


def test_the_same_name_and_email_with_another_number_are_a_question(db: Database) -> None:
    upsert(db, ANNA)
    again = replace(ANNA, number="2001", email="ANNA@example.org", first_name="anna")
    assert "the same name and email" in upsert(db, again).refused[0][1]
    assert numbers(db) == ["1001"]
    [question] = asked(db)
    assert (question.reason, question.number) == (SAME_DETAILS, "2001")
    assert upsert(db, replace(again, first_name="Hannah")).created, "a family shares an address"


def test_two_records_of_one_batch_are_a_question_too(db: Database) -> None:
    written = upsert(db, KIM, replace(KIM, number="125"), replace(KIM, number="999"))
    assert len(written.created) == 1
    assert [index for index, _ in written.refused] == [1, 2]
    assert [one.number for one in asked(db)] == ["125", "999"]


def test_the_same_question_is_asked_once(db: Database) -> None:
    upsert(db, KIM)
    for _ in range(2):
        upsert(db, replace(KIM, number="125"))
    assert len(asked(db)) == 1


def test_a_corrected_file_withdraws_its_questions(db: Database) -> None:
    upsert(db, KIM, ANNA)
    upsert(db, replace(KIM, number="125"), replace(ANNA, number="9"))
    upsert(db, replace(KIM, source="webhook"))
    assert len(asked(db)) == 2, "another source"
    upsert(db, KIM, ANNA)
    assert [one.number for one in asked(db)] == ["9"]


def test_both_numbers_mean_the_same_person_after_same(db: Database) -> None:
    upsert(db, KIM)
    other = replace(KIM, number="125", last_name="New")
    upsert(db, other)
    assert answer(db, "same").changed
    assert asked(db) == []
    written = upsert(db, other)
    assert (len(written.changed), written.refused) == (1, [])
    assert upsert(db, replace(KIM, last_name="New")).unchanged == 1
    assert numbers(db) == ["00125"]
    with db.reading() as session:
        found = get_member(session, "125")
        assert found is not None
        assert found.last_name == "New"


def test_the_new_number_replaces_the_former_which_still_means_the_member(db: Database) -> None:
    upsert(db, ANNA)
    upsert(db, replace(ANNA, number="2001"))
    answer(db, "replace")
    assert numbers(db) == ["2001"]
    assert upsert(db, replace(ANNA, number="2001"), ANNA).unchanged == 2
    assert numbers(db) == ["2001"]
    assert upsert(db, member(3, number="02001")).refused, "the new number is compared"
    with db.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert ("member", {"number": "1001"}, {"number": "2001"}) in [
            (line.action, line.before, line.after) for line in lines
        ]
        assert "number-answer" in {line.action for line in lines}


def test_another_person_gets_a_record_of_their_own(db: Database) -> None:
    upsert(db, KIM)
    other = replace(KIM, number="125")
    upsert(db, other)
    answer(db, "different")
    assert len(upsert(db, other).created) == 1
    assert upsert(db, other, KIM).unchanged == 2
    with db.reading() as session:
        [row] = answered_questions(session, 10)
        assert (row.email, row.first_name, row.last_name) == ("", "", "")
        assert count_open(session) == 0


def test_a_withdrawn_answer_is_asked_again(db: Database) -> None:
    upsert(db, KIM)
    upsert(db, replace(KIM, number="125"))
    answer(db, "same")
    with db.transaction() as session:
        [row] = answered_questions(session, 10)
        assert number_answers.withdraw(session, [row.id], "chair", LATER).changed == [row.id]
    assert upsert(db, replace(KIM, number="125")).refused
    assert len(asked(db)) == 1


def test_impossible_answers_are_refused(db: Database) -> None:
    upsert(db, KIM, ANNA)
    upsert(db, replace(KIM, number="125"), replace(KIM, number="999"))
    assert set(answer(db, "replace").refused.values()) == {ONE_NUMBER}
    with db.transaction() as session:
        first, second = (one.id for one in open_questions(session, 10))
        session.add(Member(**_row(BEN, "125")))
        session.flush()
        refused = number_answers.answer(session, [first], "same", "chair", LATER).refused
        assert refused == {first: TAKEN}
        assert number_answers.answer(session, [second], "replace", "chair", LATER).changed
        assert number_answers.withdraw(session, [second, 99], "chair", LATER).refused == {
            second: REPLACED, 99: MISSING,
        }  # fmt: skip


def _row(record: MemberRecord, number: str) -> dict[str, object]:
    return {
        "number": number, "number_key": number, "email": record.email,
        "email_key": record.email, "first_name": "B", "last_name": "B", "region": "",
        "language": "", "source": "csv", "created_at": LATER, "updated_at": LATER,
    }  # fmt: skip


def test_a_number_means_one_member(db: Database) -> None:
    both = [replace(ANNA, number="1"), replace(ANNA, number="2", first_name="B")]
    upsert(db, *both)
    upsert(db, replace(both[0], number="3"))
    upsert(db, replace(both[1], number="3"))
    first, _ = (one.id for one in asked(db))
    with db.transaction() as session:
        number_answers.answer(session, [first], "same", "chair", LATER)
    assert list(answer(db, "same").refused.values()) == [ONE_MEMBER]


def test_erasing_a_member_erases_questions_about_them(db: Database) -> None:
    [kim, anna] = upsert(db, KIM, ANNA).created
    upsert(db, replace(KIM, number="125"), replace(ANNA, number="77"))
    with db.transaction() as session:
        exported = export_member(session, kim)["number_question"]
        assert isinstance(exported, list)
        assert not {"number", "email"} & set(exported[0])
        erase_member(session, kim, "chair", LATER)
        left = session.scalars(select(NumberQuestion)).all()
        assert [one.member_id for one in left] == [anna]
