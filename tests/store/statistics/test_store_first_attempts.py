"""First attempts at quizzes: stored once and counted."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bridge.store.database import Database
from bridge.store.privacy import erase_member
from bridge.store.statistics import first_attempts, quiz_statistics
from bridge.store.statistics.first_attempts import (
    FirstAttemptRecord,
    QuizCount,
    fill_in,
    save_first_attempts,
)
from bridge.store.statistics.quiz_statistics import QuestionCount
from bridge.store.tables.statistics import FirstAttempt
from tests.store.sample_members import NOW

PATH = "path"


YEAR = NOW - timedelta(days=365)


LATELY = NOW - timedelta(weeks=12)


MARKS = {(PATH, "check"): 70.0, (PATH, "deep"): 50.0}


def tried(member: int, quiz: str = "check", grade: float = 40.0, minute: int = 0,
          change: int = 1) -> FirstAttemptRecord:  # fmt: skip
    at = NOW + timedelta(minutes=minute)
    return FirstAttemptRecord(member, PATH, quiz, grade, at, change)


def keep(db: Database, *records: FirstAttemptRecord) -> int:
    with db.transaction() as session:
        return save_first_attempts(session, records)


def table(db: Database) -> set[tuple[object, ...]]:
    with db.reading() as session:
        return {tuple(row) for row in session.execute(select(*FirstAttempt.__table__.c))}


def count(db: Database) -> list[QuizCount]:
    with db.reading() as session:
        return sorted(
            first_attempts.count(session, MARKS, YEAR, LATELY), key=lambda n: (n.region, n.quiz)
        )


def test_an_attempt_is_written_once(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    assert keep(db, tried(anna), tried(anna), tried(ben)) == 2
    assert keep(db, tried(anna), tried(ben, minute=3, change=2, grade=100.0)) == 0
    assert keep(db) == 0
    assert {row[3] for row in table(db)} == {40.0}


TRIES = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(["check", "deep"]), st.sampled_from([0.0, 50.0, 100.0]),
        st.integers(0, 2), st.integers(1, 3),
    ),
    max_size=8,
)  # fmt: skip


@given(tries=TRIES, data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_batches_keep_the_earliest(
    db: Database,
    two_members: list[int],
    tries: list[tuple[int, str, float, int, int]],
    data: st.DataObject,
) -> None:
    with db.transaction() as session:
        session.execute(delete(FirstAttempt))
    records = [
        tried(two_members[actor], quiz, grade, minute, n) for actor, quiz, grade, minute, n in tries
    ]
    order = data.draw(st.permutations(records))
    cut = data.draw(st.integers(0, len(order)))
    for page in (order[:cut], order[cut:], order[:cut]):
        keep(db, *page)
    earliest: dict[tuple[int, str, str], FirstAttemptRecord] = {}
    for record in sorted(records, key=lambda each: each.age):
        earliest.setdefault(record.key, record)
    assert table(db) == {
        (r.member_id, r.curriculum, r.quiz, r.grade, r.at, r.change_id) for r in earliest.values()
    }


def test_filling_in_never_replaces_a_stored_attempt(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    keep(db, tried(anna, grade=40.0), tried(ben, "bygone", grade=40.0))
    found = [tried(one, grade=90.0, minute=-5) for one in (anna, ben)]
    with db.transaction() as session:
        assert fill_in(session, found, {(PATH, "check"): "bygone"}) == 0
        assert fill_in(session, found, {}) == 1
        assert fill_in(session, [], {}) == 0
    assert {row[2:4] for row in table(db)} == {("check", 40.0), ("bygone", 40.0), ("check", 90.0)}


def test_attempts_are_counted_by_region_with_the_current_pass_mark(
    db: Database, two_members: list[int]
) -> None:
    anna, ben = two_members
    keep(db, tried(anna, grade=69.9), tried(ben, grade=70.0), tried(ben, "deep", grade=49.0))
    assert count(db) == [
        QuizCount("east", PATH, "check", 1, 0, 1, 0),
        QuizCount("east", PATH, "deep", 1, 1, 1, 1),
        QuizCount("north", PATH, "check", 1, 1, 1, 1),
    ]


def test_old_attempts_do_not_count_as_recent_or_at_all(
    db: Database, two_members: list[int]
) -> None:
    anna, ben = two_members
    weeks = 7 * 24 * 60
    keep(db, tried(anna, minute=-13 * weeks), tried(ben, minute=-53 * weeks))
    assert count(db) == [QuizCount("north", PATH, "check", 1, 1, 0, 0)]


def test_removed_quizzes_do_not_count(db: Database, two_members: list[int]) -> None:
    keep(db, tried(two_members[0], "gone"))
    assert count(db) == []
    with db.reading() as session:
        assert first_attempts.count(session, {}, YEAR, LATELY) == []


def test_erased_members_do_not_count(db: Database, two_members: list[int]) -> None:
    keep(db, *(tried(one) for one in two_members))
    with db.transaction() as session:
        erase_member(session, two_members[0], "chair", NOW)
    assert count(db) == [QuizCount("east", PATH, "check", 1, 1, 1, 1)]


def test_saved_statistics_are_replaced(db: Database) -> None:
    first = [QuizCount(region, PATH, "check", 4, 1, 2, 1) for region in ("north", "east")]
    asked = [QuestionCount(PATH, "check", "q1", 9, 3, 1)]
    with db.transaction() as session:
        quiz_statistics.save_quizzes(session, first, NOW)
        quiz_statistics.save_questions(session, asked, NOW)
        quiz_statistics.save_questions(session, [QuestionCount(PATH, "check", "q2", 9, 3, 1)], NOW)
    with db.reading() as session:
        assert len(quiz_statistics.quizzes(session, None)) == 2
        [figure] = quiz_statistics.quizzes(session, ["east"])
        assert (figure.tries, figure.counted_at) == (4, NOW)
        assert [row.question for row in quiz_statistics.questions(session, [PATH])] == ["q2"]
        assert quiz_statistics.questions(session, ["other"]) == []
    with db.transaction() as session:
        quiz_statistics.save_quizzes(session, [], NOW)
        assert quiz_statistics.quizzes(session, None) == []
