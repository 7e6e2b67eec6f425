"""Emails reports to the people named: when they are due, and when someone asks.

Each report is queued in one transaction, which locks it, looks again whether it is due, and
records that its day is done. So a kill, a restart or two processes never email it twice. Who may
read the report, and which regions, is looked up each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import PersonError, SavedFilterError
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.operations import audit_log
from bridge.store.persons.records import PersonRecord
from bridge.store.saved_filters import filters
from bridge.store.saved_filters.filters import StopReason
from bridge.store.tables.saved_filters import SavedFilter
from bridge.workflows.delivery.email_queue import queue_email_to_person
from bridge.workflows.delivery.mailings import find_recipient
from bridge.workflows.saved_reports.contents import report_variables
from bridge.workflows.saved_reports.planning import Planned, due, plan, report_of
from bridge.workflows.saved_reports.readers import readers
from bridge.workflows.saved_reports.reports import REPORTS, Source, check_chosen

AUTOMATIC = "stewardpath"
"""Who emails the reports that are due, in the audit log."""
EMAIL_LIFETIME = timedelta(days=6)
"""A report that couldn't be sent for so long is dropped: its numbers are old."""


def send_due_reports(
    database: Database, config: Config, curricula: Sequence[Curriculum], now: datetime
) -> int:
    """Queue every report that is due, once for each day of its schedule. Returns how many emails.

    Raises StoreError.
    """
    with database.reading() as session:
        rows = filters.all_emailed(session, running=True)
        numbers = [row.id for row in rows if due(row, config, now)]
    queued = 0
    for number in numbers:
        with database.transaction() as session:
            row = filters.lock(session, number)
            day = due(row, config, now) if row else None
            if row and day:
                queued += _send_due(session, config, curricula, row, day, now)
    return queued


def send_now(
    session: Session,
    config: Config,
    curricula: Sequence[Curriculum],
    row: SavedFilter,
    actor: str,
    now: datetime,
) -> int:
    """Queue a report now, besides its schedule. Returns how many emails.

    Raises SavedFilterError if nobody can get it, or if a value that it chooses no longer exists.
    """
    report = report_of(row)
    check_chosen(report, row.chosen, Source(config, curricula, None, now))
    row.version += 1
    key = f"saved-report:{row.id}:now:{row.version}"
    queued = _queue(session, config, curricula, row, key, actor, now)
    if not queued:
        raise SavedFilterError(
            Message("nobody can get this report."), todo=Message("Choose its recipients.")
        )
    row.sent_at = now
    return queued


def _send_due(
    session: Session,
    config: Config,
    curricula: Sequence[Curriculum],
    row: SavedFilter,
    day: date,
    now: datetime,
) -> int:
    """Queue the report of a day, or stop it if that makes no sense any more."""
    why = _why_stopped(session, config, curricula, row, now)
    key = f"saved-report:{row.id}:{day}"
    queued = 0 if why else _queue(session, config, curricula, row, key, AUTOMATIC, now)
    row.done_on = day
    if queued:
        row.sent_at = now
    elif why or all(each.left_out for each in plan(session, config, row)):
        _stop(session, row, why or "nobody", now)
    return queued


def _why_stopped(
    session: Session,
    config: Config,
    curricula: Sequence[Curriculum],
    row: SavedFilter,
    now: datetime,
) -> StopReason:
    report = REPORTS.get(row.page)
    if report is None:
        return "filter"
    if row.owner not in readers(session, config, report.right):
        return "owner"
    try:
        check_chosen(report, row.chosen, Source(config, curricula, None, now))
    except SavedFilterError:
        return "filter"
    return ""


def _stop(session: Session, row: SavedFilter, why: StopReason, now: datetime) -> None:
    filters.stop(row, why, now)
    details = {"saved": row.id, "page": row.page, "stopped": why}
    audit_log.write(session, AUTOMATIC, "report-stopped", None, {}, details, now)


def _queue(
    session: Session,
    config: Config,
    curricula: Sequence[Curriculum],
    row: SavedFilter,
    key: str,
    actor: str,
    now: datetime,
) -> int:
    """Queue the email to everyone who may get it, and record at each recipient why not."""
    queued, by_scope = 0, dict[frozenset[str] | None, Mapping[str, object]]()
    for each in plan(session, config, row):
        each.row.left_out = each.left_out
        if each.left_out or each.reader is None:
            continue
        scope = each.reader.regions
        if scope not in by_scope:
            by_scope[scope] = report_variables(session, config, curricula, row, each.reader, now)
        queued += _queue_one(session, config, row, each, by_scope[scope], key, actor, now)
    return queued


def _queue_one(
    session: Session,
    config: Config,
    row: SavedFilter,
    each: Planned,
    variables: Mapping[str, object],
    key: str,
    actor: str,
    now: datetime,
) -> bool:
    name = each.reader.name if each.reader else each.row.email
    try:
        record = PersonRecord(name, each.row.email)
    except PersonError:
        each.row.left_out = "address"
        return False
    person = find_recipient(session, record, "settings", now)
    if not queue_email_to_person(
        session, "saved-report", EmailKey(person, key, 1), config.language, variables, now,
        expires_at=now + EMAIL_LIFETIME,
    ):  # fmt: skip
        return False
    each.row.sent_at = now
    details = {"saved": row.id, "page": row.page}
    audit_log.write(session, actor, "report-emailed", None, {}, details, now, person_id=person)
    return True
