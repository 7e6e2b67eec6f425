"""Which forms a member may fill in now, and which of them they have begun or sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.audience import EVERYONE, MemberFacts
from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.facts import CreditKind
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from bridge.foundations.owners import Owner, rows_of
from bridge.progress import milestone_renames_of
from bridge.store.learning.awards import awards_of
from bridge.store.learning.credits import counts_in
from bridge.store.members.queries import members_by_ids
from bridge.store.members.roles import roles_of
from bridge.store.tables.learning import Credit


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
    if form.audience == EVERYONE:
        return True
    facts = _facts(session, member_id, curriculum, today)
    return facts is not None and form.audience.matches(facts)


def begun_forms(session: Session, owner: Owner) -> BegunForms:
    """Which forms an owner has begun or sent. Two queries."""
    drafts = select(FormDraft.form).where(rows_of(FormDraft, owner))
    sent = select(FormSubmission.form).where(
        rows_of(FormSubmission, owner), FormSubmission.withdrawn_at.is_(None)
    )
    return BegunForms(frozenset(session.scalars(drafts)), frozenset(session.scalars(sent)))


def _facts(
    session: Session, member_id: int, curriculum: Curriculum, today: date
) -> MemberFacts | None:
    member = members_by_ids(session, [member_id]).get(member_id)
    if member is None:
        return None
    stored = roles_of(session, [member_id]).get(member_id, [])
    return MemberFacts(
        status=member.status,
        unit=member.unit,
        region=member.region,
        roles=tuple(each.held for each in stored if each.held.is_held(today)),
        milestones=_milestones(session, member_id, curriculum),
        programs=_programs(session, member_id, curriculum, today),
    )


def _milestones(session: Session, member_id: int, curriculum: Curriculum) -> frozenset[str]:
    """The milestones earned, by their current keys."""
    renamed = milestone_renames_of(curriculum)
    keys = (
        each.milestone
        for each in awards_of(session, member_id)
        if each.curriculum == curriculum.key
    )
    return frozenset(renamed.get(key, key) for key in keys)


def _programs(
    session: Session, member_id: int, curriculum: Curriculum, today: date
) -> frozenset[str]:
    """The programmes completed, and the mentoring programmes of which a part is."""
    kinds: tuple[CreditKind, ...] = ("program", "mentoring")
    valid = or_(Credit.valid_until.is_(None), Credit.valid_until >= today)
    mine = (Credit.member_id == member_id, Credit.kind.in_(kinds), valid)
    keys = session.scalars(select(Credit.key).where(*mine, *counts_in(curriculum.key)))
    return frozenset(key.partition("/")[0] for key in keys)
