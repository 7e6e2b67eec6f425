"""Members' first attempts at quizzes, and statistics about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.members import Member
from bridge.store.tables.statistics import FirstAttempt

QuizKey = tuple[str, str]
"""Curriculum and quiz."""
MemberKey = tuple[int, str, str]
"""Member id, curriculum and quiz."""


@dataclass(frozen=True, slots=True)
class FirstAttemptRecord:
    """The first attempt of one member at one quiz; `grade` in percent.

    `change_id`: its ID in the change feed.
    """

    member_id: int
    curriculum: str
    quiz: str
    grade: float
    at: datetime
    change_id: int

    @property
    def key(self) -> MemberKey:
        return self.member_id, self.curriculum, self.quiz

    @property
    def age(self) -> tuple[datetime, int, float]:
        """Sort key: later records are greater, and records that differ are never equal."""
        return self.at, self.change_id, self.grade


@dataclass(frozen=True, slots=True)
class QuizCount:
    """First attempts at a quiz in one region, and how many failed. `lately_…`: recent ones only."""

    region: str
    curriculum: str
    quiz: str
    tries: int
    failed: int
    lately_tries: int
    lately_failed: int


def save_first_attempts(session: Session, records: Iterable[FirstAttemptRecord]) -> int:
    """Store the earliest record of each member and quiz, in whatever order records arrive.

    At most 1,000 records. At most one query. Returns how many were written.
    """
    rows = _earliest_rows(records)
    if not rows:
        return 0
    insert = insert_into(session, FirstAttempt)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["member_id", "curriculum", "quiz"],
        set_={"grade": new.grade, "at": new.at, "change_id": new.change_id},
        where=tuple_(new.at, new.change_id, new.grade)
        < tuple_(FirstAttempt.at, FirstAttempt.change_id, FirstAttempt.grade),
    ).returning(FirstAttempt.member_id)
    return len(session.scalars(statement, rows).all())


def add_missing_attempts(
    session: Session, records: Iterable[FirstAttemptRecord], former: Mapping[QuizKey, Sequence[str]]
) -> int:
    """Store only the records of members and quizzes that have no record yet.

    `former`: former quiz keys by current key. A record under a former key counts as well. At
    most 1,000 records. At most two queries. Returns how many were written.
    """
    found = list(records)
    stored = _stored_under_former_key(session, found, former)
    rows = _earliest_rows(
        record for record in found if stored.isdisjoint(_former_keys(record, former))
    )
    if not rows:
        return 0
    statement = insert_into(session, FirstAttempt).on_conflict_do_nothing()
    return len(session.scalars(statement.returning(FirstAttempt.member_id), rows).all())


def _stored_under_former_key(
    session: Session, records: Iterable[FirstAttemptRecord], former: Mapping[QuizKey, Sequence[str]]
) -> set[MemberKey]:
    """Return which of these attempts are stored under a former key of the quiz."""
    keys = [key for record in records for key in _former_keys(record, former)]
    if not keys:
        return set()
    query = select(FirstAttempt.member_id, FirstAttempt.curriculum, FirstAttempt.quiz).where(
        FirstAttempt.member_id.in_({member for member, _, _ in keys}),
        FirstAttempt.quiz.in_({quiz for _, _, quiz in keys}),
    )
    return {(row[0], row[1], row[2]) for row in session.execute(query)}


def _former_keys(
    record: FirstAttemptRecord, former: Mapping[QuizKey, Sequence[str]]
) -> list[MemberKey]:
    quizzes = former.get((record.curriculum, record.quiz), ())
    return [(record.member_id, record.curriculum, quiz) for quiz in quizzes]


def _earliest_rows(records: Iterable[FirstAttemptRecord]) -> list[dict[str, object]]:
    """Return the earliest record of each member and quiz as rows.

    All writers use the same order, which prevents deadlocks.
    """
    first: dict[MemberKey, FirstAttemptRecord] = {}
    for record in records:
        if record.key not in first or record.age < first[record.key].age:
            first[record.key] = record
    return [asdict(first[key]) for key in sorted(first)]


def count_first_attempts(
    session: Session, marks: Mapping[QuizKey, float], since: datetime, lately: datetime
) -> list[QuizCount]:
    """Count first attempts since a time by region and quiz. One query, which reads all of them.

    `marks`: the quizzes to include, each with its pass mark in percent. `lately`: when the
    recent part starts.
    """
    if not marks:
        return []
    failed = FirstAttempt.grade < case(
        *((_is_quiz(key), mark) for key, mark in marks.items()), else_=-1.0
    )
    recent = FirstAttempt.at >= lately
    group = (Member.region, FirstAttempt.curriculum, FirstAttempt.quiz)
    rows = session.execute(
        select(
            *group,
            func.count(),
            _count_if(failed),
            _count_if(recent),
            _count_if(failed & recent),
        )
        .join(Member, Member.id == FirstAttempt.member_id)
        .where(FirstAttempt.at >= since)
        .group_by(*group)
    )
    return [QuizCount(*row) for row in rows if (row[1], row[2]) in marks]


def _is_quiz(key: QuizKey) -> ColumnElement[bool]:
    return (FirstAttempt.curriculum == key[0]) & (FirstAttempt.quiz == key[1])


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
