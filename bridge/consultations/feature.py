"""What consultations give the core."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.consultations import opening
from bridge.consultations.approvals import publishing_problems
from bridge.consultations.emails import EMAILS, MAILINGS
from bridge.consultations.office import JOB, Office, find
from bridge.consultations.reminders import remind
from bridge.consultations.tables import PERSONAL_TABLES, Consultation
from bridge.consultations.to_dos import committee_to_dos, last_days, members_to_dos
from bridge.curriculum.model import Curriculum
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.feature import Feature


def _subject(session: Session, due: DueDeadline) -> Consultation | None:
    return find(session, int(due.subject)) if due.subject.isdecimal() else None


def _close(
    config: Config,
    curricula: Sequence[Curriculum],
    session: Session,
    due: DueDeadline,
    late: timedelta,
) -> None:
    """End the answers, unless the consultation was given a later end meanwhile."""
    row, now = _subject(session, due), due.due_at + late
    if row is not None and instant_of(LocalTime(row.closes, row.zone)) <= now:
        opening.close(session, Office(config, curricula, JOB, now), row.id)


def _remind(
    config: Config,
    curricula: Sequence[Curriculum],
    session: Session,
    due: DueDeadline,
    late: timedelta,
) -> None:
    row = _subject(session, due)
    if row is not None:
        remind(session, Office(config, curricula, JOB, due.due_at + late), row.id)


def _deadlines(config: Config, curricula: Sequence[Curriculum]) -> Sequence[DeadlineKind]:
    return (
        DeadlineKind(opening.CLOSE, reminder=False, run=partial(_close, config, curricula)),
        DeadlineKind(opening.REMIND, reminder=True, run=partial(_remind, config, curricula)),
    )


CONSULTATIONS = Feature(
    name="consultations",
    emails=EMAILS,
    mailings=MAILINGS,
    personal_tables=PERSONAL_TABLES,
    to_dos=members_to_dos,
    committee_to_dos=committee_to_dos,
    calendar=last_days,
    deadlines=_deadlines,
    publishing_problems=publishing_problems,
)
