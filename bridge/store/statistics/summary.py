"""How many there are of what: counted now and then, kept as one row, read by every page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session

from bridge.store.delivery import delivery_queries
from bridge.store.dialect import insert_into
from bridge.store.learning import awards
from bridge.store.learning.milestone_renames import Key, Renamed
from bridge.store.statistics import regions as region_statistics
from bridge.store.statistics.regions import MilestoneCount
from bridge.store.tables.statistics import SavedStatistics

NAME = "everything"
WEEKS = 12
MONTHS = 12

Place = tuple[str, str, str]
"""Region, curriculum, milestone."""


@dataclass(frozen=True, slots=True)
class StatisticsSummary:
    """Milestones have the keys of now; `seconds` is how long the counting took.

    `people`: members by region. `reached`: members by place, once for the time before the last
    twelve weeks and then for each of these. `joined`: members of a region by month, this one
    and the eleven before. `awards`: people by milestone, those who were forgotten included.
    `deliveries`: by kind and state. `retried_often`: those still retried after many tries, by
    kind.
    """

    counted_at: datetime
    seconds: float
    people: Mapping[str, int]
    reached: Mapping[Place, Sequence[int]]
    joined: Mapping[str, Sequence[int]]
    awards: Mapping[Key, int]
    deliveries: Mapping[tuple[str, str], int]
    retried_often: Mapping[str, int]

    @property
    def months(self) -> Sequence[datetime]:
        """The first moment of each month that `joined` speaks of."""
        return _months(self.counted_at)

    def members(self, regions: Collection[str]) -> int:
        """How many members these regions have."""
        return sum(self.people.get(region, 0) for region in regions)

    def weeks(self, regions: Iterable[str], step: Key) -> list[int]:
        """How many reached a milestone: before the last twelve weeks, then week by week."""
        return _added((self.reached.get((region, *step), ()) for region in regions), WEEKS + 1)

    def signups(self, regions: Iterable[str]) -> list[int]:
        """How many became members, month by month."""
        return _added((self.joined.get(region, ()) for region in regions), MONTHS)


def count_summary(
    session: Session, renamed: Renamed, clock: Callable[[], datetime]
) -> StatisticsSummary:
    """Count everything: some seconds beside 100,000 members. Six queries."""
    now = clock()
    found = region_statistics.reached(session, _weeks(now), renamed)
    joined = region_statistics.joined(session, _months(now))
    people = region_statistics.people(session)
    forgotten = awards.forgotten(session)
    deliveries = delivery_queries.counts(session)
    often = delivery_queries.retried_often(session)
    return StatisticsSummary(
        counted_at=now,
        seconds=(clock() - now).total_seconds(),
        people=people,
        reached=_by_place(found),
        joined={
            region: [joined.get((region, part), 0) for part in range(1, MONTHS + 1)]
            for region in people
        },
        awards=_by_milestone(found, forgotten, renamed),
        deliveries=deliveries,
        retried_often=often,
    )


def save_summary(session: Session, figures: StatisticsSummary) -> None:
    """Let every page read these from now on, unless newer ones are kept already."""
    insert = insert_into(session, SavedStatistics)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"counted_at": new.counted_at, "seconds": new.seconds, "counts": new.counts},
        where=SavedStatistics.counted_at <= new.counted_at,
    )
    counts = {
        "people": figures.people,
        "joined": figures.joined,
        "reached": [[*place, parts] for place, parts in figures.reached.items()],
        "awards": [[*key, n] for key, n in figures.awards.items()],
        "deliveries": [[*key, n] for key, n in figures.deliveries.items()],
        "retried_often": figures.retried_often,
    }
    row = {"name": NAME, "counted_at": figures.counted_at, "seconds": figures.seconds}
    session.execute(statement, [row | {"counts": counts}])


def saved_summary(session: Session) -> StatisticsSummary | None:
    """What was counted last; None before the first time. One query."""
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
        retried_often=counts.get("retried_often", {}),  # kept by a release before these
    )


def _by_place(found: Iterable[MilestoneCount]) -> dict[Place, list[int]]:
    counted: defaultdict[Place, list[int]] = defaultdict(lambda: [0] * (WEEKS + 1))
    for each in found:
        counted[each.region, each.curriculum, each.milestone][each.part] += each.people
    return dict(counted)


def _by_milestone(
    found: Iterable[MilestoneCount], forgotten: Mapping[Key, int], renamed: Renamed
) -> dict[Key, int]:
    people: Counter[Key] = Counter()
    for each in found:
        people[each.curriculum, each.milestone] += each.people
    for (path, key), n in forgotten.items():
        people[path, renamed.get((path, key), key)] += n
    return dict(people)


def _added(rows: Iterable[Sequence[int]], length: int) -> list[int]:
    """The rows added up, place by place; an empty one is nothing."""
    filled = [row for row in rows if row]
    return [sum(row[place] for row in filled) for place in range(length)]


def _weeks(now: datetime) -> list[datetime]:
    """When each of the last twelve weeks began, the oldest first."""
    return [now - timedelta(weeks=ago) for ago in range(WEEKS, 0, -1)]


def _months(now: datetime) -> list[datetime]:
    """The first moments of this month and the eleven before, the oldest first."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]
