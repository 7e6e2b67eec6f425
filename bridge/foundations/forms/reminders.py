"""When people are reminded of their drafts: before the form closes, as its YAML is now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.deadlines.tables import CANCELLED, Deadline
from bridge.foundations.forms.open_forms import names_of_form
from bridge.foundations.forms.tables import FormDraft
from bridge.foundations.owners import Owner
from bridge.store.database import Database

REMINDER = "form-closing"
"""The kind of reminder, stored with each. Its subject is what the draft calls the form."""
REMIND_BEFORE = timedelta(days=3)
REMIND_AT = time(9)
BATCH_SIZE = 500


def update_reminders(
    database: Database, curricula: Iterable[Curriculum], zone: str, now: datetime
) -> None:
    """Schedule a reminder of each draft, and move those of forms that close on another day now.

    None is scheduled for a time that is over. One query if all are right, none if no form closes.
    Raises StoreError.
    """
    times = dict(_times(curricula, zone, now))
    if not times:
        return
    with database.reading() as session:
        missing = _without_reminder(session, times)
    if not missing:
        return
    with database.transaction() as session:
        for name, owner in missing:
            schedule(session, REMINDER, name, times[name], now, owner)


def _times(
    curricula: Iterable[Curriculum], zone: str, now: datetime
) -> Iterator[tuple[str, LocalTime]]:
    """When people are reminded of each form that closes, by each of its names."""
    for curriculum in curricula:
        for form in curriculum.forms:
            when = _time(form, zone)
            if when is not None and instant_of(when) > now:
                for name in names_of_form(curriculum, form):
                    yield name, when


def _time(form: Form, zone: str) -> LocalTime | None:
    if form.closes is None:
        return None
    return LocalTime(datetime.combine(form.closes - REMIND_BEFORE, REMIND_AT), zone)


def _without_reminder(session: Session, times: Mapping[str, LocalTime]) -> list[tuple[str, Owner]]:
    """What drafts call their form, and whose they are, if they have no reminder at its time."""
    same_owner = or_(
        Deadline.member_id == FormDraft.member_id, Deadline.person_id == FormDraft.person_id
    )
    right_times = (
        and_(Deadline.subject == name, Deadline.local_time == when.at, Deadline.zone == when.zone)
        for name, when in times.items()
    )
    scheduled = exists().where(
        Deadline.kind == REMINDER, Deadline.subject == FormDraft.form, same_owner,
        or_(*right_times),
        Deadline.state != CANCELLED,
    )  # fmt: skip
    drafts = select(FormDraft.form, FormDraft.member_id, FormDraft.person_id)
    rows = session.execute(drafts.where(FormDraft.form.in_(times), ~scheduled).limit(BATCH_SIZE))
    return [(row.form, Owner(row.member_id, row.person_id)) for row in rows]
