"""Members who wait for a milestone."""

from __future__ import annotations

from datetime import timedelta

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.learning.waiting_members import waiting_members
from tests.store.sample_members import LATER, NOW
from tests.support.query_lists import listed

FIRST = {("path", "first"): ()}


def award(one: int, milestone: str = "first", ago: timedelta = timedelta()) -> AwardRecord:
    return AwardRecord(one, "path", milestone, "r", {}, NOW - ago)


def test_the_longest_wait_comes_first_and_an_award_ends_it(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        request_enrolments(session, [(anna, "path", "first"), (anna, "path", "gone")], LATER)
        request_enrolments(session, [(ben, "path", "first")], NOW)
        upsert_completions(session, [CompletionRecord(ben, "path", "page", True, None, LATER)])
    queries.clear()
    with db.reading() as session:
        waiting = waiting_members(session, FIRST, None, 10, since=LATER)
        assert len(queries) == 1, listed(queries)
        assert [(one.member_id, one.since, one.seen) for one in waiting] == [
            (ben, NOW, LATER), (anna, LATER, None),
        ]  # fmt: skip
        assert waiting_members(session, FIRST, None, 1, waiting[0].id, since=LATER) == waiting[1:]
        assert waiting_members(session, FIRST, ["north"], 10, since=LATER) == waiting[1:]
        assert waiting_members(session, {}, None, 10, since=LATER) == []
        assert waiting_members(session, FIRST, None, 10, since=NOW) == waiting[:1]
    with db.transaction() as session:
        grant(session, [award(ben)])
        assert waiting_members(session, FIRST, None, 10, since=LATER) == waiting[1:]


def test_an_award_under_the_former_key_ends_the_wait(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        request_enrolments(session, [(two_members[0], "path", "now")], NOW)
        grant(session, [award(two_members[0], "before")])
        assert len(waiting_members(session, {("path", "now"): ()}, None, 10, since=LATER)) == 1
        assert waiting_members(session, {("path", "now"): ("before",)}, None, 10, since=LATER) == []


def test_a_wait_that_began_under_a_former_key_goes_on(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    milestones = {("path", "now"): ("before", "once"), ("path", "other"): ()}
    with db.transaction() as session:
        for key, since in (("once", NOW), ("before", LATER), ("now", LATER), ("other", LATER)):
            request_enrolments(session, [(anna, "path", key)], since)
        request_enrolments(session, [(ben, "path", "once"), (ben, "other", "once")], LATER)
        waiting = waiting_members(session, milestones, None, 10, since=LATER)
        assert [(one.member_id, one.milestone, one.since) for one in waiting] == [
            (anna, "now", NOW), (anna, "other", LATER), (ben, "now", LATER),
        ]  # fmt: skip
        grant(session, [award(anna, "before"), award(ben, "now")])
        waiting = waiting_members(session, milestones, None, 10, since=LATER)
        assert [(one.member_id, one.milestone) for one in waiting] == [(anna, "other")]
