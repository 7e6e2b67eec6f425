"""The numbers behind the overview: counted once a minute, however many look at them."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.curriculum.model import Curriculum
from bridge.progress import former_milestones
from bridge.store import overview
from bridge.store.overview import Reached
from bridge.web.collaborators import Collaborators

FRESH = timedelta(minutes=1)
WEEKS = 12
MONTHS = 12

Place = tuple[str, str, str]
"""Region, curriculum, milestone."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`reached`: members by place, once for the time before the last twelve weeks and then for
    each of these. `joined`: members of a region by month; `months`: the first day of each."""

    taken_at: datetime
    people: Mapping[str, int]
    reached: Mapping[Place, Sequence[int]]
    joined: Mapping[str, Sequence[int]]
    months: Sequence[datetime]

    def members(self, regions: Collection[str]) -> int:
        return sum(self.people.get(region, 0) for region in regions)

    def weeks(self, regions: Collection[str], step: tuple[str, str]) -> list[int]:
        """How many reached a milestone: before the last twelve weeks, then week by week."""
        nobody = (0,) * (WEEKS + 1)
        each = [self.reached.get((region, *step), nobody) for region in regions]
        return [sum(week) for week in zip(*each, strict=True)] or list(nobody)

    def signups(self, regions: Collection[str]) -> list[int]:
        nobody = (0,) * MONTHS
        each = [self.joined.get(region, nobody) for region in regions]
        return [sum(month) for month in zip(*each, strict=True)] or list(nobody)


class Counting:
    """Figures that are counted anew when they are older than a minute. Safe between threads."""

    def __init__(self, house: Collaborators) -> None:
        self._house = house
        self._lock = threading.Lock()
        self._known: Figures | None = None

    def now(self) -> Figures:
        """Three queries, or none. Raises StoreError."""
        now = self._house.now()
        with self._lock:
            if self._known is None or not timedelta() <= now - self._known.taken_at < FRESH:
                self._known = count(self._house, now)
            return self._known


def count(house: Collaborators, now: datetime) -> Figures:
    """Count everything. Three queries."""
    weeks = [now - timedelta(weeks=ago) for ago in range(WEEKS, 0, -1)]
    months = _months(now)
    with house.database.reading() as session:
        people = overview.people(session)
        found = overview.reached(session, weeks)
        joined = overview.joined(session, months)
    return Figures(
        now,
        people,
        _by_place(house.curricula, found),
        {
            region: [joined.get((region, part), 0) for part in range(1, MONTHS + 1)]
            for region in people
        },
        months,
    )


def _by_place(
    curricula: Sequence[Curriculum], found: Sequence[Reached]
) -> Mapping[Place, Sequence[int]]:
    """An award keeps the key its milestone had then: it is counted under the key of now."""
    former = {curriculum.key: former_milestones(curriculum) for curriculum in curricula}
    counted: defaultdict[Place, Counter[int]] = defaultdict(Counter)
    for each in found:
        key = former.get(each.curriculum, {}).get(each.milestone, each.milestone)
        counted[each.region, each.curriculum, key][each.part] += each.people
    return {place: [parts[part] for part in range(WEEKS + 1)] for place, parts in counted.items()}


def _months(now: datetime) -> list[datetime]:
    """The first moments of this month and the eleven before, the oldest first."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]
