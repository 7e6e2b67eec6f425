"""Course module IDs of activities."""

from __future__ import annotations

from bridge.store.curricula import course_modules
from bridge.store.database import Database


def test_the_ids_of_one_curriculum_are_replaced(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        course_modules.replace_all(session, "path", {"quiz": 7, "page": 8})
        course_modules.replace_all(session, "other", {"quiz": 9})
        course_modules.replace_all(session, "path", {"quiz": 17})
    with db.reading() as session:
        assert course_modules.cmids_of(session) == {("path", "quiz"): 17, ("other", "quiz"): 9}
    queries.clear()
    with db.transaction() as session:
        course_modules.replace_all(session, "path", {"quiz": 17})
    assert [query.split()[0] for query in queries] == ["SELECT"]
    with db.transaction() as session:
        course_modules.replace_all(session, "path", {})
        assert course_modules.cmids_of(session) == {("other", "quiz"): 9}
