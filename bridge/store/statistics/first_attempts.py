"""How each member's first attempt at each quiz ended: kept once, counted together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.members import Member
from bridge.store.tables.statistics import FirstAttempt

Key = tuple[str, str]
"""Curriculum and quiz."""
MemberKey = tuple[int, str, str]
"""Member id, curriculum and quiz."""


@dataclass(frozen=True, slots=True)
class FirstAttemptRecord:
    """The first attempt of one member at one quiz; `grade` in per cent.

    `change_id` is its id in the change feed.
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
        """Later records compare greater; two that differ are never of the same age."""
        return self.at, self.change_id, self.grade


@dataclass(frozen=True, slots=True)
class QuizCount:
    """First tries at a quiz in one region, and of these the failed; `lately`: the latest part."""

    region: str
    curriculum: str
    quiz: str
    tries: int
    failed: int
    lately_tries: int
    lately_failed: int


def save_first_attempts(session: Session, records: Iterable[FirstAttemptRecord]) -> int:
    """Keep of each quiz of each member the earliest record, whatever order they come in.

    At most 1,000 records; one query, none without records. Returns how many were written.
    """
    rows = _first_of(records)
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


def fill_in(
    session: Session, records: Iterable[FirstAttemptRecord], former: Mapping[Key, str]
) -> int:
    """Keep the records of quizzes of which nothing is known yet; what is known stays, also
    under the key that a quiz had before (`former`: by the key of now).

    At most 1,000 records; at most two queries. Returns how many were written.
    """
    found = list(records)
    held = _held(session, found, former)
    rows = _first_of(record for record in found if _before(record, former) not in held)
    if not rows:
        return 0
    statement = insert_into(session, FirstAttempt).on_conflict_do_nothing()
    return len(session.scalars(statement.returning(FirstAttempt.member_id), rows).all())


def _held(
    session: Session, records: Iterable[FirstAttemptRecord], former: Mapping[Key, str]
) -> set[MemberKey]:
    """What is stored of these members under the former keys of these quizzes."""
    wanted = [before for record in records if (before := _before(record, former))]
    if not wanted:
        return set()
    here = select(FirstAttempt.member_id, FirstAttempt.curriculum, FirstAttempt.quiz).where(
        FirstAttempt.member_id.in_({member for member, _, _ in wanted}),
        FirstAttempt.quiz.in_({quiz for _, _, quiz in wanted}),
    )
    return {(row[0], row[1], row[2]) for row in session.execute(here)}


def _before(record: FirstAttemptRecord, former: Mapping[Key, str]) -> MemberKey | None:
    quiz = former.get((record.curriculum, record.quiz))
    return (record.member_id, record.curriculum, quiz) if quiz else None


def _first_of(records: Iterable[FirstAttemptRecord]) -> list[dict[str, object]]:
    """Of each quiz of each member the earliest record, as rows in an order that all writers
    share: two batches cannot block each other."""
    first: dict[MemberKey, FirstAttemptRecord] = {}
    for record in records:
        if record.key not in first or record.age < first[record.key].age:
            first[record.key] = record
    return [asdict(first[key]) for key in sorted(first)]


def count(
    session: Session, marks: Mapping[Key, float], since: datetime, lately: datetime
) -> list[QuizCount]:
    """First tries since a time by region and quiz. One query, which reads all of them.

    `marks`: the pass mark in per cent of each quiz that counts.
    """
    if not marks:
        return []
    failed = FirstAttempt.grade < case(
        *((_is(key), mark) for key, mark in marks.items()), else_=-1.0
    )
    late = FirstAttempt.at >= lately
    place = (Member.region, FirstAttempt.curriculum, FirstAttempt.quiz)
    rows = session.execute(
        select(
            *place,
            func.count(),
            _number(failed),
            _number(late),
            _number(failed & late),
        )
        .join(Member, Member.id == FirstAttempt.member_id)
        .where(FirstAttempt.at >= since)
        .group_by(*place)
    )
    return [QuizCount(*row) for row in rows if (row[1], row[2]) in marks]


def _is(key: Key) -> ColumnElement[bool]:
    return (FirstAttempt.curriculum == key[0]) & (FirstAttempt.quiz == key[1])


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
