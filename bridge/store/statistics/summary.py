"""The statistics that pages show: counted regularly and saved as one row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session

from bridge.store.delivery import delivery_queries, differences
from bridge.store.dialect import insert_into
from bridge.store.learning import awards
from bridge.store.learning.milestone_renames import CurrentKeys, MilestoneKey
from bridge.store.statistics import regions as region_statistics
from bridge.store.statistics.regions import MilestoneCount
from bridge.store.tables.statistics import SavedStatistics

NAME = "everything"
WEEKS = 12
MONTHS = 12

RegionMilestone = tuple[str, str, str]
"""Region, curriculum, milestone."""


@dataclass(frozen=True, slots=True)
class StatisticsSummary:
    """Saved counts. Milestones have their current keys; `seconds`: how long counting took.

    `people`: members by region. `reached`: awards by region and milestone; first those before
    the last 12 weeks, then week by week. `joined`: new members by region, in each of the last 12
    months. `awards`: members by milestone, including erased members. `deliveries`: by kind and
    state. `retried_often`: deliveries still retried after many attempts, by kind. `differences`:
    how many differences in Moodle nobody has decided about.
    """

    counted_at: datetime
    seconds: float
    people: Mapping[str, int]
    reached: Mapping[RegionMilestone, Sequence[int]]
    joined: Mapping[str, Sequence[int]]
    awards: Mapping[MilestoneKey, int]
    deliveries: Mapping[tuple[str, str], int]
    retried_often: Mapping[str, int]
    differences: int

    @property
    def months(self) -> Sequence[datetime]:
        """The start of each month in `joined`."""
        return _month_starts(self.counted_at)

    def members(self, regions: Collection[str]) -> int:
        """Return how many members these regions have."""
        return sum(self.people.get(region, 0) for region in regions)

    def weeks(self, regions: Iterable[str], step: MilestoneKey) -> list[int]:
        """Return how many earned a milestone: before the last 12 weeks, then week by week."""
        return _sum_columns(
            (self.reached.get((region, *step), ()) for region in regions), WEEKS + 1
        )

    def signups(self, regions: Iterable[str]) -> list[int]:
        """Return how many became members, month by month."""
        return _sum_columns((self.joined.get(region, ()) for region in regions), MONTHS)


def count_summary(
    session: Session, renamed: CurrentKeys, clock: Callable[[], datetime]
) -> StatisticsSummary:
    """Count everything. Takes some seconds with 100,000 members. Seven queries."""
    now = clock()
    reached = region_statistics.count_awards(session, _week_starts(now), renamed)
    joined = region_statistics.count_new_members(session, _month_starts(now))
    people = region_statistics.count_members(session)
    erased = awards.count_erased(session)
    deliveries = delivery_queries.count_deliveries(session)
    often = delivery_queries.count_retried_often(session)
    return StatisticsSummary(
        counted_at=now,
        seconds=(clock() - now).total_seconds(),
        people=people,
        reached=_by_region_and_milestone(reached),
        joined={
            region: [joined.get((region, part), 0) for part in range(1, MONTHS + 1)]
            for region in people
        },
        awards=_by_milestone(reached, erased, renamed),
        deliveries=deliveries,
        retried_often=often,
        differences=differences.count_open(session),
    )


def save_summary(session: Session, summary: StatisticsSummary) -> None:
    """Save the statistics, unless newer ones are already saved."""
    insert = insert_into(session, SavedStatistics)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"counted_at": new.counted_at, "seconds": new.seconds, "counts": new.counts},
        where=SavedStatistics.counted_at <= new.counted_at,
    )
    counts = {
        "people": summary.people,
        "joined": summary.joined,
        "reached": [[*key, parts] for key, parts in summary.reached.items()],
        "awards": [[*key, n] for key, n in summary.awards.items()],
        "deliveries": [[*key, n] for key, n in summary.deliveries.items()],
        "retried_often": summary.retried_often,
        "differences": summary.differences,
    }
    row = {"name": NAME, "counted_at": summary.counted_at, "seconds": summary.seconds}
    session.execute(statement, [row | {"counts": counts}])


def saved_summary(session: Session) -> StatisticsSummary | None:
    """Return the saved statistics, None if none were saved yet. One query."""
    row = session.get(SavedStatistics, NAME)
    if row is None:
        return None
    counts = cast(dict[str, Any], row.counts)
    return StatisticsSummary(
        counted_at=row.counted_at,
        seconds=row.seconds,
        people=counts["people"],
        joined=counts["joined"],
        reached={(region, *key): parts for region, *key, parts in counts["reached"]},
        awards={(path, key): n for path, key, n in counts["awards"]},
        deliveries={(kind, state): n for kind, state, n in counts["deliveries"]},
        # An earlier release may have saved the row without these.
        retried_often=counts.get("retried_often", {}),
        differences=counts.get("differences", 0),
    )


def _by_region_and_milestone(reached: Iterable[MilestoneCount]) -> dict[RegionMilestone, list[int]]:
    counted: defaultdict[RegionMilestone, list[int]] = defaultdict(lambda: [0] * (WEEKS + 1))
    for each in reached:
        counted[each.region, each.curriculum, each.milestone][each.part] += each.people
    return dict(counted)


def _by_milestone(
    reached: Iterable[MilestoneCount], erased: Mapping[MilestoneKey, int], renamed: CurrentKeys
) -> dict[MilestoneKey, int]:
    people: Counter[MilestoneKey] = Counter()
    for each in reached:
        people[each.curriculum, each.milestone] += each.people
    for (path, key), n in erased.items():
        people[path, renamed.get((path, key), key)] += n
    return dict(people)


def _sum_columns(rows: Iterable[Sequence[int]], length: int) -> list[int]:
    """Add up rows of equal length, column by column. Empty rows count as zeros."""
    filled = [row for row in rows if row]
    return [sum(row[column] for row in filled) for column in range(length)]


def _week_starts(now: datetime) -> list[datetime]:
    """The starts of the last 12 weeks, oldest first."""
    return [now - timedelta(weeks=ago) for ago in range(WEEKS, 0, -1)]


def _month_starts(now: datetime) -> list[datetime]:
    """The starts of the last 12 months including this one, oldest first."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]
