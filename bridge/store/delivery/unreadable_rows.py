"""Rows whose JSON can't be read are marked as failed, so that they don't block the others."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import LargeBinary, cast, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bridge.store.tables.delivery import Delivery, OutboxEmail

UNREADABLE = (
    "cannot read the stored record: its payload is not JSON. Restore it from a backup. The "
    "original text is kept in the payload, under `unreadable`."
)
READ_ERRORS = (ValueError, TypeError, OperationalError)
"""What reading a damaged payload raises; see `is_unreadable`."""


def is_unreadable(error: Exception) -> bool:
    """Whether a damaged payload caused one of READ_ERRORS.

    SQLite stores any bytes as text; its driver reports those that aren't UTF-8.
    """
    return not isinstance(error, OperationalError) or "decode to UTF-8" in str(error.orig)


def fail_unreadable(
    session: Session, table: type[Delivery | OutboxEmail], ids: Collection[int]
) -> None:
    """Mark unreadable rows as failed. One query per row, so only call it after an error.

    The original text is kept inside valid JSON, so that the row can be read again.
    """
    values = {"state": "failed", "reason": "never", "last_error": UNREADABLE}
    for row_id in ids:
        if not _is_readable(session, table, row_id):
            kept = {"unreadable": _original_text(session, table, row_id)}
            failed = update(table).where(table.id == row_id)
            session.execute(failed.values(payload=kept, **values))


def _is_readable(session: Session, table: type[Delivery | OutboxEmail], row: int) -> bool:
    try:
        session.scalar(select(table.payload).where(table.id == row))
    except READ_ERRORS as error:
        if not is_unreadable(error):
            raise
        return False
    return True


def _original_text(session: Session, table: type[Delivery | OutboxEmail], row: int) -> str:
    raw = session.scalar(select(cast(table.payload, LargeBinary)).where(table.id == row))
    return bytes(raw or b"").decode("utf-8", "backslashreplace")
