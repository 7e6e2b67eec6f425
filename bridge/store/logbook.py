"""The audit log as people read it, the newest first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.tables import Audit


def entries(
    session: Session,
    limit: int,
    *,
    before: int | None = None,
    member_id: int | None = None,
    action: str = "",
) -> list[Audit]:
    """Up to `limit` lines older than the line `before`; of one member, of one kind. One query."""
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Audit.id < before)
    if member_id is not None:
        query = query.where(Audit.member_id == member_id)
    if action:
        query = query.where(Audit.action == action)
    return list(session.scalars(query))
