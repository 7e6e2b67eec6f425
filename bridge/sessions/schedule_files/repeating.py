"""The dates of a session that repeats monthly. Depends on its arguments only."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions.rules import Times

Rhythm = Literal["weekday", "last-weekday", "day"]
"""Every month on the second Tuesday, on the last Tuesday, or on the 14th."""
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
MAX_TIMES = 36
WEEK = 7


@dataclass(frozen=True, slots=True)
class Repeat:
    """How a session repeats. Either `times` more, or until a day (inclusive).

    Raises SessionError.
    """

    rhythm: Rhythm
    times: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if (self.times is None) == (self.until is None):
            raise SessionError(Message("say either how many times it repeats, or until when."))
        if self.times is not None and not 1 <= self.times <= MAX_TIMES:
            raise SessionError(Message("a session repeats 1 to %(count)s times.", count=MAX_TIMES))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One month: its first day, the times, or why there are none."""

    month: date
    times: Times | None
    problem: str = ""


def occurrences(first: Times, repeat: Repeat) -> list[Occurrence]:
    """One for each month after the first, also those in which it can't take place.

    `times` counts the sessions, not the months without one. Raises SessionError if there are none
    or too many months, or it isn't in the last week of a month but repeats there.
    """
    if repeat.rhythm == "last-weekday" and not _is_in_last_week(first.starts.date()):
        raise SessionError(Message("the session isn't on the last such weekday of its month."))
    found: list[Occurrence] = []
    for month in _months_after(first.starts.date()):
        day = _day_in(month, first.starts.date(), repeat.rhythm)
        if repeat.until is not None and (day or month) > repeat.until:
            break
        found.append(_occurrence(month, day, first))
        if repeat.times is not None and _count(found) == repeat.times:
            break
    if not found:
        raise SessionError(Message("there is no month until then."))
    if _count(found) > MAX_TIMES:
        raise SessionError(Message("a session repeats 1 to %(count)s times.", count=MAX_TIMES))
    return found


def _count(found: list[Occurrence]) -> int:
    return sum(each.times is not None for each in found)


def _months_after(day: date) -> Iterator[date]:
    """The first days of the months after, for as long as one can plan."""
    for count in range(1, 10 * 12 + 1):
        years, month = divmod(day.month - 1 + count, 12)
        if day.year + years <= date.max.year:
            yield date(day.year + years, month + 1, 1)


def _is_in_last_week(day: date) -> bool:
    return day.day + WEEK > calendar.monthrange(day.year, day.month)[1]


def _day_in(month: date, first: date, rhythm: Rhythm) -> date | None:
    """The day in a month; None if the month has none."""
    length = calendar.monthrange(month.year, month.month)[1]
    if rhythm == "day":
        number = first.day
    elif rhythm == "last-weekday":
        last = month.replace(day=length)
        number = length - (last.weekday() - first.weekday()) % WEEK
    else:
        weeks = (first.day - 1) // WEEK
        number = 1 + (first.weekday() - month.weekday()) % WEEK + weeks * WEEK
    return month.replace(day=number) if number <= length else None


def _occurrence(month: date, day: date | None, first: Times) -> Occurrence:
    if day is None:
        return Occurrence(month, None, Message("this month has no such day."))
    moved = timedelta(days=(day - first.starts.date()).days)
    try:
        return Occurrence(month, Times(*_moved(first, moved), first.zone))
    except SessionError as error:
        return Occurrence(month, None, error.what)


def _moved(first: Times, by: timedelta) -> tuple[datetime, datetime]:
    return first.starts + by, first.ends + by
