"""First attempts at quizzes: stored once and counted."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bridge.privacy import erase_member
from bridge.store.database import Database
from bridge.store.statistics import first_attempts, quiz_statistics
from bridge.store.statistics.first_attempts import (
    FirstAttemptRecord,
    QuizCount,
    add_missing_attempts,
    save_first_attempts,
)
from bridge.store.statistics.quiz_statistics import QuestionCount
from bridge.store.tables.statistics import FirstAttempt
from tests.store.sample_members import NOW

PATH = "path"


YEAR = NOW - timedelta(days=365)


LATELY = NOW - timedelta(weeks=12)


MARKS = {(PATH, "check"): 70.0, (PATH, "deep"): 50.0}


def attempt(member: int, quiz: str = "check", grade: float = 40.0, minute: int = 0,
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
            first_attempts.count_first_attempts(session, MARKS, YEAR, LATELY),
            key=lambda n: (n.region, n.quiz),
        )


def test_an_attempt_is_written_once(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    assert keep(db, attempt(anna), attempt(anna), attempt(ben)) == 2
    assert keep(db, attempt(anna), attempt(ben, minute=3, change=2, grade=100.0)) == 0
    assert keep(db) == 0
    assert {row[3] for row in table(db)} == {40.0}


ATTEMPTS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(["check", "deep"]), st.sampled_from([0.0, 50.0, 100.0]),
        st.integers(0, 2), st.integers(1, 3),
    ),
    max_size=8,
)  # fmt: skip


@given(attempts=ATTEMPTS, data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_batches_keep_the_earliest(
    db: Database,
    two_members: list[int],
    attempts: list[tuple[int, str, float, int, int]],
    data: st.DataObject,
) -> None:
    with db.transaction() as session:
        session.execute(delete(FirstAttempt))
    records = [
        attempt(two_members[actor], quiz, grade, minute, n)
        for actor, quiz, grade, minute, n in attempts
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
    keep(db, attempt(anna, grade=40.0), attempt(ben, "bygone", grade=40.0))
    found = [attempt(one, grade=90.0, minute=-5) for one in (anna, ben)]
    with db.transaction() as session:
        assert add_missing_attempts(session, found, {(PATH, "check"): ("older", "bygone")}) == 0
        assert add_missing_attempts(session, found, {}) == 1
        assert add_missing_attempts(session, [], {}) == 0
    assert {row[2:4] for row in table(db)} == {("check", 40.0), ("bygone", 40.0), ("check", 90.0)}


def test_attempts_are_counted_by_region_with_the_current_pass_mark(
    db: Database, two_members: list[int]
) -> None:
    anna, ben = two_members
    keep(db, attempt(anna, grade=69.9), attempt(ben, grade=70.0), attempt(ben, "deep", grade=49.0))
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
    keep(db, attempt(anna, minute=-13 * weeks), attempt(ben, minute=-53 * weeks))
    assert count(db) == [QuizCount("north", PATH, "check", 1, 1, 0, 0)]


def test_removed_quizzes_do_not_count(db: Database, two_members: list[int]) -> None:
    keep(db, attempt(two_members[0], "gone"))
    assert count(db) == []
    with db.reading() as session:
        assert first_attempts.count_first_attempts(session, {}, YEAR, LATELY) == []


def test_erased_members_do_not_count(db: Database, two_members: list[int]) -> None:
    keep(db, *(attempt(one) for one in two_members))
    with db.transaction() as session:
        erase_member(session, two_members[0], "chair", NOW)
    assert count(db) == [QuizCount("east", PATH, "check", 1, 1, 1, 1)]


def test_saved_statistics_are_replaced(db: Database) -> None:
    first = [QuizCount(region, PATH, "check", 4, 1, 2, 1) for region in ("north", "east")]
    counts = [QuestionCount(PATH, "check", "q1", 9, 3, 1)]
    with db.transaction() as session:
        quiz_statistics.save_quizzes(session, first, NOW)
        quiz_statistics.save_questions(session, counts, NOW)
        quiz_statistics.save_questions(session, [QuestionCount(PATH, "check", "q2", 9, 3, 1)], NOW)
    with db.reading() as session:
        assert len(quiz_statistics.load_quiz_statistics(session, None)) == 2
        [statistic] = quiz_statistics.load_quiz_statistics(session, ["east"])
        assert (statistic.tries, statistic.counted_at) == (4, NOW)
        assert [
            row.question for row in quiz_statistics.load_question_statistics(session, [PATH])
        ] == ["q2"]
        assert quiz_statistics.load_question_statistics(session, ["other"]) == []
    with db.transaction() as session:
        quiz_statistics.save_quizzes(session, [], NOW)
        assert quiz_statistics.load_quiz_statistics(session, None) == []
