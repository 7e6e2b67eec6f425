"""Uploaded member files: their rows, what recording them did, and deleting them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.member_imports import MemberImport, MemberImportRow

RowState = Literal["new", "changed", "question", "refused", "unchanged"]
RowResult = Literal["", "recorded", "asked", "skipped", "undone", "left"]
UNDO_TIME = timedelta(hours=1)
"""How long an import can be undone, and how long its rows are kept."""
HOLD_TIME = UNDO_TIME + timedelta(minutes=15)
"""How long its emails and enrolments wait: an undo that has begun ends first."""
RECORDED: tuple[RowState, ...] = ("new", "changed", "question")
"""The states of rows that recording does something with."""
MAX_ID = 2**63 - 1
FRESH = {"populate_existing": True}

Row = Mapping[str, object]


def add(session: Session, values: Row, rows: Sequence[Row]) -> int | None:
    """Store a file with its rows; return its ID, or None if its form was sent before.

    Two queries.
    """
    new = insert_into(session, MemberImport).on_conflict_do_nothing()
    found = session.scalars(new.returning(MemberImport.id), [dict(values)]).first()
    if found is not None and rows:
        session.execute(insert(MemberImportRow), [{**row, "import_id": found} for row in rows])
    return found


def find(session: Session, import_id: int) -> MemberImport | None:
    """Return a file, with any number as its ID; None if there is none."""
    query = select(MemberImport).where(MemberImport.id == min(import_id, MAX_ID))
    return session.scalar(query, execution_options=FRESH)


def find_key(session: Session, key: str) -> int | None:
    """Return the ID of the file that was sent with this key before, unless it was undone."""
    return session.scalar(select(MemberImport.id).where(MemberImport.key == key))


def lock(session: Session, import_id: int) -> MemberImport | None:
    """The same, locked until the transaction ends: only one process records or undoes it."""
    query = select(MemberImport).where(MemberImport.id == min(import_id, MAX_ID))
    return session.scalar(query.with_for_update(), execution_options=FRESH)


def recent(session: Session, limit: int) -> list[MemberImport]:
    """Return the newest files, recorded or not. One query."""
    query = select(MemberImport).order_by(MemberImport.id.desc()).limit(limit)
    return list(session.scalars(query, execution_options=FRESH))


def rows_of(
    session: Session,
    import_id: int,
    limit: int,
    *,
    after: int = 0,
    states: Collection[str] = (),
    results: Collection[str] = (),
) -> list[MemberImportRow]:
    """Return rows of a file above the ID `after`, in these states and with these results."""
    query = select(MemberImportRow).where(
        MemberImportRow.import_id == import_id,
        MemberImportRow.id > after,
        *([MemberImportRow.state.in_(states)] if states else []),
        *([MemberImportRow.result.in_(results)] if results else []),
    )
    query = query.order_by(MemberImportRow.id).limit(limit)
    return list(session.scalars(query, execution_options=FRESH))


def not_recorded(
    session: Session, import_id: int, limit: int, after: int = 0
) -> list[MemberImportRow]:
    """The rows that were refused, or skipped because something changed since."""
    refused = MemberImportRow.state.in_(("refused", "question"))
    query = select(MemberImportRow).where(
        MemberImportRow.import_id == import_id,
        MemberImportRow.id > after,
        or_(refused, MemberImportRow.result == "skipped"),
    )
    query = query.order_by(MemberImportRow.id).limit(limit)
    return list(session.scalars(query, execution_options=FRESH))


def to_record(session: Session, import_id: int, limit: int) -> list[MemberImportRow]:
    """The next rows that are to be recorded."""
    return rows_of(session, import_id, limit, states=RECORDED, results=("",))


def to_undo(session: Session, import_id: int, limit: int) -> list[MemberImportRow]:
    """The next rows that are to be undone."""
    return rows_of(session, import_id, limit, results=("recorded", "asked"))


def try_left_again(session: Session, import_id: int) -> None:
    """Let the rows that undoing left be undone. One query."""
    rows = update(MemberImportRow).where(MemberImportRow.import_id == import_id)
    session.execute(rows.where(MemberImportRow.result == "left").values(result="recorded"))


def count(session: Session, import_id: int) -> dict[str, dict[str, int]]:
    """How many rows are in each state, and how many have each result, by state. One query."""
    query = (
        select(MemberImportRow.state, MemberImportRow.result, func.count())
        .where(MemberImportRow.import_id == import_id)
        .group_by(MemberImportRow.state, MemberImportRow.result)
    )
    found: dict[str, dict[str, int]] = {}
    for state, result, rows in session.execute(query):
        found.setdefault(state, {})[result] = rows
    return found


def save_counts(session: Session, import_id: int) -> None:
    """Store the counts, which stay when the rows are deleted after the hour. Two queries."""
    counts = count(session, import_id)
    there = (MemberImport.id == import_id, MemberImport.rows_deleted_at.is_(None))
    session.execute(update(MemberImport).where(*there).values(counts=counts))


def save(session: Session, rows: Sequence[Row]) -> None:
    """Change rows: each with its `id` and new values. One query."""
    if rows:
        session.execute(update(MemberImportRow), [dict(row) for row in rows])


def forget_members(session: Session, member_ids: Collection[int]) -> None:
    """Let the rows about members stay, who are about to be removed. One query."""
    rows = update(MemberImportRow).where(MemberImportRow.member_id.in_(member_ids))
    session.execute(rows.values(member_id=None))


def discard(session: Session, import_id: int) -> None:
    """Delete a file that was not recorded. Two queries."""
    session.execute(delete(MemberImportRow).where(MemberImportRow.import_id == import_id))
    session.execute(delete(MemberImport).where(MemberImport.id == import_id))


def prune(session: Session, now: datetime) -> int:
    """Delete the rows of files whose time is over, with notes on them, and files not recorded.

    Returns how many files. Four queries at most.
    """
    latest = func.coalesce(MemberImport.undone_at, MemberImport.recorded_at, MemberImport.sent_at)
    over = (latest <= now - UNDO_TIME, MemberImport.rows_deleted_at.is_(None))
    ids = list(session.scalars(select(MemberImport.id).where(*over).with_for_update()))
    if not ids:
        return 0
    session.execute(delete(MemberImportRow).where(MemberImportRow.import_id.in_(ids)))
    these: ColumnElement[bool] = MemberImport.id.in_(ids)
    session.execute(delete(MemberImport).where(these, MemberImport.recorded_at.is_(None)))
    nothing: Row = {"heading": [], "notes": {}}
    session.execute(update(MemberImport).where(these).values(rows_deleted_at=now, **nothing))
    return len(ids)
