"""What members have completed, as Moodle last said, and the facts that follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.progress import Facts
from bridge.store.dialect import insert_into
from bridge.store.tables.learning import Award, Completion, Signoff
from bridge.store.tables.members import Member

Key = tuple[int, str, str]
"""Member id, curriculum, activity."""


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """One activity of one member at one time; `grade` in per cent or None.

    `change_id` is its id in the change feed, 0 if it does not come from the feed.
    """

    member_id: int
    curriculum: str
    activity: str
    done: bool
    grade: float | None
    at: datetime
    change_id: int = 0

    @property
    def key(self) -> Key:
        return self.member_id, self.curriculum, self.activity

    @property
    def age(self) -> tuple[datetime, int, bool, float]:
        """Newer records compare greater; two that differ are never of the same age."""
        grade = NO_GRADE if self.grade is None else self.grade
        return self.at, self.change_id, self.done, grade


NO_GRADE = -1.0
FIELDS = tuple(field.name for field in fields(CompletionRecord))


def upsert_completions(session: Session, records: Iterable[CompletionRecord]) -> set[int]:
    """Keep of each activity the newest record, whatever order they come in.

    At most 1,000 records; one query. Returns the members for whom something was written: a
    record that is stored already, or is older than what is stored, writes nothing.
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


def newest_records(records: Iterable[CompletionRecord]) -> dict[Key, CompletionRecord]:
    """Of each activity of each member the newest record."""
    newest: dict[Key, CompletionRecord] = {}
    for record in records:
        known = newest.get(record.key)
        if known is None or record.age > known.age:
            newest[record.key] = record
    return newest


def completion_rows(records: Mapping[Key, CompletionRecord]) -> list[dict[str, object]]:
    """The records as rows, in an order all writers share: two batches cannot block each other."""
    found = (records[key] for key in sorted(records))
    return [{name: getattr(record, name) for name in FIELDS} for record in found]


def facts_of(session: Session, curriculum: str, member_ids: Collection[int]) -> dict[int, Facts]:
    """What is known of each of these members; four queries, however many they are.

    A member who does not exist is left out.
    """
    roles = session.execute(select(Member.id, Member.role).where(Member.id.in_(member_ids)))
    here = Completion.curriculum == curriculum
    done = _keys(session, Completion.activity, Completion.member_id.in_(member_ids), here,
                 Completion.done)  # fmt: skip
    signoffs = _keys(session, Signoff.requirement, Signoff.member_id.in_(member_ids))
    here = Award.curriculum == curriculum
    awarded = _keys(session, Award.milestone, Award.member_id.in_(member_ids), here)
    return {
        member_id: Facts(done[member_id], signoffs[member_id], role, awarded[member_id])
        for member_id, role in roles
    }


def _keys(
    session: Session,
    key: InstrumentedAttribute[str],
    *where: ColumnElement[bool] | InstrumentedAttribute[bool],
) -> defaultdict[int, frozenset[str]]:
    """Member id -> the values of `key` in that member's rows."""
    member_id = key.class_.member_id
    found: defaultdict[int, set[str]] = defaultdict(set)
    for member, value in session.execute(select(member_id, key).where(*where)):
        found[member].add(value)
    return defaultdict(frozenset, {member: frozenset(keys) for member, keys in found.items()})


def completions_of(session: Session, member_id: int) -> list[Completion]:
    """The newest state of every activity of one member, the latest first."""
    query = select(Completion).where(Completion.member_id == member_id)
    return list(session.scalars(query.order_by(Completion.at.desc(), Completion.activity)))
