"""Opening, changing, closing, reopening and finishing a consultation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.consultations.approvals import check_approved
from bridge.consultations.drafts import draft_as_data, draft_of
from bridge.consultations.office import Office, check_version, lock, record_change
from bridge.consultations.responses import check_answered, send_results
from bridge.consultations.rules import (
    MAX_TEXT,
    MAX_TITLE,
    check_name,
    check_text,
    closing_time,
)
from bridge.consultations.tables import Consultation
from bridge.errors import ConsultationError
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.foundations.deadlines.schedule import cancel, schedule
from bridge.messages import Message

CLOSE, REMIND = "consultation-close", "consultation-reminder"
LAST_YEAR = 9_000
REMIND_BEFORE = timedelta(days=3)
"""How long before the end those who haven't sent their answers are reminded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about, and until when.

    `milestone`: '' for the whole path. `revision`: the one that the person who opens it has seen;
    '' for the present one. `closes`: what the clocks in `zone` show.
    """

    curriculum: str
    milestone: str
    title: str
    introduction: str
    closes: datetime
    zone: str
    revision: str = ""


def open_consultation(session: Session, office: Office, asked: Asked) -> int:
    """Open a consultation, with the text as it is now; return its ID. Raises ConsultationError."""
    curriculum = office.curriculum(asked.curriculum)
    if asked.revision not in ("", curriculum.revision):
        raise ConsultationError(
            Message("the text has changed since you opened this page."),
            todo=Message("Look at it again, then open the consultation."),
        )
    draft = draft_of(curriculum, asked.milestone, office.config.role_labels)
    if not draft.milestones:
        raise ConsultationError(
            Message("there is no milestone `%(key)s`.", key=asked.milestone), where=curriculum.key
        )
    when = _closing(asked.closes, asked.zone, office.now)
    row = Consultation(
        curriculum=curriculum.key,
        milestone=draft.milestones[0].key if asked.milestone else "",
        revision=curriculum.revision, draft=draft_as_data(draft),
        title=_title(asked.title),
        introduction=check_text(asked.introduction, MAX_TEXT, lines=True), state="open",
        closes=when.at, zone=when.zone, version=1, created_at=office.now, changed_at=office.now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _schedule(session, office, row)
    record_change(session, office, row, {}, {"state": "open", **_shown(row)})
    return row.id


def change(
    session: Session,
    office: Office,
    consultation_id: int,
    title: str,
    introduction: str,
    closes: datetime,
    zone: str,
    version: int,
) -> bool:
    """Change what people read above the draft, and the end; return False if nothing changed.

    Raises ConsultationError.
    """
    row = lock(session, consultation_id)
    check_version(row, version)
    if row.state != "open":
        raise ConsultationError(Message("the consultation isn't open."))
    before = _shown(row)
    same_end = (closes, zone) == (row.closes, row.zone)
    when = LocalTime(closes, zone) if same_end else _closing(closes, zone, office.now)
    row.title = _title(title)
    row.introduction = check_text(introduction, MAX_TEXT, lines=True)
    row.closes, row.zone = when.at, when.zone
    if before == _shown(row):
        return False
    _schedule(session, office, row)
    row.version += 1
    record_change(session, office, row, before, _shown(row))
    return True


def close(session: Session, office: Office, consultation_id: int) -> bool:
    """End the answers; return False if they had ended already. Raises ConsultationError."""
    row = lock(session, consultation_id)
    if row.state != "open":
        return False
    row.state = "closed"
    _cancel(session, row)
    row.version += 1
    record_change(session, office, row, {"state": "open"}, {"state": "closed"})
    return True


def reopen(
    session: Session, office: Office, consultation_id: int, closes: datetime, zone: str
) -> None:
    """Take answers again, until another time. Responses and approvals stay.

    Raises ConsultationError.
    """
    row = lock(session, consultation_id)
    if row.state == "open":
        raise ConsultationError(Message("the consultation is open already."))
    before = {"state": row.state, **_shown(row)}
    when = _closing(closes, zone, office.now)
    row.state, row.closes, row.zone = "open", when.at, when.zone
    _schedule(session, office, row)
    row.version += 1
    record_change(session, office, row, before, {"state": "open", **_shown(row)})


def finish(session: Session, office: Office, consultation_id: int) -> int:
    """Tell everyone the result; return how many people get an email.

    Raises ConsultationError while it is open, while a point has no response, or while an approval
    is missing: otherwise finishing it would be a way around those who decide.
    """
    row = lock(session, consultation_id)
    if row.state != "closed":
        raise ConsultationError(
            Message("the consultation is finished already.") if row.state == "finished"
            else Message("the consultation is still open."),
            todo="" if row.state == "finished" else Message("Close it first."),
        )  # fmt: skip
    check_answered(session, row)
    check_approved(session, office.curricula, row)
    told = send_results(session, office, row)
    row.state = "finished"
    row.version += 1
    record_change(session, office, row, {"state": "closed"}, {"state": "finished"})
    return told


def _title(text: str) -> str:
    return check_name(text, MAX_TITLE, Message("the consultation has no title."))


def _closing(closes: datetime, zone: str, now: datetime) -> LocalTime:
    """Raises ConsultationError unless it is to come, in a year with which clocks can count."""
    when = closing_time(closes.replace(second=0, microsecond=0), zone)
    if closes.year > LAST_YEAR:
        raise ConsultationError(
            Message("the last day for answers is too far away."), where=f"{closes:%Y-%m-%d %H:%M}",
            todo=Message("Choose an earlier one."),
        )  # fmt: skip
    if closes.year < now.year - 1 or instant_of(when) <= now:
        raise ConsultationError(
            Message("the last day for answers is over."), where=f"{closes:%Y-%m-%d %H:%M}",
            todo=Message("Choose a later one."),
        )  # fmt: skip
    return when


def _schedule(session: Session, office: Office, row: Consultation) -> None:
    when = LocalTime(row.closes, row.zone)
    schedule(session, CLOSE, str(row.id), when, office.now)
    reminder = LocalTime(row.closes - REMIND_BEFORE, row.zone)
    if instant_of(reminder) > office.now:
        schedule(session, REMIND, str(row.id), reminder, office.now)
    else:
        cancel(session, REMIND, str(row.id))


def _cancel(session: Session, row: Consultation) -> None:
    for kind in (CLOSE, REMIND):
        cancel(session, kind, str(row.id))


def _shown(row: Consultation) -> dict[str, object]:
    return {
        "title": row.title, "introduction": row.introduction,
        "closes": f"{row.closes:%Y-%m-%d %H:%M}", "zone": row.zone,
    }  # fmt: skip
