"""Awards."""

from __future__ import annotations

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, awards_of, count_awards, grant
from tests.store.sample_members import LATER, NOW, add, many_members
from tests.support.query_lists import listed


def test_a_milestone_is_awarded_once_and_never_changed(
    db: Database, two_members: list[int]
) -> None:
    first = AwardRecord(two_members[0], "path", "welcome", "r1", {"activities": ["quiz"]}, NOW)
    later = AwardRecord(two_members[0], "path", "welcome", "r2", {}, LATER)
    other = AwardRecord(two_members[1], "path", "welcome", "r2", {}, LATER)
    with db.transaction() as session:
        [(number, record)] = grant(session, [first, later])
        assert record is first
        assert [record for _, record in grant(session, [later, other])] == [other]
        assert grant(session, []) == []
        assert count_awards(session) == {("path", "welcome"): 2}
        [award] = awards_of(session, two_members[0])
    assert (award.id, award.revision, award.evidence) == (number, "r1", {"activities": ["quiz"]})


def test_granting_many_awards_takes_one_query(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        ids = add(session, many_members(500))
        queries.clear()
        new = grant(session, [AwardRecord(one, "p", "m", "r", {}, NOW) for one in ids])
    assert sorted(record.member_id for _, record in new) == sorted(ids)
    assert len(queries) == 1, listed(queries)
