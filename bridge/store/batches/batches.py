"""Batches: changes of many members that were made together, with the values before and after."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.batches import MemberBatch, MemberBatchLine

BatchKind = Literal["roles-given", "roles-ended", "import"]
FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class ChangedValues:
    """What changed for a member. `row_id`: of the role; None for the member's own row.

    `before` and `after`: as JSON; {} if there was or is nothing.
    """

    member_id: int
    row_id: int | None
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """A batch in a list. `members`: how many members it changed, without those erased since."""

    id: int
    kind: BatchKind
    details: Mapping[str, object]
    recorded_by: str
    recorded_at: datetime
    undone_at: datetime | None
    members: int


def start(
    session: Session,
    key: str,
    kind: BatchKind,
    details: Mapping[str, object],
    actor: str,
    now: datetime,
) -> int | None:
    """Store a batch; return its ID, or None if one with this key was stored before. One query."""
    row = {
        "key": key, "kind": kind, "details": dict(details), "recorded_by": actor,
        "recorded_at": now, "undone_by": "", "undone_at": None,
    }  # fmt: skip
    new = insert_into(session, MemberBatch).on_conflict_do_nothing()
    return session.scalars(new.returning(MemberBatch.id), [row]).first()


def add_lines(session: Session, batch_id: int, changed: Sequence[ChangedValues]) -> None:
    """Add what a batch changed. One query."""
    rows = [
        {
            "batch_id": batch_id, "member_id": each.member_id, "row_id": each.row_id,
            "before": dict(each.before), "after": dict(each.after), "undone": False,
        }
        for each in changed
    ]  # fmt: skip
    if rows:
        session.execute(insert(MemberBatchLine), rows)


def find(session: Session, batch_id: int, kinds: Collection[BatchKind]) -> MemberBatch | None:
    """Return a batch of one of these kinds."""
    query = select(MemberBatch).where(MemberBatch.id == batch_id, MemberBatch.kind.in_(kinds))
    return session.scalar(query, execution_options=FRESH)


def find_key(session: Session, key: str) -> MemberBatch | None:
    """Return the batch that a form made before."""
    return session.scalar(select(MemberBatch).where(MemberBatch.key == key))


def lines_of(session: Session, batch_id: int) -> list[MemberBatchLine]:
    """Return what a batch changed, in the order in which it did. One query."""
    query = select(MemberBatchLine).where(MemberBatchLine.batch_id == batch_id)
    return list(session.scalars(query.order_by(MemberBatchLine.id), execution_options=FRESH))


def recent(session: Session, kinds: Collection[BatchKind], limit: int) -> list[ListedBatch]:
    """Return the newest batches of these kinds. One query."""
    members = (
        select(func.count(MemberBatchLine.member_id.distinct()))
        .where(MemberBatchLine.batch_id == MemberBatch.id)
        .scalar_subquery()
    )
    query = select(
        MemberBatch.id, MemberBatch.kind, MemberBatch.details, MemberBatch.recorded_by,
        MemberBatch.recorded_at, MemberBatch.undone_at, members.label("members"),
    ).where(MemberBatch.kind.in_(kinds))  # fmt: skip
    rows = session.execute(query.order_by(MemberBatch.id.desc()).limit(limit))
    return [ListedBatch(**row._mapping) for row in rows]


def mark_undone(
    session: Session, batch_id: int, line_ids: Collection[int], actor: str, now: datetime
) -> None:
    """Record that a batch was undone, and for which of its lines. Two queries."""
    batch = update(MemberBatch).where(MemberBatch.id == batch_id)
    session.execute(batch.values(undone_by=actor, undone_at=now))
    if line_ids:
        lines = update(MemberBatchLine).where(MemberBatchLine.id.in_(line_ids))
        session.execute(lines.values(undone=True))
