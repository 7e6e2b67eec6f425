"""Reconciliation with all of Moodle's completions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.reconciliation import Reconciliation
from bridge.store.tables.learning import Completion
from tests.store.sample_members import LATER, NOW, add, many_members


def completion(member: int, activity: str = "quiz", grade: float | None = 80.0) -> CompletionRecord:
    return CompletionRecord(member, "path", activity, True, grade, NOW)


def reconcile(db: Database, *pages: list[CompletionRecord]) -> set[int]:
    work = Reconciliation("path", {"quiz", "page"}, LATER)
    touched: set[int] = set()
    for page in pages:
        with db.transaction() as session:
            touched |= work.page(session, page)
    with db.transaction() as session:
        return touched | work.gone(session)


def states(db: Database) -> dict[tuple[int, str], tuple[bool, float | None]]:
    with db.reading() as session:
        rows = session.scalars(select(Completion)).all()
    return {(row.member_id, row.activity): (row.done, row.grade) for row in rows}


@pytest.fixture
def ids(db: Database) -> list[int]:
    with db.transaction() as session:
        ids = add(session, many_members(4))
        upsert_completions(session, [completion(one) for one in ids])
    return ids


def test_equal_completions_are_not_changed(db: Database, ids: list[int]) -> None:
    before = states(db)
    assert (
        reconcile(db, [completion(one) for one in ids[:2]], [completion(one) for one in ids[2:]])
        == set()
    )
    assert states(db) == before


def test_changed_new_and_missing_completions_are_applied(db: Database, ids: list[int]) -> None:
    now = [
        completion(ids[0]),
        completion(ids[1], grade=95.0),
        completion(ids[2]),
        completion(ids[2], "page", None),
    ]
    assert reconcile(db, now) == {ids[1], ids[2], ids[3]}
    assert states(db) == {
        (ids[0], "quiz"): (True, 80.0),
        (ids[1], "quiz"): (True, 95.0),
        (ids[2], "quiz"): (True, 80.0),
        (ids[2], "page"): (True, None),
        (ids[3], "quiz"): (False, None),
    }
    assert reconcile(db, now) == set(), "twice changes nothing"


def test_an_old_change_does_not_restore_a_removed_completion(db: Database, ids: list[int]) -> None:
    reconcile(db, [])
    with db.transaction() as session:
        late = replace(completion(ids[0]), change_id=77, at=NOW + timedelta(minutes=5))
        assert upsert_completions(session, [late]) == set()
        again = replace(completion(ids[0]), change_id=99, at=LATER + timedelta(minutes=5))
        assert upsert_completions(session, [again]) == {ids[0]}


def test_completions_that_arrive_meanwhile_are_kept(db: Database, ids: list[int]) -> None:
    fresh = replace(completion(ids[0], grade=100.0), at=LATER, change_id=50)
    with db.transaction() as session:
        upsert_completions(session, [fresh])
    assert reconcile(db, [completion(ids[0])]) == set(ids[1:])
    assert states(db)[ids[0], "quiz"] == (True, 100.0)


def test_other_activities_and_curricula_are_not_changed(db: Database, ids: list[int]) -> None:
    others = [completion(ids[0], "retired"), replace(completion(ids[0]), curriculum="other")]
    with db.transaction() as session:
        upsert_completions(session, others)
    assert reconcile(db, [completion(one) for one in ids]) == set()
    for other in others:
        work = Reconciliation("path", {"quiz"}, LATER)
        with db.transaction() as session, pytest.raises(ValueError, match="not requested"):
            work.page(session, [other])


def test_more_missing_completions_than_fit_on_a_page(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.store.learning.reconciliation.PAGE_SIZE", 3)
    with db.transaction() as session:
        ids = add(session, many_members(10))
        upsert_completions(session, [completion(one) for one in ids])
    assert reconcile(db, [completion(ids[4])]) == set(ids) - {ids[4]}
