"""What the pages and the metrics show: counts, and how old our knowledge of Moodle is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.store import awards, backlog, members, runs
from bridge.store.database import Database

PULL = "pull"
"""The kind of run that reads completions from Moodle."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the store.

    `awards`: people by (curriculum, milestone); `deliveries`: by (kind, state).
    `pulled_at`: end of the last pull that went well, None before the first.
    `pull_failed`: whether the newest pull that has ended went wrong.
    """

    members: int
    awards: Mapping[tuple[str, str], int]
    deliveries: Mapping[tuple[str, str], int]
    pulled_at: datetime | None
    pull_failed: bool

    def age(self, now: datetime) -> timedelta | None:
        """How long ago the last good pull ended; None before the first."""
        return max(now - self.pulled_at, timedelta()) if self.pulled_at else None

    def in_state(self, state: str) -> int:
        """How many deliveries are `owed`, `done` or `failed`, all kinds together."""
        return sum(n for (_, each), n in self.deliveries.items() if each == state)


class Recent:
    """The newest snapshot, read again when it is 15 seconds old: most visitors cost no query."""

    KEPT = timedelta(seconds=15)

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: tuple[datetime, Snapshot] | None = None

    def take(self, now: datetime) -> Snapshot:
        """At most 15 seconds old. Raises StoreError."""
        kept = self._kept
        if kept is None or not kept[0] <= now < kept[0] + self.KEPT:
            kept = self._kept = (now, take(self._database))
        return kept[1]


def take(database: Database) -> Snapshot:
    """Read a snapshot. Raises StoreError."""
    with database.reading() as session:
        good = runs.last_run(session, PULL, ok_only=True)
        last = runs.last_run(session, PULL)
        return Snapshot(
            members=members.count_members(session),
            awards=awards.counts(session),
            deliveries=backlog.counts(session),
            pulled_at=good.finished_at if good else None,
            pull_failed=last is not None and last.ok is False,
        )
