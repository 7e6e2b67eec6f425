"""Counts of the whole, for a report or a dashboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bridge import __version__
from bridge.web.api import shapes
from bridge.web.api.door import Door
from bridge.web.api.names import namer
from bridge.web.snapshot import take


def furnish(door: Door) -> None:
    """`GET /status`."""
    house = door.house

    @door.operation("GET", "/status", scope="status:read", answers=shapes.Status)
    def status() -> Mapping[str, object]:
        """How many there are, and when Moodle was last read.

        People who were forgotten still count in `milestones`.
        """
        now = take(house.database)
        name_of = namer(house.curricula)
        people: Counter[tuple[str, str]] = Counter()
        for (curriculum, milestone), count in now.awards.items():
            people[curriculum, name_of(curriculum, milestone)] += count
        return {
            "version": __version__,
            "members": now.members,
            "milestones": [
                {"curriculum": c, "milestone": m, "people": n}
                for (c, m), n in sorted(people.items())
            ],
            "deliveries": [
                {"kind": kind, "state": state, "count": n}
                for (kind, state), n in sorted(now.deliveries.items())
            ],
            "pulled_at": now.pulled_at,
            "pull_failed": now.pull_failed,
        }
