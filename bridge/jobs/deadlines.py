"""Runs the deadlines and reminders whose time has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bridge.config import Config
from bridge.foundations.deadlines.runner import DeadlineKind, run_due
from bridge.jobs.locks import worker_name
from bridge.store.database import Database

DEADLINE_KINDS: tuple[DeadlineKind, ...] = ()
"""A feature adds its kinds here. Rows of other kinds stay pending."""


def run_deadlines(
    database: Database,
    config: Config,
    clock: Callable[[], datetime],
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Run them; return a count by outcome. No lock is needed: each is claimed by one worker.

    Raises StoreError.
    """
    if not DEADLINE_KINDS:
        return {}
    outcomes = run_due(
        database, DEADLINE_KINDS, frozenset(config.holidays), owner=worker_name(), clock=clock,
        stopped=stopped,
    )  # fmt: skip
    return {outcome: count for outcome, count in outcomes.items() if count}
