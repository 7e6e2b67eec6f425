"""Notices when the system's clock is changed, and repairs what a wrong clock has written."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bridge.errors import StewardpathError
from bridge.foundations.deadlines.claims import TIME_LIMITS
from bridge.logs import event
from bridge.store.database import Database
from bridge.store.operations import impossible_times

log = logging.getLogger(__name__)

CHECK_SECONDS = 5.0
REPAIR_INTERVAL_SECONDS = 3600
SMALLEST_JUMP = timedelta(seconds=20)


def watch_clock(
    clock: Callable[[], datetime],
    stopping: threading.Event,
    on_jump: Callable[[timedelta], None],
) -> None:
    """Call `on_jump` whenever the clock moves by other than the time that passed, until stopped.

    The time that passed comes from the monotonic clock, which nobody can set.
    """
    wall, passed = clock(), time.monotonic()
    while not stopping.wait(CHECK_SECONDS):
        former, wall = wall, clock()
        before, passed = passed, time.monotonic()
        jump = wall - former - timedelta(seconds=passed - before)
        if abs(jump) >= SMALLEST_JUMP:
            event(log, "clock-changed", level=logging.WARNING, seconds=int(jump.total_seconds()))
            on_jump(jump)


def repair_times(database: Database, now: datetime) -> dict[str, int]:
    """Repair impossible times, and log what was found. Raises StoreError."""
    with database.reading() as session:
        if not impossible_times.find(session, now, TIME_LIMITS):
            return {}
    with database.transaction() as session:
        found = impossible_times.repair(session, now, TIME_LIMITS)
    columns = " ".join(f"{column}={count}" for column, count in found.items())
    event(log, "times-repaired", level=logging.WARNING, columns=columns)
    return found


def try_repair_times(database: Database, now: datetime) -> None:
    """Like `repair_times`, but only logs an error of the database: the next hour tries again."""
    try:
        repair_times(database, now)
    except StewardpathError as error:
        event(log, "times-not-repaired", level=logging.WARNING, reason=str(error))
