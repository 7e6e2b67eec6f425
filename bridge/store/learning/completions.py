"""Completions as Moodle last reported them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.learning import Completion

CompletionKey = tuple[int, str, str]
"""Member id, curriculum, activity."""


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """The state of one activity for one member at one time; `grade` in percent or None.

    `change_id`: its ID in the change feed, 0 if it doesn't come from the feed.
    """

    member_id: int
    curriculum: str
    activity: str
    done: bool
    grade: float | None
    at: datetime
    change_id: int = 0

    @property
    def key(self) -> CompletionKey:
        return self.member_id, self.curriculum, self.activity

    @property
    def age(self) -> tuple[datetime, int, bool, float]:
        """Sort key: newer records are greater, and records that differ are never equal."""
        grade = NO_GRADE if self.grade is None else self.grade
        return self.at, self.change_id, self.done, grade


NO_GRADE = -1.0
FIELDS = tuple(field.name for field in fields(CompletionRecord))


def upsert_completions(session: Session, records: Iterable[CompletionRecord]) -> set[int]:
    """Store the newest record of each activity, in whatever order records arrive.

    At most 1,000 records. One query. Returns the members whose data changed: a record that is
    already stored, or older than the stored one, changes nothing.
    """
    rows = completion_rows(newest_records(records))
    if not rows:
        return set()
    insert = insert_into(session, Completion)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["member_id", "curriculum", "activity"],
        set_={"done": new.done, "grade": new.grade, "at": new.at, "change_id": new.change_id},
        where=tuple_(new.at, new.change_id, new.done, func.coalesce(new.grade, NO_GRADE))
        > tuple_(
            Completion.at,
            Completion.change_id,
            Completion.done,
            func.coalesce(Completion.grade, NO_GRADE),
        ),
    ).returning(Completion.member_id)
    return set(session.scalars(statement, rows))


def newest_records(records: Iterable[CompletionRecord]) -> dict[CompletionKey, CompletionRecord]:
    """Return the newest record of each member and activity."""
    newest: dict[CompletionKey, CompletionRecord] = {}
    for record in records:
        known = newest.get(record.key)
        if known is None or record.age > known.age:
            newest[record.key] = record
    return newest


def completion_rows(records: Mapping[CompletionKey, CompletionRecord]) -> list[dict[str, object]]:
    """Return the records as rows. All writers use the same order, which prevents deadlocks."""
    ordered = (records[key] for key in sorted(records))
    return [{name: getattr(record, name) for name in FIELDS} for record in ordered]


def completions_of(session: Session, member_id: int) -> list[Completion]:
    """Return the completions of a member, newest first."""
    query = select(Completion).where(Completion.member_id == member_id)
    return list(session.scalars(query.order_by(Completion.at.desc(), Completion.activity)))
