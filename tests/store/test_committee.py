"""What the committee looks at: figures by region, who waits, people, deliveries, the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.delivery.failed_deliveries import by_ids, list_failed_deliveries
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.completions import CompletionRecord, completions_of, upsert_completions
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.learning.waiting_members import waiting_members
from bridge.store.members.search import MemberFilter, search
from bridge.store.operations import audit_log, audit_queries
from bridge.store.operations.audit_queries import AuditFilter as LogWanted
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add

WEEK = timedelta(weeks=1)
FIRST = {("path", "first"): ""}


@pytest.fixture
def two(db: Database) -> list[int]:
    with db.transaction() as session:
        return add(session, [ANNA, BEN])


def award(one: int, milestone: str = "first", ago: timedelta = timedelta()) -> AwardRecord:
    return AwardRecord(one, "path", milestone, "r", {}, NOW - ago)


def test_the_longest_wait_comes_first_and_ends_with_an_award(
    db: Database, two: list[int], queries: list[str]
) -> None:
    anna, ben = two
    with db.transaction() as session:
        request_enrolments(session, [(ben, "path", "first")], NOW)
        request_enrolments(session, [(anna, "path", "first"), (anna, "path", "gone")], LATER)
        upsert_completions(session, [CompletionRecord(ben, "path", "page", True, None, LATER)])
    queries.clear()
    with db.reading() as session:
        everybody = waiting_members(session, FIRST, None, 10)
        assert len(queries) == 1
        assert [(one.member_id, one.since, one.seen) for one in everybody] == [
            (ben, NOW, LATER), (anna, LATER, None),
        ]  # fmt: skip
        assert waiting_members(session, FIRST, None, 1, everybody[0].id) == everybody[1:]
        assert waiting_members(session, FIRST, ["north"], 10) == everybody[1:]
        assert waiting_members(session, {}, None, 10) == []
    with db.transaction() as session:
        grant(session, [award(ben)])
        assert waiting_members(session, FIRST, None, 10) == everybody[1:]


def test_an_award_under_the_former_key_ends_the_wait(db: Database, two: list[int]) -> None:
    with db.transaction() as session:
        request_enrolments(session, [(two[0], "path", "now")], NOW)
        grant(session, [award(two[0], "before")])
        assert len(waiting_members(session, {("path", "now"): ""}, None, 10)) == 1
        assert waiting_members(session, {("path", "now"): "before"}, None, 10) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["1001", "1002"]),
        ("1002", ["1002"]),
        ("100", []),
        ("ANNA@example.org", ["1001"]),
        ("bou", ["1002"]),
        ("bouch ben", ["1002"]),
        ("ben ashevak", []),
        ("%", []),
        ("_nna", []),
    ],
)
def test_people_are_found_by_number_name_or_e_mail(
    db: Database, two: list[int], words: str, found: list[str]
) -> None:
    with db.reading() as session:
        assert [one.number for one in search(session, MemberFilter(words), 10)] == found


def test_people_are_found_by_region_and_milestone_page_by_page(
    db: Database, two: list[int], queries: list[str]
) -> None:
    anna, ben = two
    with db.transaction() as session:
        grant(session, [award(anna)])
    queries.clear()
    with db.reading() as session:
        assert [one.id for one in search(session, MemberFilter(regions=["east"]), 10)] == [ben]
        assert len(queries) == 1
        earned = MemberFilter(curriculum="path", milestones=("first", "former"))
        assert [one.id for one in search(session, earned, 10)] == [anna]
        assert search(session, MemberFilter(regions=()), 10) == []
        assert [one.id for one in search(session, MemberFilter(), 1)] == [anna]
        assert [one.id for one in search(session, MemberFilter(), 1, anna)] == [ben]


def test_completions_come_the_newest_first(db: Database, two: list[int]) -> None:
    records = [
        CompletionRecord(two[0], "path", "page", True, None, NOW),
        CompletionRecord(two[0], "path", "quiz", False, 40.0, LATER),
        CompletionRecord(two[1], "path", "quiz", True, 90.0, LATER),
    ]
    with db.transaction() as session:
        upsert_completions(session, records)
        found = completions_of(session, two[0])
    assert [(one.activity, one.done, one.grade) for one in found] == [
        ("quiz", False, 40.0), ("page", True, None),
    ]  # fmt: skip


def test_deliveries_that_need_a_person(db: Database, two: list[int], queries: list[str]) -> None:
    anna, ben = two
    with db.transaction() as session:
        owed = [DeliveryRecord(one, kind, "t", {}) for one in two for kind in ("badge", "mail")]
        deliveries.enqueue(session, owed, NOW)
        claimed = deliveries.claim(session, "badge", "me", NOW, WEEK, 10)
        deliveries.mark_failed(session, claimed[0].id, "me", "no")
        deliveries.retry_later(session, claimed[1].id, "me", "set it", LATER, "configuration")
        ids = [each.id for each in deliveries.claim(session, "mail", "me", NOW, WEEK, 10)]
        deliveries.retry_later(session, ids[0], "me", "busy", LATER)
    queries.clear()
    with db.reading() as session:
        found = list_failed_deliveries(session, 10)
        assert len(queries) == 1
        assert [(one.member_id, one.reason, one.last_error) for one in found] == [
            (anna, "never", "no"), (ben, "configuration", "set it"),
        ]  # fmt: skip
        assert list_failed_deliveries(session, 10, found[0].id) == found[1:]
        assert list_failed_deliveries(session, 10, regions=["east"], targets=["t"]) == found[1:]
        assert list_failed_deliveries(session, 10, targets=["other"]) == []
        assert [one.id for one in by_ids(session, [*ids, found[0].id])] == [found[0].id]


def test_the_log_is_read_from_the_newest_line_on(
    db: Database, two: list[int], queries: list[str]
) -> None:
    with db.transaction() as session:
        for actor, action, one in (
            ("a", "looked", two[0]),
            ("b", "role", two[1]),
            ("c", "role", 9),
        ):
            audit_log.write(session, actor, action, one, {}, {"x": 1}, NOW)
    queries.clear()
    with db.reading() as session:
        lines = audit_queries.entries(session, 2)
        assert len(queries) == 1
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
def test_the_log_is_read_by_member_action_region_and_milestone(
    db: Database, two: list[int], wanted: dict[str, Any], actor: str
) -> None:
    with db.transaction() as session:
        grant(session, [award(two[1], "former")])
        for who_did, action, one in (("a", "looked", two[0]), ("b", "role", two[1])):
            audit_log.write(session, who_did, action, one, {}, {}, NOW)
        audit_log.write(session, "c", "role", None, {}, {}, NOW)
    with db.reading() as session:
        lines = audit_queries.entries(session, 9, LogWanted(**wanted))
    assert "".join(line.actor for line in lines) == actor
