"""Entries in the calendar of a member or person: whole days, and times with a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bridge.foundations.deadlines.local_time import find_zone, wall_time

Status = Literal["confirmed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time to another, as the clocks in `zone` show them, such as America/Toronto.

    Of a time that comes twice, the first is meant. A start that a clock change skips is as much
    later as the clocks were put forward, as in iCalendar; if the end isn't after it then, it is
    moved with it. Raises ValueError if a time has a zone of its own, the zone is unknown, or it
    doesn't end after it starts.
    """

    starts: datetime
    ends: datetime
    zone: str

    def __post_init__(self) -> None:
        if self.starts.tzinfo is not None or self.ends.tzinfo is not None:
            raise ValueError("a local time has no time zone of its own")
        zone, length = find_zone(self.zone), self.ends - self.starts
        if length <= timedelta():
            raise ValueError(f"it ends at {self.ends}, not after its start at {self.starts}")
        if self.until <= self.since:
            object.__setattr__(self, "ends", wall_time(self.since + length, zone))

    @property
    def since(self) -> datetime:
        """The moment it starts, in UTC."""
        return self._moment(self.starts)

    @property
    def until(self) -> datetime:
        """The moment it ends, in UTC."""
        return self._moment(self.ends)

    def _moment(self, at: datetime) -> datetime:
        return at.replace(tzinfo=find_zone(self.zone), fold=0).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something in someone's calendar.

    `uid`: names the entry among those of all features, such as `session-12`. It stays the same
    when anything else changes, so that calendar programs update the entry. `when`: a whole day, or
    times. `path`: a page about it, or ''. `place`: a room, an address or a link, or ''.
    `description`: a text for the entry, or ''.
    `sequence`: rises when the time, the place or the status changes. `status`: a cancelled entry
    is still shown, as cancelled; calendar programs remove it.

    Raises ValueError if it has no uid, TypeError if `when` is a `datetime`: times are `Hours`.
    """

    uid: str
    title: str
    when: date | Hours
    path: str = ""
    place: str = ""
    sequence: int = 0
    status: Status = "confirmed"
    description: str = ""

    def __post_init__(self) -> None:
        if not self.uid:
            raise ValueError(f"the calendar entry “{self.title}” has no uid")
        if isinstance(self.when, datetime):
            raise TypeError(f"the times of the calendar entry {self.uid} are not Hours")

    @property
    def hours(self) -> Hours | None:
        """Its times; None if it is a whole day."""
        return self.when if isinstance(self.when, Hours) else None

    def begins(self, zone: ZoneInfo) -> datetime:
        """The moment it begins; a whole day begins at midnight in this zone."""
        if isinstance(self.when, Hours):
            return self.when.since
        return datetime.combine(self.when, time(), zone).astimezone(UTC)

    def last_day(self, zone: ZoneInfo) -> date:
        """The last day of it in this zone."""
        if isinstance(self.when, Hours):
            return wall_time(self.when.until - timedelta(microseconds=1), zone).date()
        return self.when
