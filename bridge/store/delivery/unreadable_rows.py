"""Rows whose JSON can't be read are marked as failed, so that they don't block the others."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.delivery import Delivery, OutboxEmail

UNREADABLE = "cannot read the stored record: its payload is not JSON. Restore it from a backup."


def fail_unreadable(
    session: Session, table: type[Delivery | OutboxEmail], ids: Collection[int]
) -> None:
    """Mark unreadable rows as failed. One query per row, so only call it after an error."""
    unreadable = [row_id for row_id in ids if not _is_readable(session, table, row_id)]
    values = {"state": "failed", "reason": "never", "last_error": UNREADABLE, "payload": {}}
    session.execute(update(table).where(table.id.in_(unreadable)).values(**values))


def _is_readable(session: Session, table: type[Delivery | OutboxEmail], row: int) -> bool:
    try:
        return isinstance(session.scalar(select(table.payload).where(table.id == row)), dict)
    except ValueError:
        return False
