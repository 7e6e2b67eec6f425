"""What consultations give the core."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.access.visitor import Visitor
from bridge.config import Config
from bridge.consultations import opening
from bridge.consultations.approvals import publishing_problems
from bridge.consultations.emails import EMAILS, MAILINGS
from bridge.consultations.office import JOB, Office, find
from bridge.consultations.reminders import remind
from bridge.consultations.responses import points_without_response
from bridge.consultations.tables import PERSONAL_TABLES, Consultation
from bridge.curriculum.model import Curriculum
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.feature import CommitteeToDo, Context, Feature
from bridge.messages import Message

MAX_TO_DOS = 20


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


def _committee_to_dos(context: Context, visitor: Visitor) -> Sequence[CommitteeToDo]:
    """Consultations that have ended: points to respond to, and those to finish."""
    if not visitor.may("consultations-change"):
        return ()
    closed = select(Consultation).where(Consultation.state == "closed")
    rows = context.session.scalars(closed.order_by(Consultation.id).limit(MAX_TO_DOS)).all()
    points = points_without_response(context.session, rows)
    return [
        CommitteeToDo(
            _to_do(each, len(points[each.id])),
            f"/committee/consultations/{each.id}", "consultations-change",
        )
        for each in rows
    ]  # fmt: skip


def _to_do(row: Consultation, points: int) -> Message:
    if points:
        return Message(
            "Consultation “%(title)s”: points to respond to: %(count)s", title=row.title,
            count=points,
        )  # fmt: skip
    return Message("Consultation “%(title)s”: send the result", title=row.title)


CONSULTATIONS = Feature(
    name="consultations",
    emails=EMAILS,
    mailings=MAILINGS,
    personal_tables=PERSONAL_TABLES,
    committee_to_dos=_committee_to_dos,
    deadlines=_deadlines,
    publishing_problems=publishing_problems,
)
