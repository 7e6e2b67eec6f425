"""A snapshot of the store for pages and metrics: saved statistics, and when Moodle was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.store.database import Database
from bridge.store.operations import runs
from bridge.store.statistics import summary

PULL = "pull"
"""The kind of run that reads completions from Moodle."""


@dataclass(frozen=True, slots=True)
class Pulls:
    """The latest reads of results from Moodle.

    `pulled_at`: end of the last successful pull, None before the first.
    `pull_failed`: whether the last finished pull failed.
    """

    pulled_at: datetime | None
    pull_failed: bool

    def age(self, now: datetime) -> timedelta | None:
        """How long ago the last successful pull ended; None before the first."""
        return max(now - self.pulled_at, timedelta()) if self.pulled_at else None


@dataclass(frozen=True, slots=True)
class StatusSnapshot(Pulls):
    """The state of the store at one moment.

    `counted_at`: when the statistics were counted, None before the first time (then all are
    empty). `awards`: people by (curriculum, current milestone key). `deliveries`: count by
    (kind, state). `retried_often`: by kind, deliveries still retried after many attempts.
    `differences`: how many differences in Moodle are to be decided.
    """

    counted_at: datetime | None
    members: int
    awards: Mapping[tuple[str, str], int]
    deliveries: Mapping[tuple[str, str], int]
    retried_often: Mapping[str, int]
    differences: int

    def in_state(self, state: str) -> int:
        """How many deliveries are `owed`, `done` or `failed`, all kinds together."""
        return sum(n for (_, each), n in self.deliveries.items() if each == state)


class CachedSnapshot:
    """Keeps the newest snapshot for 15 seconds, so most visits need no query."""

    MAX_AGE = timedelta(seconds=15)

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: tuple[datetime, StatusSnapshot] | None = None

    def take(self, now: datetime) -> StatusSnapshot:
        """A snapshot at most 15 seconds old. Raises StoreError."""
        kept = self._kept
        if kept is None or not kept[0] <= now < kept[0] + self.MAX_AGE:
            kept = self._kept = (now, take_snapshot(self._database))
        return kept[1]


def take_snapshot(database: Database) -> StatusSnapshot:
    """Read a snapshot. Three queries. Raises StoreError."""
    with database.reading() as session:
        pulls, known = _pulls(session), summary.saved_summary(session)
    return StatusSnapshot(
        pulls.pulled_at,
        pulls.pull_failed,
        counted_at=known.counted_at if known else None,
        members=sum(known.people.values()) if known else 0,
        awards=known.awards if known else {},
        deliveries=known.deliveries if known else {},
        retried_often=known.retried_often if known else {},
        differences=known.differences if known else 0,
    )


def take_pulls(database: Database) -> Pulls:
    """Read when Moodle was last read. Two queries. Raises StoreError."""
    with database.reading() as session:
        return _pulls(session)


def _pulls(session: Session) -> Pulls:
    successful = runs.last_run(session, PULL, ok_only=True)
    last = runs.last_run(session, PULL)
    return Pulls(
        successful.finished_at if successful else None, last is not None and last.ok is False
    )
