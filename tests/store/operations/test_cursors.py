"""Cursors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bridge.store.database import Database
from bridge.store.operations import cursors
from bridge.store.operations.cursors import Cursor
from tests.store.sample_members import LATER, NOW


def test_a_cursor_starts_at_zero_and_stores_missing_ids(db: Database) -> None:
    there = Cursor(7, "feed-1", ((3, NOW), (5, LATER)))
    with db.transaction() as session:
        assert cursors.get(session, "feed") == Cursor(0, "", ())
        cursors.put(session, "feed", Cursor(1, "feed-1"), NOW)
        cursors.put(session, "feed", there, LATER)
    with db.reading() as session:
        assert cursors.get(session, "feed") == there


def test_only_one_of_several_processes_advances_the_cursor(db: Database) -> None:
    def advance(_: int) -> bool:
        with db.transaction() as session:
            return cursors.advance(session, "digest", 202610, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(advance, range(4))) == [False, False, False, True]
    with db.transaction() as session:
        assert not cursors.advance(session, "digest", 202609, LATER)
        assert cursors.advance(session, "digest", 202611, LATER)
        assert cursors.get(session, "digest").value == 202611
