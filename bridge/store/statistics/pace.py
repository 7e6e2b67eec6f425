"""How often things are counted in advance."""

from __future__ import annotations

from datetime import timedelta

UPDATE_INTERVAL_SECONDS = 15
PAUSE_FACTOR = 20
"""A pause is at least so many times as long as counting took: counting uses 5% of the time."""


def min_pause(seconds: float) -> timedelta:
    """The least time between two counts; a second less, because the interval isn't exact."""
    return timedelta(seconds=max(UPDATE_INTERVAL_SECONDS - 1, seconds * PAUSE_FACTOR))
