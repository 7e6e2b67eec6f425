"""Saving, changing, stopping and deleting filters. Everything is in the audit log.

The log doesn't have the name of a filter: people may write anything there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.errors import SavedFilterError
from bridge.messages import Message
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction
from bridge.store.saved_filters import filters
from bridge.store.saved_filters.filters import Every
from bridge.store.tables.saved_filters import SavedFilter
from bridge.workflows.saved_reports.planning import report_of, schedule_of
from bridge.workflows.saved_reports.readers import readers
from bridge.workflows.saved_reports.schedule import LAST_DAY, latest_day

MAX_FILTERS = 100
"""How many filters one person can save."""
MAX_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class NewFilter:
    """What someone saves: a name, and the values chosen on a page (its endpoint)."""

    name: str
    page: str
    chosen: Mapping[str, str]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be changed. `day`: see `Schedule`. `recipients`: addresses of the team."""

    name: str
    shared: bool
    every: Every = ""
    day: int = 1
    recipients: Sequence[str] = ()


def save(session: Session, new: NewFilter, owner: str, now: datetime) -> SavedFilter:
    """Save a filter; one that is the same already is returned. `owner`: an address in lower case.

    Raises SavedFilterError if the name is empty, too long or taken, or if they have too many.
    """
    name = _checked_name(new.name)
    known = filters.named(session, owner, new.page, name)
    if known and known.chosen == new.chosen:
        return known
    if known:
        raise _name_taken()
    if filters.count_of(session, owner) >= MAX_FILTERS:
        raise SavedFilterError(
            Message("you have saved %(count)s filters, which is the most.", count=MAX_FILTERS),
            todo=Message("Delete some that you don't need."),
        )
    row = filters.add(session, new.page, name, new.chosen, owner, new.shared, now)
    _audit(session, "filter-saved", row, owner, now)
    return row


def change(
    session: Session,
    config: Config,
    number: int,
    version: int,
    new: Settings,
    actor: str,
    now: datetime,
) -> SavedFilter:
    """Change a filter, its schedule and who gets it. `version`: the one that the person saw.

    A new schedule begins with its next day; a report that is stopped stays so. Raises
    SavedFilterError if the filter was changed meanwhile or isn't there any more, or if a recipient
    may not read the report.
    """
    row = _lock(session, number)
    if row.version != version:
        raise SavedFilterError(
            Message("the filter was changed meanwhile, by someone else or in another window."),
            todo=Message("Compare it with your changes, and save again."),
        )
    name = _checked_name(new.name)
    known = filters.named(session, row.owner, row.page, name)
    if known and known.id != row.id:
        raise _name_taken()
    before = (row.every, row.day)
    row.name, row.shared, row.changed_at = name, new.shared, now
    row.version += 1
    if new.every or row.every:
        _schedule(session, config, row, new, actor, now)
    if before != (row.every, row.day):
        _next_day_first(row, config, now)
        if not (before[0] and row.every):
            row.stopped_at, row.stopped_because = None, ""
    _audit(session, "filter-changed", row, actor, now)
    return row


def _schedule(
    session: Session, config: Config, row: SavedFilter, new: Settings, actor: str, now: datetime
) -> None:
    known = readers(session, config, report_of(row).right)
    kept = {each.email for each in filters.recipients(session, [row.id])[row.id]}
    region = str(row.chosen.get("region", ""))
    for email in new.recipients:
        if email not in kept and not (email in known and known[email].sees(region)):
            raise SavedFilterError(
                Message("%(email)s may not read this report.", email=email),
                todo=Message("Choose people from the list."),
            )
    if new.every and not new.recipients:
        raise SavedFilterError(
            Message("nobody was chosen."), todo=Message("Choose who gets the report.")
        )
    if new.every and not 1 <= new.day <= (7 if new.every == "weekly" else LAST_DAY):
        raise SavedFilterError(Message("there is no such day."), todo=Message("Choose another."))
    row.every, row.day = new.every, new.day
    filters.set_recipients(session, row.id, new.recipients if new.every else (), actor, now)


def _next_day_first(row: SavedFilter, config: Config, now: datetime) -> None:
    """Let the schedule begin with its next day."""
    schedule = schedule_of(row)
    row.done_on = latest_day(schedule, now, ZoneInfo(config.timezone)) if schedule else None


def stop(session: Session, number: int, actor: str, now: datetime) -> SavedFilter:
    """Email a report no more, until someone resumes it. Raises SavedFilterError."""
    row = _lock(session, number)
    if not row.every:
        raise SavedFilterError(Message("this filter isn't emailed."))
    if row.stopped_at is None:
        row.version += 1
        filters.stop(row, "person", now)
        _audit(session, "report-stopped", row, actor, now)
    return row


def resume(session: Session, config: Config, number: int, actor: str, now: datetime) -> SavedFilter:
    """Email a report again, from its next day on. Raises SavedFilterError.

    If its owner may not read it any more, it belongs to `actor` from now on.
    """
    row = _lock(session, number)
    if row.stopped_at is None:
        return row
    known = readers(session, config, report_of(row).right)
    if row.owner not in known and actor in known:
        row.owner = actor
    row.version += 1
    _next_day_first(row, config, now)
    row.stopped_at, row.stopped_because = None, ""
    _audit(session, "filter-changed", row, actor, now)
    return row


def delete(session: Session, number: int, actor: str, now: datetime) -> None:
    """Delete a filter. Raises SavedFilterError if there is none."""
    row = _lock(session, number)
    _audit(session, "filter-deleted", row, actor, now)
    filters.remove(session, row)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise SavedFilterError(Message("the filter has no name."), todo=Message("Enter a name."))
    if len(name) > MAX_NAME_LENGTH:
        raise SavedFilterError(
            Message("the name is too long."),
            todo=Message("Shorten it to %(limit)s characters.", limit=MAX_NAME_LENGTH),
        )
    return name


def _name_taken() -> SavedFilterError:
    return SavedFilterError(
        Message("there is a filter of this list with this name already."),
        todo=Message("Choose another name."),
    )


def _lock(session: Session, number: int) -> SavedFilter:
    row = filters.lock(session, number)
    if row is None:
        raise SavedFilterError(
            Message("this filter is not there any more."), todo=Message("Reload the page.")
        )
    return row


def _audit(
    session: Session, action: AuditAction, row: SavedFilter, actor: str, now: datetime
) -> None:
    session.flush()
    emails = sorted(each.email for each in filters.recipients(session, [row.id])[row.id])
    schedule = {"every": row.every, "day": row.day, "recipients": emails} if row.every else {}
    details = {"saved": row.id, "page": row.page, "chosen": dict(row.chosen),
               "shared": row.shared, **schedule}  # fmt: skip
    removed = action == "filter-deleted"
    audit_log.write(session, actor, action, None, details if removed else {},
                    {} if removed else details, now)  # fmt: skip
