"""The saved statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update

from bridge.privacy import erase_member
from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.milestone_renames import CurrentKeys
from bridge.store.members.upsert import upsert_members
from bridge.store.statistics import regions as region_statistics
from bridge.store.statistics import summary
from bridge.store.statistics.regions import MilestoneCount
from bridge.store.statistics.summary import StatisticsSummary
from bridge.store.tables.members import Member
from tests.store.sample_members import ANNA, LATER, NOW, add, member
from tests.support.query_lists import listed

WEEK = timedelta(weeks=1)


RENAMED = {("path", "before"): "first"}


def award(db: Database, one: int, milestone: str = "first", ago: timedelta = timedelta()) -> None:
    with db.transaction() as session:
        grant(session, [AwardRecord(one, "path", milestone, "r", {}, NOW - ago)])


def counted(
    db: Database, renamed: CurrentKeys | None = None, now: datetime = LATER
) -> StatisticsSummary:
    with db.reading() as session:
        return summary.count_summary(session, renamed or {}, lambda: now)


def test_awards_are_counted_by_region_and_period(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        [carl] = add(session, [member(3, region="north")])
    award(db, anna, ago=3 * WEEK)
    award(db, carl, ago=WEEK)
    award(db, ben)
    queries.clear()
    with db.reading() as session:
        assert region_statistics.count_members(session) == {"north": 2, "east": 1}
        found = region_statistics.count_awards(session, [NOW - 2 * WEEK, NOW], {})
        assert region_statistics.count_new_members(session, [NOW, LATER]) == {
            ("north", 1): 2,
            ("east", 1): 1,
        }
        assert region_statistics.count_new_members(session, [LATER]) == {}
    assert sorted(found, key=lambda each: each.part) == [
        MilestoneCount("north", "path", "first", 0, 1),
        MilestoneCount("north", "path", "first", 1, 1),
        MilestoneCount("east", "path", "first", 2, 1),
    ]
    assert len(queries) == 4, listed(queries)


def test_counting_takes_seven_queries_and_reading_takes_one(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    award(db, two_members[0], ago=20 * WEEK)
    award(db, two_members[1], ago=WEEK)
    with db.transaction() as session:
        deliveries.enqueue(session, [DeliveryRecord(two_members[0], "mail", "t", {})], NOW)
    queries.clear()
    known = counted(db)
    assert len(queries) == 7, listed(queries)
    with db.transaction() as session:
        summary.save_summary(session, known)
    queries.clear()
    with db.reading() as session:
        assert summary.saved_summary(session) == known
    assert len(queries) == 1, listed(queries)
    assert known.members(["north"]) == known.members(["east"]) == 1
    assert known.weeks(["north", "nowhere"], ("path", "first")) == [1] + 12 * [0]
    assert sum(known.weeks(["north", "east"], ("path", "first"))) == 2
    assert known.weeks([], ("path", "first")) == 13 * [0]
    assert known.signups(["north", "east"]) == 11 * [0] + [2]
    assert known.deliveries == {("mail", "owed"): 1}


def test_there_are_no_statistics_before_the_first_count(db: Database) -> None:
    with db.reading() as session:
        assert summary.saved_summary(session) is None


def test_older_statistics_never_replace_newer_ones(db: Database, two_members: list[int]) -> None:
    newer = counted(db)
    older = replace(newer, counted_at=NOW, people={})
    for each in (newer, older):
        with db.transaction() as session:
            summary.save_summary(session, each)
    with db.reading() as session:
        assert summary.saved_summary(session) == newer


def weeks_of(known: StatisticsSummary, regions: Sequence[str] = ("north", "east")) -> int:
    return sum(known.weeks(regions, ("path", "first")))


def test_erased_members_count_as_awards_and_in_no_region(
    db: Database, two_members: list[int]
) -> None:
    for one in two_members:
        award(db, one)
    with db.transaction() as session:
        erase_member(session, two_members[0], "chair", LATER)
    known = counted(db)
    assert known.awards == {("path", "first"): 2}
    assert known.people == {"east": 1}
    assert (weeks_of(known), weeks_of(known, ["north"])) == (1, 0)


def test_awards_count_in_the_members_current_region(db: Database, two_members: list[int]) -> None:
    award(db, two_members[0])
    assert weeks_of(counted(db), ["north"]) == 1
    with db.transaction() as session:
        upsert_members(session, [replace(ANNA, region="east")], LATER)
    known = counted(db)
    assert (weeks_of(known, ["north"]), weeks_of(known, ["east"])) == (0, 1)
    assert known.people == {"east": 2}


def test_an_award_under_a_former_key_counts_under_the_current_key(
    db: Database, two_members: list[int]
) -> None:
    award(db, two_members[0], "before")
    award(db, two_members[1])
    with db.transaction() as session:
        [carl] = add(session, [member(3)])
    award(db, carl, "before")
    with db.transaction() as session:
        erase_member(session, carl, "chair", LATER)
    assert counted(db).awards == {("path", "first"): 1, ("path", "before"): 2}
    known = counted(db, RENAMED)
    assert known.awards == {("path", "first"): 3}
    assert weeks_of(known) == 2


def test_a_member_with_awards_under_both_keys_counts_once(
    db: Database, two_members: list[int]
) -> None:
    """The key was changed at first without saying what it had been."""
    award(db, two_members[0], "before")
    award(db, two_members[0])
    known = counted(db, RENAMED)
    assert known.awards == {("path", "first"): 1}
    assert weeks_of(known) == 1


def test_months_end_with_the_month_of_the_count(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        session.execute(
            update(Member)
            .where(Member.id == two_members[0])
            .values(created_at=NOW - timedelta(days=70))
        )
    known = counted(db, now=NOW)
    assert [month.month for month in known.months[-3:]] == [1, 2, 3]
    assert known.signups(["north", "east"])[-4:] == [1, 0, 0, 1]
