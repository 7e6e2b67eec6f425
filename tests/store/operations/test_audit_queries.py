"""Reading the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.operations import audit_log, audit_queries
from bridge.store.operations.audit_queries import AuditFilter as LogWanted
from tests.store.sample_members import NOW
from tests.support.query_lists import listed


def award(one: int, milestone: str = "first", ago: timedelta = timedelta()) -> AwardRecord:
    return AwardRecord(one, "path", milestone, "r", {}, NOW - ago)


def test_entries_are_listed_newest_first(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    with db.transaction() as session:
        for actor, action, one in (
            ("a", "looked", two_members[0]),
            ("b", "role", two_members[1]),
            ("c", "role", 9),
        ):
            audit_log.write(session, actor, action, one, {}, {"x": 1}, NOW)
    queries.clear()
    with db.reading() as session:
        lines = audit_queries.entries(session, 2)
        assert len(queries) == 1, listed(queries)
        assert [line.actor for line in lines] == ["c", "b"]
        assert [line.actor for line in audit_queries.entries(session, 9, before=lines[-1].id)] == [
            "a"
        ]


@pytest.mark.parametrize(
    ("wanted", "actor"),
    [
        ({"member_id": 2}, "b"),
        ({"action": "role"}, "cb"),
        ({"regions": ["north"]}, "a"),
        ({"regions": []}, ""),
        ({"curriculum": "path", "milestones": ["first", "former"]}, "b"),
        ({"curriculum": "other", "milestones": ["first"]}, ""),
    ],
)
def test_entries_are_filtered_by_member_action_region_and_milestone(
    db: Database, two_members: list[int], wanted: dict[str, Any], actor: str
) -> None:
    with db.transaction() as session:
        grant(session, [award(two_members[1], "former")])
        for who_did, action, one in (
            ("a", "looked", two_members[0]),
            ("b", "role", two_members[1]),
        ):
            audit_log.write(session, who_did, action, one, {}, {}, NOW)
        audit_log.write(session, "c", "role", None, {}, {}, NOW)
    with db.reading() as session:
        lines = audit_queries.entries(session, 9, LogWanted(**wanted))
    assert "".join(line.actor for line in lines) == actor
