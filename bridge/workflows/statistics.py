"""The figures that pages show, counted beside them: no page waits for a count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bridge.curriculum.model import Curriculum
from bridge.progress import milestone_renames
from bridge.store.database import Database
from bridge.store.statistics import summary

EVERY = 15
"""Seconds after which it is asked whether to count anew."""
SHARE = 20
"""Counting takes a twentieth of the time at most, however many members there are."""


def update_statistics(
    database: Database, curricula: Iterable[Curriculum], clock: Callable[[], datetime]
) -> bool:
    """Count everything anew, unless that was done just now, here or by another process.

    Whether it was counted. Two that count at the same time do no harm. Raises StoreError.
    """
    with database.reading() as session:
        known = summary.saved_summary(session)
    if known and clock() - known.counted_at < _pause(known):
        return False
    with database.reading() as session:
        counted = summary.count_summary(session, milestone_renames(curricula), clock)
    with database.transaction() as session:
        summary.save_summary(session, counted)
    return True


def _pause(known: summary.StatisticsSummary) -> timedelta:
    """How long after these begins the next count; a little less, as no clock strikes exactly."""
    return timedelta(seconds=max(EVERY - 1, known.seconds * SHARE))
