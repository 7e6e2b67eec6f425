"""How each member's first attempt at each quiz ended: kept once, counted together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.quiz_tables import FirstTry
from bridge.store.tables import Member

Key = tuple[str, str]
"""Curriculum and quiz."""


@dataclass(frozen=True, slots=True)
class FirstTryRecord:
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
    def key(self) -> tuple[int, str, str]:
        return self.member_id, self.curriculum, self.quiz

    @property
    def age(self) -> tuple[datetime, int, float]:
        """Later records compare greater; two that differ are never of the same age."""
        return self.at, self.change_id, self.grade


@dataclass(frozen=True, slots=True)
class Counted:
    """First tries at a quiz in one region, and of these the failed; `lately`: the latest part."""

    region: str
    curriculum: str
    quiz: str
    tries: int
    failed: int
    lately_tries: int
    lately_failed: int


def keep_first(session: Session, records: Iterable[FirstTryRecord]) -> int:
    """Keep of each quiz of each member the earliest record, whatever order they come in.

    At most 1,000 records; one query, none without records. Returns how many were written.
    """
    first: dict[tuple[int, str, str], FirstTryRecord] = {}
    for record in records:
        if record.key not in first or record.age < first[record.key].age:
            first[record.key] = record
    if not first:
        return 0
    insert = insert_into(session, FirstTry)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["member_id", "curriculum", "quiz"],
        set_={"grade": new.grade, "at": new.at, "change_id": new.change_id},
        where=tuple_(new.at, new.change_id, new.grade)
        < tuple_(FirstTry.at, FirstTry.change_id, FirstTry.grade),
    ).returning(FirstTry.member_id)
    # In an order all writers share: two batches cannot block each other.
    rows = [asdict(first[key]) for key in sorted(first)]
    return len(session.scalars(statement, rows).all())


def count(
    session: Session, marks: Mapping[Key, float], since: datetime, lately: datetime
) -> list[Counted]:
    """First tries since a time by region and quiz. One query, which reads all of them.

    `marks`: the pass mark in per cent of each quiz that counts.
    """
    if not marks:
        return []
    failed = FirstTry.grade < case(*((_is(key), mark) for key, mark in marks.items()), else_=-1.0)
    late = FirstTry.at >= lately
    place = (Member.region, FirstTry.curriculum, FirstTry.quiz)
    rows = session.execute(
        select(
            *place,
            func.count(),
            _number(failed),
            _number(late),
            _number(failed & late),
        )
        .join(Member, Member.id == FirstTry.member_id)
        .where(FirstTry.at >= since)
        .group_by(*place)
    )
    return [Counted(*row) for row in rows if (row[1], row[2]) in marks]


def _is(key: Key) -> ColumnElement[bool]:
    return (FirstTry.curriculum == key[0]) & (FirstTry.quiz == key[1])


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
