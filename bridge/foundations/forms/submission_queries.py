"""Reading submissions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bridge.curriculum.forms.field import AnswerValue
from bridge.curriculum.forms.form import Form, form_of
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.tables import FormSubmission as Row
from bridge.foundations.owners import Owner, owner_of_member, rows_of
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent. `form` is its definition at that time; `name` is `curriculum/key`.

    Either `member_id` or `person_id` is set. `sender` and `email` are theirs now. `needs`: the
    confidential right that reading it takes, '' for none.
    """

    id: int
    member_id: int | None
    person_id: int | None
    name: str
    subject: str
    revision: str
    form: Form
    answers: Mapping[str, AnswerValue]
    submitted_at: datetime
    withdrawn_at: datetime | None
    needs: str
    sender: str
    email: str


def current(session: Session, place: FormPlace) -> Submission | None:
    """Return the submission of a form that isn't withdrawn, None if there is none."""
    same = Row.form.in_(place.names), Row.subject == place.subject
    query = _query().where(rows_of(Row, place.owner), *same, Row.withdrawn_at.is_(None))
    return _first(session, query.order_by(Row.id))


def find(session: Session, number: int, owner: Owner | None = None) -> Submission | None:
    """Return a submission; with `owner`, only one of theirs."""
    query = _query().where(Row.id == number)
    if owner is not None:
        query = query.where(rows_of(Row, owner))
    return _first(session, query)


def of_member(session: Session, member_id: int) -> Sequence[Submission]:
    """Return all submissions of a member, also as a person, the last one first."""
    return of_owner(session, owner_of_member(session, member_id))


def of_owner(session: Session, owner: Owner) -> Sequence[Submission]:
    """Return all submissions of a member or person, the last one first."""
    query = _query().where(rows_of(Row, owner)).order_by(Row.id.desc())
    return [_submission(*row) for row in session.execute(query)]


def list_submissions(
    session: Session,
    limit: int,
    after: int = 0,
    *,
    names: Collection[str] | None = None,
    withdrawn: bool = False,
    readable: Collection[str] | None = None,
) -> Sequence[Submission]:
    """Return up to `limit` submissions with IDs above `after`, in order. One query.

    `names`: only these forms, None means all. `withdrawn`: those that were withdrawn instead.
    `readable`: only those that take one of these rights ('' for none); None means all.
    """
    is_withdrawn = Row.withdrawn_at.is_not(None)
    query = _query().where(Row.id > after, is_withdrawn if withdrawn else ~is_withdrawn)
    if names is not None:
        query = query.where(Row.form.in_(names))
    if readable is not None:
        query = query.where(Row.needs.in_(readable))
    return [_submission(*row) for row in session.execute(query.order_by(Row.id).limit(limit))]


def count_by_form(session: Session, readable: Collection[str] | None = None) -> Mapping[str, int]:
    """Return how many submissions of each form there are that aren't withdrawn.

    `readable`: as for `list_submissions`.
    """
    counts = select(Row.form, func.count()).where(Row.withdrawn_at.is_(None)).group_by(Row.form)
    if readable is not None:
        counts = counts.where(Row.needs.in_(readable))
    return {row[0]: row[1] for row in session.execute(counts.order_by(Row.form))}


def was_sent(session: Session, name: str) -> bool:
    """Whether a form with this name was ever sent, perhaps withdrawn."""
    return session.scalar(select(Row.id).where(Row.form == name).limit(1)) is not None


def has_submissions(session: Session) -> bool:
    """Whether any form was ever sent."""
    return session.scalar(select(Row.id).limit(1)) is not None


_Columns = Select[Row, str | None, str | None, str | None, str | None, str | None]


def _query() -> _Columns:
    columns = (Row, Member.first_name, Member.last_name, Member.email, Person.name, Person.email)
    with_member = select(*columns).outerjoin(Member, Member.id == Row.member_id)
    return with_member.outerjoin(Person, Person.id == Row.person_id)


def _first(session: Session, query: _Columns) -> Submission | None:
    row = session.execute(query.limit(1)).first()
    return _submission(*row) if row else None


def _submission(
    row: Row,
    first_name: str | None,
    last_name: str | None,
    email: str | None,
    name: str | None,
    persons_email: str | None,
) -> Submission:
    return Submission(
        id=row.id,
        member_id=row.member_id,
        person_id=row.person_id,
        name=row.form,
        subject=row.subject,
        revision=row.revision,
        form=form_of(row.definition),
        answers=row.answers,  # type: ignore[arg-type]  # JSON of AnswerValue
        submitted_at=row.submitted_at,
        withdrawn_at=row.withdrawn_at,
        needs=row.needs,
        sender=name or f"{first_name or ''} {last_name or ''}".strip(),
        email=persons_email or email or "",
    )
