"""Sign-offs of many members that are recorded together, in a batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.learning import credits, signoffs
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.learning import Credit
from bridge.store.tables.signoffs import SignoffBatch


@dataclass(frozen=True, slots=True)
class SignoffDetails:
    """What is signed off: a requirement of a curriculum, on what day, and who confirmed it."""

    curriculum: str
    requirement: str
    occurred_on: date
    by_name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """A batch: how many sign-offs it recorded, and who did. `credit_id`: the first of them."""

    id: int
    curriculum: str
    requirement: str
    occurred_on: date
    recorded_at: datetime
    undone_at: datetime | None
    recorded_by: str
    count: int
    active: int
    credit_id: int


def start(session: Session, key: str, details: SignoffDetails, now: datetime) -> int | None:
    """Store a batch; return its ID, or None if one with this key was recorded before. One query."""
    row = {
        "key": key, "curriculum": details.curriculum, "requirement": details.requirement,
        "occurred_on": details.occurred_on, "recorded_at": now, "undone_at": None,
    }  # fmt: skip
    insert = insert_into(session, SignoffBatch).on_conflict_do_nothing()
    return session.scalars(insert.returning(SignoffBatch.id), [row]).first()


def find(session: Session, batch_id: int) -> SignoffBatch | None:
    return session.get(SignoffBatch, batch_id, populate_existing=True)


def find_key(session: Session, key: str) -> SignoffBatch | None:
    """Return the batch that a form recorded before."""
    return session.scalar(select(SignoffBatch).where(SignoffBatch.key == key))


def recent(session: Session, limit: int, recorded_by: str = "") -> list[ListedBatch]:
    """Return the newest batches, of everyone or of one person. One query.

    A batch whose members were all erased isn't listed.
    """
    active = func.count().filter(Credit.withdrawn_at.is_(None))
    query = (
        select(
            SignoffBatch.id, SignoffBatch.curriculum, SignoffBatch.requirement,
            SignoffBatch.occurred_on, SignoffBatch.recorded_at, SignoffBatch.undone_at,
            func.min(Credit.recorded_by).label("recorded_by"), func.count().label("count"),
            active.label("active"), func.min(Credit.id).label("credit_id"),
        )
        .join(Credit, Credit.batch_id == SignoffBatch.id)
        .group_by(SignoffBatch.id)
    )  # fmt: skip
    if recorded_by:
        query = query.where(Credit.recorded_by == recorded_by)
    rows = session.execute(query.order_by(SignoffBatch.id.desc()).limit(limit))
    return [ListedBatch(**row._mapping) for row in rows]


def credits_in(session: Session, batch_id: int) -> list[Credit]:
    """Return the sign-offs of a batch, also withdrawn ones. One query."""
    query = select(Credit).where(Credit.batch_id == batch_id).order_by(Credit.id)
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def mark_undone(session: Session, batch_id: int, now: datetime) -> None:
    """Record that a batch was undone."""
    batch = update(SignoffBatch).where(SignoffBatch.id == batch_id)
    session.execute(batch.values(undone_at=now))


def record_all(
    session: Session,
    batch_id: int,
    details: SignoffDetails,
    member_ids: Collection[int],
    actor: str,
    now: datetime,
) -> list[int]:
    """Record the sign-off of these members; return those who didn't have it. Three queries.

    The members must be locked.
    """
    rows = _rows(session, batch_id, details, member_ids, actor, now)
    if not rows:
        return []
    insert = insert_into(session, Credit).on_conflict_do_nothing().returning(Credit.member_id)
    recorded = sorted(session.scalars(insert, rows))
    after = {"requirement": details.requirement, "by_name": details.by_name, "list": batch_id}
    lines = [AuditRecord(member, {}, after) for member in recorded]
    audit_log.write_all(session, actor, "sign-off", lines, now)
    return recorded


def signed_off(
    session: Session, curriculum: str, requirement: str, member_ids: Collection[int]
) -> dict[int, Credit]:
    """The sign-off of each of these members who has it. One query."""
    found = _stored(session, requirement, member_ids)
    counts = (curriculum, credits.EVERY_CURRICULUM)
    return {
        each.member_id: each
        for each in found
        if each.withdrawn_at is None and each.curriculum in counts
    }


def _stored(session: Session, requirement: str, member_ids: Collection[int]) -> Sequence[Credit]:
    same = (Credit.kind == "signoff", Credit.key == requirement)
    query = select(Credit).where(Credit.member_id.in_(member_ids), *same)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def _rows(
    session: Session,
    batch_id: int,
    details: SignoffDetails,
    member_ids: Collection[int],
    actor: str,
    now: datetime,
) -> list[dict[str, object]]:
    """The rows of those who don't have it. A source ID counts what was withdrawn before."""
    stored = _stored(session, details.requirement, member_ids)
    counts = (details.curriculum, credits.EVERY_CURRICULUM)
    have = {each.member_id for each in stored
            if each.withdrawn_at is None and each.curriculum in counts}  # fmt: skip
    rows = []
    for member in sorted(set(member_ids) - have):
        start = f"{member}:{details.curriculum}:{details.requirement}#"
        before = sum(each.source_id.startswith(start) and each.member_id == member
                     for each in stored)  # fmt: skip
        rows.append({
            "member_id": member, "curriculum": details.curriculum, "kind": "signoff",
            "key": details.requirement, "occurred_on": details.occurred_on, "valid_until": None,
            "source": signoffs.SOURCE, "source_id": f"{start}{before + 1}",
            "evidence": {"by_name": details.by_name, "note": details.note},
            "recorded_by": actor, "recorded_at": now, "withdrawn_at": None, "withdrawn_by": "",
            "withdrawn_reason": "", "batch_id": batch_id,
        })  # fmt: skip
    return rows
