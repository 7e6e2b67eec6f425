"""Submissions: what was sent, with the form as it was then. Only a withdrawal changes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from bridge.curriculum.forms.answers import TypedAnswers, check_answers
from bridge.curriculum.forms.field import AnswerValue
from bridge.curriculum.forms.file import FileField
from bridge.curriculum.forms.form import Form, definition_of, form_of, revision_of
from bridge.foundations.forms import drafts
from bridge.foundations.forms.attached_files import attach_to_submission, file_ids
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.tables import FormSubmission as Row
from bridge.messages import Message
from bridge.store.dialect import insert_into
from bridge.store.members import profile
from bridge.store.operations import audit_log
from bridge.store.tables.members import Member

WITHDRAWN_RETENTION = timedelta(days=90)
"""How long a withdrawn submission is kept, so that a mistake can be explained."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent. `form` is its definition at that time; `name` is `curriculum/key`."""

    id: int
    member_id: int
    name: str
    subject: str
    revision: str
    form: Form
    answers: Mapping[str, AnswerValue]
    submitted_at: datetime
    withdrawn_at: datetime | None
    first_name: str
    last_name: str
    email: str


class Incomplete(Exception):
    """The form can't be sent yet. `problems`: what is wrong, by the key of the field."""

    def __init__(self, problems: Mapping[str, Message]) -> None:
        super().__init__("answers are missing or wrong")
        self.problems = problems


class AlreadySent(Exception):
    """The member has sent this form before, and not withdrawn it. `current` returns it."""


def submit(
    session: Session, place: FormPlace, form: Form, typed: TypedAnswers, token: str, now: datetime
) -> int:
    """Send a form, delete its draft, and return the submission's ID.

    `token` is the page's: the same one again returns the same submission. Raises Incomplete, and
    AlreadySent; roll back then.
    """
    if (sent := _id_of(session, place.member_id, token)) is not None:
        return sent
    checked = check_answers(form, typed)
    if checked.problems:
        raise Incomplete(checked.problems)
    number = _add(session, place, form, checked.values, token, now)
    if number is None:
        if (sent := _id_of(session, place.member_id, token)) is not None:
            return sent
        raise AlreadySent
    _attach_files(session, place.member_id, form, checked.values, number, now)
    drafts.discard(session, place)
    after = {"form": place.names[0], "submission": number}
    actor = profile.audit_actor(place.member_id)
    audit_log.write(session, actor, "form-sent", place.member_id, {}, after, now)
    return number


def current(session: Session, place: FormPlace) -> Submission | None:
    """Return the submission of a form that isn't withdrawn, None if there is none."""
    same = Row.form.in_(place.names), Row.subject == place.subject
    query = _query().where(Row.member_id == place.member_id, *same, Row.withdrawn_at.is_(None))
    return _first(session, query)


def find(session: Session, number: int, member_id: int | None = None) -> Submission | None:
    """Return a submission; with `member_id`, only one of that member."""
    query = _query().where(Row.id == number)
    if member_id is not None:
        query = query.where(Row.member_id == member_id)
    return _first(session, query)


def of_member(session: Session, member_id: int) -> Sequence[Submission]:
    """Return all submissions of a member, the last one first."""
    query = _query().where(Row.member_id == member_id).order_by(Row.id.desc())
    return [_submission(*row) for row in session.execute(query)]


def list_submissions(
    session: Session,
    limit: int,
    after: int = 0,
    *,
    names: Collection[str] | None = None,
    withdrawn: bool = False,
) -> Sequence[Submission]:
    """Return up to `limit` submissions with IDs above `after`, in order. One query.

    `names`: only these forms, None means all. `withdrawn`: those that were withdrawn instead.
    """
    is_withdrawn = Row.withdrawn_at.is_not(None)
    query = _query().where(Row.id > after, is_withdrawn if withdrawn else ~is_withdrawn)
    if names is not None:
        query = query.where(Row.form.in_(names))
    return [_submission(*row) for row in session.execute(query.order_by(Row.id).limit(limit))]


def withdraw(session: Session, number: int, member_id: int, now: datetime) -> bool:
    """Withdraw a member's own submission; return False if there is none that isn't withdrawn."""
    mine = (Row.id == number, Row.member_id == member_id, Row.withdrawn_at.is_(None))
    row = update(Row).where(*mine).values(withdrawn_at=now).returning(Row.form)
    name = session.scalar(row)
    if name is None:
        return False
    until = now + WITHDRAWN_RETENTION
    answers = session.scalar(select(Row.answers).where(Row.id == number)) or {}
    for file_id in file_ids(answers.values()):
        attach_to_submission(session, file_id, member_id, number, until, now)
    after = {"form": name, "submission": number}
    actor = profile.audit_actor(member_id)
    audit_log.write(session, actor, "form-withdrawn", member_id, {}, after, now)
    return True


def prune(session: Session, before: datetime) -> None:
    """Delete submissions that were withdrawn before a time. Their files expire by themselves."""
    session.execute(delete(Row).where(Row.withdrawn_at < before))


def _add(
    session: Session,
    place: FormPlace,
    form: Form,
    answers: Mapping[str, AnswerValue],
    token: str,
    now: datetime,
) -> int | None:
    """Add the row; None if the member already has a submission, or the token is known."""
    if current(session, place) is not None:  # also under a former name of the form
        return None
    values = {
        "member_id": place.member_id, "form": place.names[0], "subject": place.subject,
        "token": token, "revision": revision_of(form), "definition": definition_of(form),
        "answers": dict(answers), "submitted_at": now, "withdrawn_at": None,
    }  # fmt: skip
    insert = insert_into(session, Row).values(values).on_conflict_do_nothing()
    return session.scalar(insert.returning(Row.id))


def _attach_files(
    session: Session,
    member_id: int,
    form: Form,
    answers: Mapping[str, AnswerValue],
    number: int,
    now: datetime,
) -> None:
    """Keep the files with the submission. Raises Incomplete if one isn't there any more."""
    problems = {}
    for field in form.fields:
        for file_id in file_ids([answers[field.key]]) if isinstance(field, FileField) else ():
            if not attach_to_submission(session, file_id, member_id, number, None, now):
                problems[field.key] = Message("This file isn't there any more. Choose it again.")
    if problems:
        raise Incomplete(problems)


def _id_of(session: Session, member_id: int, token: str) -> int | None:
    return session.scalar(select(Row.id).where(Row.token == token, Row.member_id == member_id))


def _query() -> Select[Row, str, str, str]:
    columns = (Row, Member.first_name, Member.last_name, Member.email)
    return select(*columns).join(Member, Member.id == Row.member_id)


def _first(session: Session, query: Select[Row, str, str, str]) -> Submission | None:
    row = session.execute(query.limit(1)).first()
    return _submission(*row) if row else None


def _submission(row: Row, first_name: str, last_name: str, email: str) -> Submission:
    return Submission(
        id=row.id,
        member_id=row.member_id,
        name=row.form,
        subject=row.subject,
        revision=row.revision,
        form=form_of(row.definition),
        answers=row.answers,  # type: ignore[arg-type]  # JSON of AnswerValue
        submitted_at=row.submitted_at,
        withdrawn_at=row.withdrawn_at,
        first_name=first_name,
        last_name=last_name,
        email=email,
    )
