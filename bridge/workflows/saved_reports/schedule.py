"""When a report is emailed: on a day of the week or of the month, in the union's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

SEND_TIME = time(7)
DAY = timedelta(days=1)
LAST_DAY = 28
"""The last day of the month to choose: every month has it."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`day`: of the week, where 1 is Monday, or of the month, 1 to 28."""

    every: Literal["weekly", "monthly"]
    day: int

    def falls_on(self, day: date) -> bool:
        return self.day == (day.isoweekday() if self.every == "weekly" else day.day)


def latest_day(schedule: Schedule, now: datetime, zone: ZoneInfo) -> date:
    """The last day of the schedule that has come: its time of the day is now, or was before."""
    local = now.astimezone(zone)
    day = local.date() if local.time() >= SEND_TIME else local.date() - DAY
    while not schedule.falls_on(day):
        day -= DAY
    return day


def next_day(schedule: Schedule, now: datetime, zone: ZoneInfo) -> date:
    """The first day of the schedule that is still to come."""
    day = latest_day(schedule, now, zone) + DAY
    while not schedule.falls_on(day):
        day += DAY
    return day


def due_day(schedule: Schedule, done_on: date | None, now: datetime, zone: ZoneInfo) -> date | None:
    """The day whose report is to be emailed now; None if none is.

    `done_on`: the last day that was dealt with. However many days were missed, only the latest is
    due. A day that is still to come was recorded by a wrong clock, and doesn't count.
    """
    latest = latest_day(schedule, now, zone)
    is_done = done_on is not None and latest <= done_on < next_day(schedule, now, zone)
    return None if is_done else latest
