"""Completions: the newest record wins, in whatever order records arrive."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bridge.store.database import Database
from bridge.store.learning.completions import (
    CompletionRecord,
    completions_of,
    upsert_completions,
)
from bridge.store.learning.member_progress import facts_of
from bridge.store.tables.learning import Completion
from tests.store.sample_members import LATER, NOW, add, many_members

PATH = "path"


def seen(member: int, activity: str, done: bool = True, minute: int = 0, change: int = 1,
         grade: float | None = None) -> CompletionRecord:  # fmt: skip
    at = NOW + timedelta(minutes=minute)
    return CompletionRecord(member, PATH, activity, done, grade, at, change)


def table(db: Database) -> set[tuple[object, ...]]:
    with db.reading() as session:
        rows = session.execute(select(*Completion.__table__.c))
        return {tuple(row) for row in rows}


def upsert(db: Database, *records: CompletionRecord) -> set[int]:
    with db.transaction() as session:
        return upsert_completions(session, records)


def test_only_members_with_changes_are_returned(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    assert upsert(db, seen(anna, "quiz"), seen(ben, "quiz")) == {anna, ben}
    assert upsert(db, seen(anna, "quiz"), seen(ben, "quiz", minute=-5)) == set()
    assert upsert(db, seen(anna, "quiz", done=False, minute=1)) == {anna}
    assert upsert(db) == set()


def test_a_later_change_in_the_same_second_wins(db: Database, two_members: list[int]) -> None:
    upsert(db, seen(two_members[0], "quiz", done=True, change=8, grade=90.0))
    assert upsert(db, seen(two_members[0], "quiz", done=False, change=7)) == set()
    assert upsert(db, seen(two_members[0], "quiz", done=False, change=9)) == {two_members[0]}


def test_a_batch_may_have_the_same_activity_twice(db: Database, two_members: list[int]) -> None:
    upsert(
        db,
        seen(two_members[0], "quiz", minute=2, grade=80.0),
        seen(two_members[0], "quiz", minute=1),
    )
    [row] = table(db)
    assert 80.0 in row


RECORDS = st.lists(
    st.builds(
        seen,
        member=st.sampled_from([0, 1]),
        activity=st.sampled_from(["page", "quiz"]),
        done=st.booleans(),
        minute=st.integers(0, 2),
        change=st.integers(0, 2),
        grade=st.sampled_from([None, 0.0, 66.6]),
    ),
    max_size=8,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(records=RECORDS, data=st.data())
def test_any_order_and_repetition_gives_the_same_table(
    db: Database, two_members: list[int], records: list[CompletionRecord], data: st.DataObject
) -> None:
    results = []
    mine = [CompletionRecord(two_members[r.member_id], *rest(r)) for r in records]
    for order in (mine, data.draw(st.permutations(mine + mine[::2]))):
        with db.transaction() as session:
            session.execute(delete(Completion))
        cut = data.draw(st.integers(0, len(order)))
        upsert(db, *order[:cut])
        upsert(db, *order[cut:])
        results.append(table(db))
    assert results[0] == results[1]


def rest(record: CompletionRecord) -> tuple[str, str, bool, float | None, object, int]:
    return (record.curriculum, record.activity, record.done, record.grade, record.at,
            record.change_id)  # fmt: skip


def test_many_completions_need_no_more_queries(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        ids = add(session, many_members(500))
    costs = []
    for count in (10, 500):
        queries.clear()
        upsert(db, *(seen(m, a, minute=count) for m in ids[:count] for a in ("page", "quiz")))
        with db.reading() as session:
            assert len(facts_of(session, PATH, ids[:count], NOW.date())) == count
        costs.append(len(queries))
    assert costs == [6, 6]


def test_completions_are_listed_newest_first(db: Database, two_members: list[int]) -> None:
    records = [
        CompletionRecord(two_members[0], "path", "page", True, None, NOW),
        CompletionRecord(two_members[0], "path", "quiz", False, 40.0, LATER),
        CompletionRecord(two_members[1], "path", "quiz", True, 90.0, LATER),
    ]
    with db.transaction() as session:
        upsert_completions(session, records)
        found = completions_of(session, two_members[0])
    assert [(one.activity, one.done, one.grade) for one in found] == [
        ("quiz", False, 40.0), ("page", True, None),
    ]  # fmt: skip
