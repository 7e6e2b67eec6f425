"""When to ask a provider again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from bridge.sessions.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderUnavailable,
)

LEASE = timedelta(minutes=5)
"""How long one process has a task to itself. Longer than its calls take."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
REFUSED_WAIT = timedelta(minutes=30)
"""Someone may correct the meeting at the provider meanwhile."""
MISCONFIGURED_WAIT = timedelta(minutes=5)
MAX_AHEAD = timedelta(hours=6)


def is_due(column: InstrumentedAttribute[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether its time has come. One far ahead was written when the clock was wrong."""
    return or_(column <= now, column > now + MAX_AHEAD)


def wait_after(error: ProviderError, attempts: int) -> timedelta:
    """How long to wait after this error. `attempts`: those so far, at least 1."""
    if isinstance(error, ProviderRefused):
        return REFUSED_WAIT
    if isinstance(error, ProviderMisconfigured):
        return MISCONFIGURED_WAIT
    after = error.after if isinstance(error, ProviderUnavailable) else None
    doubled = FIRST_WAIT * int(2 ** min(max(attempts, 1) - 1, 10))
    return min(max(timedelta(seconds=after or 0), min(doubled, LONGEST_WAIT)), MAX_AHEAD)
