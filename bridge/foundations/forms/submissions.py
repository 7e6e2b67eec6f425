"""Submissions: what was sent, with the form as it was then. Only a withdrawal changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bridge.access.form_readers import FORM_READERS
from bridge.access.rights import Right
from bridge.curriculum.forms.answers import TypedAnswers, check_answers, typed_again
from bridge.curriculum.forms.field import AnswerValue
from bridge.curriculum.forms.file import FileField
from bridge.curriculum.forms.form import Form, definition_of, revision_of
from bridge.foundations.forms import drafts
from bridge.foundations.forms.attached_files import attach_to_submission, file_ids
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.submission_queries import Submission as Submission
from bridge.foundations.forms.submission_queries import current as current
from bridge.foundations.forms.submission_queries import find as find
from bridge.foundations.forms.submission_queries import list_submissions as list_submissions
from bridge.foundations.forms.submission_queries import of_member as of_member
from bridge.foundations.forms.submission_queries import of_owner as of_owner
from bridge.foundations.forms.tables import FormSubmission as Row
from bridge.foundations.owners import Owner, is_apart, lock, rows_of
from bridge.messages import Message
from bridge.store.dialect import insert_into
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction

WITHDRAWN_RETENTION = timedelta(days=90)
"""How long a withdrawn submission is kept, so that a mistake can be explained."""


class Incomplete(Exception):
    """The form can't be sent yet. `problems`: what is wrong, by the key of the field."""

    def __init__(self, problems: Mapping[str, Message]) -> None:
        super().__init__("answers are missing or wrong")
        self.problems = problems


class AlreadySent(Exception):
    """This form was sent before with other answers, and not withdrawn. `current` returns it."""


def submit(
    session: Session, place: FormPlace, form: Form, typed: TypedAnswers, token: str, now: datetime
) -> int:
    """Send a form, delete its draft, and return the submission's ID.

    It has the same owner as its draft. The same answers again return the same submission.
    `token` is the page's. Raises Incomplete, and AlreadySent; roll back then.
    """
    place = replace(place, needs=FORM_READERS[form.readers].needs or "")
    lock(session, place.owner)
    if (sent := sent_before(session, place, form, typed, token)) is not None:
        drafts.discard(session, place)
        return sent
    checked = check_answers(form, typed)
    if checked.problems:
        raise Incomplete(checked.problems)
    draft = drafts.find(session, place)
    owner = draft.owner if draft else place.owner
    number = _add(session, place, owner, form, checked.values, token, now)
    if number is None:
        raise AlreadySent
    _attach_files(session, place, owner, form, checked.values, number, now)
    drafts.discard(session, place)
    _record(session, place, owner, "form-sent", number, now)
    return number


def sent_before(
    session: Session, place: FormPlace, form: Form, typed: TypedAnswers, token: str
) -> int | None:
    """Return the current submission if it has just these answers: this is a second click.

    Files that the same page sent twice aren't compared: each time, they are stored anew.
    """
    sent = current(session, place)
    if sent is None:
        return None
    values = check_answers(form, typed).values
    same_page = session.scalar(select(Row.token).where(Row.id == sent.id)) == token
    left_out = {each.key for each in form.fields if same_page and isinstance(each, FileField)}
    differs = any(sent.answers.get(key) != values[key] for key in values.keys() - left_out)
    return None if differs else sent.id


def withdraw(
    session: Session, number: int, owner: Owner, now: datetime, names: tuple[str, ...] = ()
) -> bool:
    """Withdraw an own submission; its answers and files become a draft, unless there is one.

    What was sent as a person stays that person's. Then a draft of the member doesn't count, if the
    two may not be the same: see `owners.is_apart`.
    `names`: those of the form now, if it is still there. Returns False if there is no such
    submission that isn't withdrawn.
    """
    lock(session, owner)
    mine = (Row.id == number, rows_of(Row, owner), Row.withdrawn_at.is_(None))
    values = update(Row).where(*mine).values(withdrawn_at=now)
    columns = (Row.form, Row.subject, Row.answers, Row.needs, Row.member_id, Row.person_id)
    row = session.execute(values.returning(*columns)).first()
    if row is None:
        return False
    place = FormPlace(owner, names or (row.form,), row.subject, row.needs)
    senders = replace(place, owner=Owner(row.member_id, row.person_id))
    until = now + WITHDRAWN_RETENTION
    for file_id in file_ids(row.answers.values()):
        attach_to_submission(session, file_id, owner, number, until, now, row.needs)
    if drafts.find(session, senders if is_apart(session, owner) else place) is None:
        drafts.save(session, senders, typed_again(row.answers), 0, now)
    _record(session, place, senders.owner, "form-withdrawn", number, now)
    return True


def prune(session: Session, before: datetime) -> None:
    """Delete submissions that were withdrawn before a time. Their files expire by themselves."""
    session.execute(delete(Row).where(Row.withdrawn_at < before))


def _add(
    session: Session,
    place: FormPlace,
    owner: Owner,
    form: Form,
    answers: Mapping[str, AnswerValue],
    token: str,
    now: datetime,
) -> int | None:
    """Add the row; None if there is a current submission, also under a former name."""
    if current(session, place) is not None:
        return None
    values = {
        **owner.columns, "form": place.names[0], "subject": place.subject,
        "token": _unused(session, token), "revision": revision_of(form),
        "definition": definition_of(form), "answers": dict(answers), "submitted_at": now,
        "withdrawn_at": None, "needs": place.needs,
    }  # fmt: skip
    insert = insert_into(session, Row).values(values).on_conflict_do_nothing()
    return session.scalar(insert.returning(Row.id))


def _unused(session: Session, token: str) -> str:
    """The page's token, or another one if a submission has it that was withdrawn since."""
    while (known := session.scalar(select(Row.id).where(Row.token == token))) is not None:
        token = f"{token[:40]}-{known}"
    return token


def _attach_files(
    session: Session,
    place: FormPlace,
    owner: Owner,
    form: Form,
    answers: Mapping[str, AnswerValue],
    number: int,
    now: datetime,
) -> None:
    """Keep the files with the submission. Raises Incomplete if one isn't there any more."""
    problems = {}
    for field in form.fields:
        for file_id in file_ids([answers[field.key]]) if isinstance(field, FileField) else ():
            if not attach_to_submission(
                session, file_id, place.owner, number, None, now, place.needs, owner
            ):
                problems[field.key] = Message("This file isn't there any more. Choose it again.")
    if problems:
        raise Incomplete(problems)


def _record(
    session: Session,
    place: FormPlace,
    owner: Owner,
    action: AuditAction,
    number: int,
    now: datetime,
) -> None:
    """`owner`: whose the submission is, perhaps the person that the member was before."""
    actor, after = place.owner, {"form": place.names[0], "submission": number}
    audit_log.write(
        session, actor.audit_actor, action, actor.member_id, {}, after, now,
        person_id=owner.columns["person_id"], needs=cast("Right | None", place.needs or None),
    )  # fmt: skip
