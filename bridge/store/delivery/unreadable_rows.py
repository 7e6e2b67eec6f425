"""Rows whose JSON cannot be read: set aside for a person, so that the others are not held up."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.delivery import Delivery, OutboxEmail

UNREADABLE = "the stored record cannot be read: its payload is not JSON. Restore it from a backup."


def set_aside(session: Session, table: type[Delivery | OutboxEmail], ids: Collection[int]) -> None:
    """Fail those of the rows that cannot be read. One query a row: for the rare case only."""
    broken = [each for each in ids if not _readable(session, table, each)]
    values = {"state": "failed", "reason": "never", "last_error": UNREADABLE, "payload": {}}
    session.execute(update(table).where(table.id.in_(broken)).values(**values))


def _readable(session: Session, table: type[Delivery | OutboxEmail], row: int) -> bool:
    try:
        return isinstance(session.scalar(select(table.payload).where(table.id == row)), dict)
    except ValueError:
        return False
