"""What will be emailed: when, to whom, and who is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.errors import SavedFilterError
from bridge.mail.mailings import SAVED_REPORTS
from bridge.messages import Message
from bridge.store.saved_filters import filters
from bridge.store.saved_filters.unsubscribed import unsubscribed
from bridge.store.tables.saved_filters import SavedFilter, SavedFilterRecipient
from bridge.workflows.saved_reports.readers import ReportReader, readers
from bridge.workflows.saved_reports.reports import REPORTS, Report
from bridge.workflows.saved_reports.schedule import Schedule, due_day, next_day

LeftOut = Literal["", "role", "region", "unsubscribed", "address"]
"""Why someone gets no email. role: no role lets them read the report any more. region: they may
not read about the region chosen. address: no person can have the address.
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """A recipient, and what they would get. `reader` is None if they may not read the report."""

    row: SavedFilterRecipient
    reader: ReportReader | None
    left_out: LeftOut


def schedule_of(row: SavedFilter) -> Schedule | None:
    """When a report is emailed; None if it isn't."""
    if row.every not in ("weekly", "monthly"):
        return None
    return Schedule(cast(Literal["weekly", "monthly"], row.every), row.day)


def due(row: SavedFilter, config: Config, now: datetime) -> date | None:
    """The day whose report is to be emailed now; None if none is, or it is stopped."""
    schedule = schedule_of(row)
    if schedule is None or row.stopped_at is not None:
        return None
    return due_day(schedule, row.done_on, now, ZoneInfo(config.timezone))


def next_sending(row: SavedFilter, config: Config, now: datetime) -> date | None:
    """The day of the next email: today if one is due; None if none is sent."""
    schedule, zone = schedule_of(row), ZoneInfo(config.timezone)
    if schedule is None or row.stopped_at is not None:
        return None
    if due_day(schedule, row.done_on, now, zone):
        return now.astimezone(zone).date()
    return next_day(schedule, now, zone)


def report_of(row: SavedFilter) -> Report:
    """The report of a saved filter. Raises SavedFilterError if its page is none."""
    report = REPORTS.get(row.page)
    if report is None:
        raise SavedFilterError(
            Message("this list is not a report."), todo=Message("Only reports can be emailed.")
        )
    return report


def plan(session: Session, config: Config, row: SavedFilter) -> Sequence[Planned]:
    """Who would get a report now, and why others wouldn't. Three queries."""
    known = readers(session, config, report_of(row).right)
    people = filters.recipients(session, [row.id])[row.id]
    off = unsubscribed(session, [each.email for each in people], SAVED_REPORTS.key)
    return [_planned(each, known.get(each.email), row, each.email in off) for each in people]


def _planned(
    each: SavedFilterRecipient, reader: ReportReader | None, row: SavedFilter, off: bool
) -> Planned:
    if reader is None:
        return Planned(each, None, "role")
    if not reader.sees(str(row.chosen.get("region", ""))):
        return Planned(each, reader, "region")
    return Planned(each, reader, "unsubscribed" if off else "")
