"""Counts for the weekly digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.statistics import weekly_digest
from bridge.store.statistics.weekly_digest import WaitingCount
from bridge.store.tables.learning import Enrolment
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add
from tests.support.query_lists import listed

CARA = replace(ANNA, number="1003", email="cara@example.org")


RENAMED = {("path", "of-old"): "welcome"}


def test_counts_are_by_region_and_current_milestone_key(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        ids = add(session, [ANNA, BEN, CARA])
        for member, milestone in zip(ids, ("of-old", "welcome", "welcome"), strict=True):
            session.add(
                Enrolment(member_id=member, curriculum="path", milestone=milestone,
                          wanted_at=NOW, enrolled_at=None)
            )  # fmt: skip
        grant(session, [AwardRecord(ids[0], "path", "welcome", "r", {}, LATER)])
        grant(session, [AwardRecord(ids[1], "path", "of-old", "r", {}, NOW)])
    queries.clear()
    with db.reading() as session:
        assert weekly_digest.count_new_members(session, NOW, LATER) == {"north": 2, "east": 1}
        assert weekly_digest.count_new_members(session, LATER, LATER + timedelta(days=1)) == {}
        assert weekly_digest.count_new_awards(session, NOW, LATER, RENAMED) == {
            ("east", ("path", "welcome")): 1
        }
        assert weekly_digest.count_new_awards(session, LATER, LATER + timedelta(seconds=1), {}) == {
            ("north", ("path", "welcome")): 1
        }
        assert weekly_digest.count_waiting_members(session, RENAMED) == {
            ("north", ("path", "welcome")): WaitingCount(1, NOW)
        }
    assert len(queries) == 5, listed(queries)
