"""Credits: facts that count towards milestones and do not come from Moodle."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from bridge.curriculum.requirements.facts import CreditKind, FeatureCredit
from bridge.store.dialect import insert_into
from bridge.store.members.locking import lock_members
from bridge.store.members.queries import lock_member
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction, AuditRecord
from bridge.store.tables.learning import Credit

EVERY_CURRICULUM = ""
"""The curriculum of sign-offs from before credits had one: they count in every curriculum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRecord:
    """A credit to record. `source` and `source_id` name what earned it, and are unique.

    `valid_until`: its last day, or None. `recorded_by`: the actor, for the audit log.
    """

    member_id: int
    curriculum: str
    kind: CreditKind | FeatureCredit
    key: str
    occurred_on: date
    source: str
    source_id: str
    recorded_by: str
    valid_until: date | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


def record(
    session: Session, credit: CreditRecord, now: datetime, action: AuditAction = "credit"
) -> bool:
    """Store a credit; return False if its source was recorded before, also if since withdrawn.

    Call `bridge.workflows.awards.assess` afterwards in the same transaction. Locks the member; a
    transaction that records credits of several calls `lock_members` first.
    """
    lock_members(session, [credit.member_id])
    row = {
        "member_id": credit.member_id,
        "curriculum": credit.curriculum,
        "kind": credit.kind,
        "key": credit.key,
        "occurred_on": credit.occurred_on,
        "valid_until": credit.valid_until,
        "source": credit.source,
        "source_id": credit.source_id,
        "evidence": dict(credit.evidence),
        "recorded_by": credit.recorded_by,
        "recorded_at": now,
        "withdrawn_at": None,
        "withdrawn_by": "",
        "withdrawn_reason": "",
    }
    insert = insert_into(session, Credit).on_conflict_do_nothing().returning(Credit.id)
    if session.scalars(insert, [row]).first() is None:
        return False
    after = {"kind": credit.kind, "key": credit.key, "curriculum": credit.curriculum}
    if action == "sign-off":
        after = {"requirement": credit.key, "by_name": str(credit.evidence.get("by_name", ""))}
    audit_log.write(session, credit.recorded_by, action, credit.member_id, {}, after, now)
    return True


def next_source_id(session: Session, member_id: int, *parts: str) -> str:
    """The source ID for a credit that a person records: unique, also after a withdrawal.

    `parts`: what must be recorded once at a time, such as curriculum and key. Locks the member,
    so that two people can't record the same thing. Returns '' if it is recorded already. Raises
    MemberError if there is no such member.
    """
    lock_member(session, member_id)
    start = ":".join((str(member_id), *parts)) + "#"
    same = (Credit.source_id.startswith(start, autoescape=True), Credit.member_id == member_id)
    active = func.count().filter(Credit.withdrawn_at.is_(None))
    recorded, still = session.execute(select(func.count(), active).where(*same)).one()
    return "" if still else f"{start}{recorded + 1}"


def credits_of(session: Session, member_id: int) -> list[Credit]:
    """Return all credits of a member, also withdrawn ones, oldest first."""
    query = select(Credit).where(Credit.member_id == member_id)
    return list(session.scalars(query.order_by(Credit.occurred_on, Credit.id)))


def credits_of_members(session: Session, member_ids: Collection[int]) -> list[Credit]:
    """Return all credits of these members, also withdrawn ones, oldest first. One query."""
    query = select(Credit).where(Credit.member_id.in_(member_ids))
    return list(session.scalars(query.order_by(Credit.occurred_on, Credit.id)))


def credits_for_ids(session: Session, ids: Sequence[int]) -> dict[int, Credit]:
    """Return those of these credits that exist, by ID."""
    query = select(Credit).where(Credit.id.in_(ids))
    return {credit.id: credit for credit in session.scalars(query)}


def recorded_keys(session: Session, kind: str, curriculum: str) -> dict[str, int]:
    """Return how many credits of a kind count in a curriculum, by key. One query."""
    query = select(Credit.key, func.count()).where(Credit.kind == kind, *counts_in(curriculum))
    return {row[0]: row[1] for row in session.execute(query.group_by(Credit.key))}


def counts_in(curriculum: str) -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: the credit counts in this curriculum and was not withdrawn."""
    here = or_(Credit.curriculum == curriculum, Credit.curriculum == EVERY_CURRICULUM)
    return Credit.withdrawn_at.is_(None), here


def withdraw(session: Session, credit_id: int, reason: str, actor: str, now: datetime) -> bool:
    """Withdraw a credit; return False if there is none or it was withdrawn before.

    Awards that depend on it stay: a person decides about them.
    """
    return withdraw_all(session, [credit_id], reason, actor, now) == 1


def withdraw_all(
    session: Session, credit_ids: Collection[int], reason: str, actor: str, now: datetime
) -> int:
    """Withdraw these credits; return how many were not withdrawn before. Two queries."""
    withdrawn = (
        update(Credit)
        .where(Credit.id.in_(credit_ids), Credit.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=actor, withdrawn_reason=reason)
        .returning(Credit.member_id, Credit.kind, Credit.key, Credit.curriculum)
    )
    rows = session.execute(withdrawn).all()
    lines = [
        AuditRecord(
            row.member_id,
            {"kind": row.kind, "key": row.key, "curriculum": row.curriculum},
            {"reason": reason},
        )
        for row in rows
    ]
    audit_log.write_all(session, actor, "credit-withdrawn", lines, now)
    return len(rows)
