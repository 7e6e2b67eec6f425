"""Withdrawing and changing credits, such as sign-offs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.facts import CreditKind
from bridge.errors import MemberError
from bridge.messages import Message
from bridge.store.learning import awards, credits
from bridge.store.learning.credits import CreditRecord
from bridge.store.members.locking import lock_members
from bridge.store.tables.learning import Award, Credit
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import Correction, follow_up, settle
from bridge.workflows.dependent_awards import about_credit, dependent_awards, depending_on


@dataclass(frozen=True, slots=True)
class CreditValues:
    """What a person can change of a credit. `key` and `curriculum`: what it is for."""

    curriculum: str
    key: str
    occurred_on: date
    valid_until: date | None
    by_name: str
    note: str


def values_of(credit: Credit) -> CreditValues:
    """What the credit says now."""
    return CreditValues(
        credit.curriculum, credit.key, credit.occurred_on, credit.valid_until,
        str(credit.evidence.get("by_name") or credit.recorded_by),
        str(credit.evidence.get("note") or ""),
    )  # fmt: skip


def withdraw_credit(
    session: Session, curricula: Sequence[Curriculum], credit: Credit, correction: Correction
) -> bool:
    """Withdraw a credit; return False, changing nothing, if it was withdrawn before."""
    lock_members(session, [credit.member_id])
    actor, now = correction.actor, correction.now
    depending = dependent_awards(session, curricula, credit, now)
    if not credits.withdraw(session, credit.id, correction.reason, actor, now):
        return False
    lacking = [(award, about_credit(credit)) for award in depending]
    follow_up(session, curricula, lacking, correction)
    assess(session, curricula, [credit.member_id], now)
    return True


def awards_lacking(
    session: Session,
    curricula: Sequence[Curriculum],
    credit: Credit,
    values: CreditValues,
    now: datetime,
) -> list[Award]:
    """The awards that would lack a credit if it said this instead. Two queries."""
    others = credits.credits_of(session, credit.member_id)
    earned = awards.awards_of(session, credit.member_id)
    return depending_on(credit, [*others, _as_changed(credit, values)], earned, curricula, now)


def change_credit(
    session: Session,
    curricula: Sequence[Curriculum],
    credit: Credit,
    values: CreditValues,
    correction: Correction,
) -> bool:
    """Withdraw a credit and record it with other values; return False if nothing changes.

    Raises MemberError if the member has what it would be already.
    """
    lock_members(session, [credit.member_id])
    actor, now = correction.actor, correction.now
    session.refresh(credit)
    if credit.withdrawn_at is not None or values == values_of(credit):
        return False
    depending = awards_lacking(session, curricula, credit, values, now)
    lacking = [(award, about_credit(credit)) for award in depending]
    credits.withdraw(session, credit.id, correction.reason, actor, now)
    _record_changed(session, credit, values, actor, now)
    follow_up(session, curricula, lacking, correction)
    assess(session, curricula, [credit.member_id], now)
    settle(session, curricula, [credit.member_id], actor, now)
    return True


def _record_changed(
    session: Session, credit: Credit, values: CreditValues, actor: str, now: datetime
) -> None:
    """Raises MemberError."""
    parts = [values.curriculum, values.key]
    if credit.kind != "signoff":
        parts = [values.curriculum, credit.kind, values.key, values.occurred_on.isoformat()]
    source_id = credits.next_source_id(session, credit.member_id, *parts)
    same = (
        each
        for each in credits.credits_of(session, credit.member_id)
        if (each.kind, each.key) == (credit.kind, values.key) and each.withdrawn_at is None
        and each.curriculum in (values.curriculum, credits.EVERY_CURRICULUM)
    )  # fmt: skip
    if not source_id or (credit.kind == "signoff" and any(same)):
        raise MemberError(
            Message("this was recorded for the member already."),
            todo=Message("Withdraw this one, or choose another requirement."),
        )
    record = CreditRecord(
        member_id=credit.member_id, curriculum=values.curriculum,
        kind=cast(CreditKind, credit.kind), key=values.key, occurred_on=values.occurred_on,
        valid_until=values.valid_until, source=credit.source, source_id=source_id,
        recorded_by=actor,
        evidence={"by_name": values.by_name, "note": values.note, "corrects": credit.id},
    )  # fmt: skip
    credits.record(session, record, now, "sign-off" if credit.kind == "signoff" else "credit")


def _as_changed(credit: Credit, values: CreditValues) -> Credit:
    """The credit as it would be, not stored."""
    return Credit(
        id=0, member_id=credit.member_id, curriculum=values.curriculum, kind=credit.kind,
        key=values.key, occurred_on=values.occurred_on, valid_until=values.valid_until,
        evidence={}, withdrawn_at=None,
    )  # fmt: skip
