"""Asks the providers for what is due: meetings before they open, and links for those with a seat.

A kill in between loses nothing: each attempt is stored before the call. A person who was tried
before is looked up at the provider before they are added again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.sessions.providers.created_meetings import create_meetings
from bridge.sessions.providers.registrants import register_people
from bridge.sessions.providers.wanted import update_wanted
from bridge.store.database import Database

BUDGET_SECONDS = 30
"""No call starts later in a run, so that deadlines don't wait for long."""
KIND = "session-links"
"""The kind of deadline whose update does this. It has no deadlines itself."""


def provide_links(
    config: Config,
    curricula: Sequence[Curriculum],
    database: Database,
    now: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Do what is due. `clock`: in seconds, to end in time. Raises StoreError."""
    update_wanted(database, now)
    in_time = partial(_in_time, clock, clock() + BUDGET_SECONDS)
    create_meetings(config, curricula, database, now, in_time)
    register_people(config, database, now, in_time)


def _in_time(clock: Callable[[], float], end: float) -> bool:
    return clock() < end
