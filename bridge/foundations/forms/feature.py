"""What forms give the core: drafts to finish, closing days, a reminder, and their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bridge.access.form_readers import FORM_FILES, FORM_READERS
from bridge.config import Config
from bridge.curriculum.audience import EVERYONE
from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.feature import Context, Feature, ToDo
from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.links import link_request
from bridge.foundations.forms.open_forms import (
    begun_forms,
    is_closed,
    is_open,
    names_of_form,
)
from bridge.foundations.forms.personal_data import PERSONAL_TABLES
from bridge.foundations.forms.reminders import REMINDER, update_reminders
from bridge.foundations.owners import Owner, owner_of_member
from bridge.mail.kinds import EmailDeclaration, Emails, FeatureEmail, example_link
from bridge.mail.mailings import Mailing
from bridge.membership.names import greeting_name
from bridge.membership.status import participation
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.members.queries import members_by_ids
from bridge.store.persons import proof, records
from bridge.store.tables.persons import Person
from bridge.workflows.delivery.email_queue import queue_email
from bridge.workflows.personal_links import send_link

REMINDERS = Mailing(
    "form-reminders",
    Message("Reminders about forms"),
    Message("Before a form closes that you have begun and not sent yet."),
)
CLOSING = FeatureEmail("form-closing")
EMAILS: Emails = {
    CLOSING: EmailDeclaration(
        "forms/closing",
        Message("Reminder: a form closes soon"),
        {
            "first_name": "Kim",
            "personal": False,  # whether the link opens the draft for everyone who has it
            "title": "Lead a workshop",
            "day": "2027-04-30",
            "link": example_link,
        },
        mailing=REMINDERS,
    )
}


def _forms(curricula: Sequence[Curriculum]) -> Iterator[tuple[Curriculum, Form]]:
    return ((curriculum, form) for curriculum in curricula for form in curriculum.forms)


def _open(context: Context, member_id: int, curriculum: Curriculum, form: Form) -> bool:
    return is_open(context.session, member_id, curriculum, form, context.today)


def _to_dos(context: Context, owner: Owner) -> Sequence[ToDo]:
    """A member's drafts of forms that can still be sent."""
    member_id, forms = owner.member_id, list(_forms(context.curricula))
    if member_id is None:  # a person opens their draft with the link that they were sent
        return ()
    begun = begun_forms(context.session, owner) if forms else None
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


def _closing_days(context: Context, owner: Owner) -> Sequence[CalendarEntry]:
    """The last days of forms that the member can still send."""
    if (member_id := owner.member_id) is None:
        return ()
    closing = [each for each in _forms(context.curricula) if each[1].closes]
    sent = begun_forms(context.session, owner).sent if closing else frozenset()
    return [
        CalendarEntry(
            f"form-{curriculum.key}/{form.key}",
            Message("Last day to send the form “%(title)s”", title=_title(form, context)),
            form.closes,
            _path(curriculum, form),
        )
        for curriculum, form in closing
        if form.closes and not sent.intersection(names_of_form(curriculum, form))
        and _open(context, member_id, curriculum, form)
    ]  # fmt: skip


def _title(form: Form, context: Context) -> str:
    return form.title.shown(context.language)


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
    """Send the reminder, unless the form was sent or no longer has this draft or a closing day.

    A draft under another name of the form has a reminder of its own. A person who has become a
    member gets a member's reminder, and only one.
    """
    forms = (each for each in _forms(curricula) if due.subject in names_of_form(*each))
    curriculum, form = next(forms, (None, None))
    if curriculum is None or form is None or form.closes is None:
        return
    draft = drafts.find(session, FormPlace(due.owner, names_of_form(curriculum, form)))
    if draft is None or draft.form != due.subject:
        return
    context = Context(session, config, curricula, config.language, due.due_at + late)
    if due.owner.member_id is not None:
        _remind_member(context, due.owner.member_id, curriculum, form)
        return
    person = records.find(session, due.owner.person_id or 0)
    member_id = proof.certain_member(session, person) if person else None
    if member_id is None and person is not None:
        _remind_person(context, person, curriculum, form)
    elif member_id is not None:
        own = begun_forms(session, Owner(member_id)).drafts
        if not own.intersection(names_of_form(curriculum, form)):  # else its reminder is sent
            _remind_member(context, member_id, curriculum, form)


def _remind_member(context: Context, member_id: int, curriculum: Curriculum, form: Form) -> None:
    session, config = context.session, context.config
    member = members_by_ids(session, [member_id]).get(member_id)
    if member is None or not participation(member.status).served:
        return
    context = replace(context, language=member.language or config.language)
    path = _path(curriculum, form)
    if path not in {each.path for each in _to_dos(context, owner_of_member(session, member.id))}:
        return
    variables = _variables(context, form, greeting_name(member.first_name, member.last_name))
    queue_email(
        session, CLOSING, member.email, context.language,
        {**variables, "link": config.service.url + path}, context.now,
        expires_at=_end(form, config.timezone), member_id=member.id, emails=EMAILS,
        needs=FORM_READERS[form.readers].needs,
    )  # fmt: skip


def _remind_person(context: Context, person: Person, curriculum: Curriculum, form: Form) -> None:
    """Send a new link: the earlier ones may have expired. It works until the form closes."""
    session, config = context.session, context.config
    names, begun = names_of_form(curriculum, form), begun_forms(session, Owner(None, person.id))
    unsent = not begun.sent.intersection(names)
    for_them = form.audience == EVERYONE and not is_closed(form, context.today)
    if not (unsent and for_them and person.proof):
        return
    context = replace(context, language=person.language or config.language)
    needs, lifetime = FORM_READERS[form.readers].needs, _end(form, config.timezone) - context.now
    wanted = link_request(person.id, names[0], lifetime, needs)
    variables = {**_variables(context, form, person.name), "personal": True}
    send_link(session, config, wanted, CLOSING, variables, context.now, emails=EMAILS)


def _variables(context: Context, form: Form, first_name: str) -> dict[str, object]:
    """Those of the reminder, but `link`."""
    day = form.closes.isoformat() if form.closes else ""
    title = _title(form, context)
    return {"first_name": first_name, "title": title, "day": day, "personal": False}


def _end(form: Form, zone: str) -> datetime:
    """When the form is closed. It has a closing day."""
    assert form.closes is not None  # noqa: S101
    return instant_of(LocalTime(datetime.combine(form.closes + timedelta(days=1), time()), zone))


FORMS = Feature(
    name="forms",
    mailings=(REMINDERS,),
    emails=EMAILS,
    personal_tables=PERSONAL_TABLES,
    file_purposes=FORM_FILES,
    to_dos=_to_dos,
    calendar=_closing_days,
    deadlines=_deadlines,
)
