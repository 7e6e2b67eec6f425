"""Updates the statistics that pages show, so that no page has to count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bridge.curriculum.model import Curriculum
from bridge.progress import milestone_renames
from bridge.store.database import Database
from bridge.store.statistics import coverage, summary
from bridge.store.statistics.coverage_report import coverage_groups
from bridge.store.statistics.pace import min_pause


def update_statistics(
    database: Database, curricula: Iterable[Curriculum], clock: Callable[[], datetime]
) -> bool:
    """Count again, unless the statistics are recent. Returns whether it counted.

    Two processes that count at the same time do no harm. Raises StoreError.
    """
    with database.reading() as session:
        known = summary.saved_summary(session)
    if known and clock() - known.counted_at < min_pause(known.seconds):
        return False
    with database.reading() as session:
        counted = summary.count_summary(session, milestone_renames(curricula), clock)
        covered = coverage.count_coverage(session, coverage_groups(curricula), counted.counted_at)
    seconds = (clock() - counted.counted_at).total_seconds()
    with database.transaction() as session:
        summary.save_summary(session, replace(counted, seconds=seconds))
        coverage.save_coverage(session, covered)
    return True
