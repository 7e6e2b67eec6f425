"""When notices are due. Depends on its arguments only."""

from __future__ import annotations

from datetime import datetime, timedelta

RESCAN = timedelta(hours=6)
"""How often to look for members who have come to belong to the audience meanwhile."""
MAX_LATE, MIN_LATE = timedelta(hours=1), timedelta(minutes=10)


MOVED_LITTLE = timedelta(days=1)
"""Who heard of a date isn't told again if it moves by less, unless they are registered."""


def announced_again(starts_at: datetime, days: int) -> datetime:
    """Who got the announcement before this time gets it again: it was about another date.

    `days`: how long before the start a session is announced.
    """
    return starts_at - timedelta(days=days) - MOVED_LITTLE


def late_after(hours: int) -> timedelta:
    """How late a reminder may be, which is due that many hours before the start.

    At most an hour, and half of the time that is left: then it is dropped.
    """
    return max(MIN_LATE, min(MAX_LATE, timedelta(hours=hours) / 2))


def reminder_due(
    starts_at: datetime, hours: int, dated_at: datetime | None, now: datetime
) -> datetime | None:
    """The time that a reminder was due, if it is to be sent now; None if not.

    `dated_at`: when the present date was set, and people were told. A reminder that was due before
    that is not needed.
    """
    due = starts_at - timedelta(hours=hours)
    if not due <= now < due + late_after(hours):
        return None
    return None if dated_at is not None and due <= dated_at <= now else due


def is_repeated(hours: int, due: datetime) -> datetime:
    """Who got the same reminder after this time doesn't get it again: the date moved little."""
    return due - timedelta(hours=hours)
