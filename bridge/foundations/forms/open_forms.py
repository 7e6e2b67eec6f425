"""Which forms a member may fill in now, and which of them they have begun or sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum
from bridge.foundations.audiences import is_for
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from bridge.foundations.owners import Owner, rows_of


@dataclass(frozen=True, slots=True)
class BegunForms:
    """The names of someone's forms: `drafts` of those begun, `sent` of those not withdrawn."""

    drafts: frozenset[str]
    sent: frozenset[str]


def names_of_form(curriculum: Curriculum, form: Form) -> tuple[str, ...]:
    """What drafts and submissions call a form: its name, then the one it had before."""
    keys = (form.key, form.previously) if form.previously else (form.key,)
    return tuple(f"{curriculum.key}/{key}" for key in keys)


def is_closed(form: Form, today: date) -> bool:
    """Whether the form's last day is over."""
    return form.closes is not None and form.closes < today


def is_open(
    session: Session, member_id: int, curriculum: Curriculum, form: Form, today: date
) -> bool:
    """Whether the form is for this member and not closed. At most four queries."""
    if is_closed(form, today):
        return False
    return is_for(session, member_id, curriculum, form.audience, today)


def begun_forms(session: Session, owner: Owner) -> BegunForms:
    """Which forms an owner has begun or sent. Two queries."""
    drafts = select(FormDraft.form).where(rows_of(FormDraft, owner))
    sent = select(FormSubmission.form).where(
        rows_of(FormSubmission, owner), FormSubmission.withdrawn_at.is_(None)
    )
    return BegunForms(frozenset(session.scalars(drafts)), frozenset(session.scalars(sent)))
