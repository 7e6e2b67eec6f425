"""How far each change feed has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables import operations


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in a change feed.

    `value`: the last ID read. `feed`: the feed's identity ('' before the first read). `missing`:
    lower IDs that didn't exist yet, each with when it was first missed.
    """

    value: int = 0
    feed: str = ""
    missing: tuple[tuple[int, datetime], ...] = ()


def get(session: Session, name: str) -> Cursor:
    """Return the cursor of that name, or one at the beginning if there is none."""
    row = session.get(operations.Cursor, name, populate_existing=True)
    if row is None:
        return Cursor()
    missing = tuple((change, datetime.fromisoformat(at)) for change, at in row.missing)
    return Cursor(row.value, row.feed, missing)


def advance(session: Session, name: str, value: int, now: datetime) -> bool:
    """Move the cursor forward to `value`; return False if it is there or further already.

    If two processes try at the same time, only one gets True.
    """
    insert = insert_into(session, operations.Cursor)
    moved = insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"value": insert.excluded.value, "updated_at": insert.excluded.updated_at},
        where=operations.Cursor.value < insert.excluded.value,
    ).returning(operations.Cursor.name)
    values = [{"name": name, "value": value, "feed": "", "missing": [], "updated_at": now}]
    return session.scalars(moved, values).first() is not None


def put(session: Session, name: str, cursor: Cursor, now: datetime) -> None:
    """Store the cursor."""
    values = {
        "value": cursor.value,
        "feed": cursor.feed,
        "missing": [(change, at.isoformat()) for change, at in cursor.missing],
        "updated_at": now,
    }
    insert = insert_into(session, operations.Cursor).values(name=name, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=values))
