"""When a local time comes, and which day follows a holiday. Depends on its arguments only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SATURDAY = 5
ONE_SECOND = timedelta(seconds=1)
NO_PLACES = ("localtime", "Factory", "posixrules")
NO_PLACE_FOLDERS = ("posix/", "right/")
"""Files among the zones of a system that name no place, or count leap seconds."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A time on the clocks of a place, to the second.

    `zone`: such as America/Toronto. `skip_holidays`: on a weekend or holiday, the same time of the
    next working day is meant. Raises ValueError if the time has a zone of its own, or the zone is
    unknown.
    """

    at: datetime
    zone: str
    skip_holidays: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None:
            raise ValueError("a local time has no time zone of its own")
        if self.at.microsecond:
            raise ValueError("a local time has no fractions of a second")
        find_zone(self.zone)


def find_zone(name: str) -> ZoneInfo:
    """The zone with this name. Raises ValueError if it is unknown."""
    try:
        if name in NO_PLACES or name.startswith(NO_PLACE_FOLDERS):
            raise ZoneInfoNotFoundError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone such as America/Toronto") from error


def instant_of(local: LocalTime, holidays: Collection[date] = ()) -> datetime:
    """The moment from which on the clocks there show this time or a later one for good, in UTC.

    A time that a clock change skips comes at the change. One that comes twice counts the second
    time, so that no one who reads a clock there is late before it.
    """
    at, zone = local.at, find_zone(local.zone)
    if local.skip_holidays:
        at = datetime.combine(next_working_day(at.date(), holidays), at.time())
    first, second = (at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if wall_time(second, zone) == at:
        return second
    return _first_moment_showing(at, zone, second, first)


def _first_moment_showing(
    at: datetime, zone: ZoneInfo, before: datetime, after: datetime
) -> datetime:
    """The clock change between two moments that skips the time `at`."""
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2 // ONE_SECOND * ONE_SECOND
        before, after = (middle, after) if wall_time(middle, zone) < at else (before, middle)
    return after


def wall_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks in the zone show at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def local_clock(clock: Callable[[], datetime], zone: str) -> Callable[[], datetime]:
    """A clock that shows the same moments in a time zone: their date is the day there.

    Each moment has a fixed offset, so that adding hours is right across a clock change. Raises
    ValueError if the zone is unknown.
    """
    place = find_zone(zone)

    def now() -> datetime:
        moment = clock().astimezone(place)
        return moment.astimezone(timezone(moment.utcoffset() or timedelta(0)))

    return now


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself, or the first one after it that is neither a weekend nor a holiday."""
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day
