"""What forms give the core: drafts to finish, closing days, a reminder, and their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bridge.access.form_readers import FORM_READERS
from bridge.config import Config
from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.feature import CalendarEntry, Context, Feature, ToDo
from bridge.foundations.forms.open_forms import begun_forms, is_open, names_of_form
from bridge.foundations.forms.personal_data import PERSONAL_TABLES
from bridge.foundations.forms.reminders import REMINDER, update_reminders
from bridge.mail.kinds import EmailDeclaration, Emails, FeatureEmail
from bridge.membership.status import participation
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.members.queries import members_by_ids
from bridge.workflows.delivery.email_queue import queue_email

CLOSING = FeatureEmail("form-closing")
EMAILS: Emails = {
    CLOSING: EmailDeclaration(
        "forms/closing",
        Message("Reminder: a form closes soon"),
        {
            "first_name": "Kim",
            "title": "Lead a workshop",
            "day": "2027-04-30",
            "link": lambda data: data.link,
        },
    )
}


def _forms(curricula: Sequence[Curriculum]) -> Iterator[tuple[Curriculum, Form]]:
    return ((curriculum, form) for curriculum in curricula for form in curriculum.forms)


def _open(context: Context, member_id: int, curriculum: Curriculum, form: Form) -> bool:
    return is_open(context.session, member_id, curriculum, form, context.today)


def _to_dos(context: Context, member_id: int) -> Sequence[ToDo]:
    """Drafts of forms that can still be sent."""
    forms = list(_forms(context.curricula))
    begun = begun_forms(context.session, member_id) if forms else None
    return [
        ToDo(
            Message("Finish the form “%(title)s” and send it", title=_title(form, context)),
            _path(curriculum, form),
            form.closes,
        )
        for curriculum, form in forms
        if begun and not begun.sent.intersection(names := names_of_form(curriculum, form))
        and begun.drafts.intersection(names)
        and _open(context, member_id, curriculum, form)
    ]  # fmt: skip


def _closing_days(context: Context, member_id: int) -> Sequence[CalendarEntry]:
    """The last days of forms that the member can still send."""
    closing = [each for each in _forms(context.curricula) if each[1].closes]
    sent = begun_forms(context.session, member_id).sent if closing else frozenset()
    return [
        CalendarEntry(
            Message("Last day to send the form “%(title)s”", title=_title(form, context)),
            form.closes,
            _path(curriculum, form),
        )
        for curriculum, form in closing
        if form.closes and not sent.intersection(names_of_form(curriculum, form))
        and _open(context, member_id, curriculum, form)
    ]  # fmt: skip


def _title(form: Form, context: Context) -> str:
    return form.title.pick(context.language)


def _path(curriculum: Curriculum, form: Form) -> str:
    return f"/forms/{curriculum.key}/{form.key}"


def _deadlines(config: Config, curricula: Sequence[Curriculum]) -> Sequence[DeadlineKind]:
    def update(database: Database, now: datetime) -> None:
        update_reminders(database, curricula, config.timezone, now)

    run = partial(_remind, config, curricula)
    return (DeadlineKind(REMINDER, reminder=True, run=run, update=update),)


def _remind(
    config: Config,
    curricula: Sequence[Curriculum],
    session: Session,
    due: DueDeadline,
    late: timedelta,
) -> None:
    """Send the reminder, unless the form was sent or no longer has this draft or a closing day."""
    forms = (each for each in _forms(curricula) if due.subject in names_of_form(*each))
    curriculum, form = next(forms, (None, None))
    member = members_by_ids(session, [due.member_id or 0]).get(due.member_id or 0)
    if curriculum is None or form is None or member is None or form.closes is None:
        return
    language, path = member.language or config.language, _path(curriculum, form)
    context = Context(session, config, curricula, language, due.due_at + late)
    unsent = {each.path for each in _to_dos(context, member.id)}
    if path not in unsent or not participation(member.status).served:
        return
    variables = {
        "first_name": member.first_name,
        "title": _title(form, context),
        "day": form.closes.isoformat(),
        "link": config.service.url + path,
    }
    queue_email(
        session, CLOSING, member.email, language, variables, context.now,
        expires_at=_end_of(form.closes, config.timezone), member_id=member.id, emails=EMAILS,
        needs=FORM_READERS[form.readers].needs,
    )  # fmt: skip


def _end_of(day: date, zone: str) -> datetime:
    return instant_of(LocalTime(datetime.combine(day + timedelta(days=1), time()), zone))


FORMS = Feature(
    name="forms",
    emails=EMAILS,
    personal_tables=PERSONAL_TABLES,
    to_dos=_to_dos,
    calendar=_closing_days,
    deadlines=_deadlines,
)
