"""Runs the deadlines and reminders whose time has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.features import FEATURES
from bridge.features.registers import deadline_kinds
from bridge.foundations.deadlines.runner import run_due
from bridge.foundations.feature import Feature
from bridge.jobs.locks import worker_name
from bridge.store.database import Database


def run_deadlines(
    database: Database,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Callable[[], datetime],
    *,
    features: Sequence[Feature] = FEATURES,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Run them; return a count by outcome. No lock is needed: each is claimed by one worker.

    Rows of kinds that no feature gives stay pending. Raises StoreError.
    """
    kinds = deadline_kinds(features, config, curricula)
    outcomes = run_due(
        database, kinds, frozenset(config.holidays), owner=worker_name(), clock=clock,
        stopped=stopped,
    )  # fmt: skip
    return {outcome: count for outcome, count in outcomes.items() if count}
