"""Reconciliation: comparing all completions with Moodle, for what a change feed misses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.learning.completions import CompletionRecord, completion_rows, newest_records
from bridge.store.tables.learning import Completion

PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True)
class LostResults:
    """How many completed activities are stored, and how many of them Moodle no longer has."""

    stored: int
    lost: int


class Reconciliation:
    """Compares the stored completions of some activities with all of Moodle's.

    Pass each page to `page` in a separate transaction (so that none is open while you call
    Moodle), then call `gone`. `started`: when the first page was requested; completions newer
    than that are never changed. You may stop half-way. Memory: one bit per member and activity.
    """

    def __init__(self, curriculum: str, activities: Collection[str], started: datetime) -> None:
        self._curriculum = curriculum
        self._activities = frozenset(activities)
        self._started = started
        self._seen: defaultdict[str, bytearray] = defaultdict(bytearray)

    def page(self, session: Session, records: Sequence[CompletionRecord]) -> set[int]:
        """Store what differs in a page of at most 1,000 records; return the changed members.

        One query. Raises ValueError for a record of another curriculum or activity.
        """
        for record in records:
            if record.curriculum != self._curriculum or record.activity not in self._activities:
                raise ValueError(f"not requested: {record.curriculum}:{record.activity}")
            self._mark_seen(record)
        if not records:
            return set()
        insert = insert_into(session, Completion)
        new = insert.excluded
        differs = (Completion.done != new.done) | Completion.grade.is_distinct_from(new.grade)
        statement = insert.on_conflict_do_update(
            index_elements=["member_id", "curriculum", "activity"],
            set_={
                "done": new.done,
                "grade": new.grade,
                # Moodle's current state outranks an older change that arrives late.
                "at": case((new.at > Completion.at, new.at), else_=self._started),
                "change_id": 0,
            },
            where=and_(differs, Completion.at < self._started),
        )
        rows = completion_rows(newest_records(records))
        return set(session.scalars(statement.returning(Completion.member_id), rows))

    def lost(self, session: Session) -> LostResults:
        """After the last page, count what Moodle no longer has."""
        stored, lost = 0, 0
        for activity in sorted(self._activities):
            after = 0
            while members := self._completed_members(session, activity, after):
                after = members[-1]
                stored += len(members)
                lost += sum(not self._was_seen(activity, member) for member in members)
        return LostResults(stored, lost)

    def gone(self, session: Session) -> set[int]:
        """After the last page, mark as not done what Moodle no longer has; return those members."""
        changed: set[int] = set()
        for activity in sorted(self._activities):
            after = 0
            while members := self._completed_members(session, activity, after):
                after = members[-1]
                lost = [member for member in members if not self._was_seen(activity, member)]
                changed.update(self._mark_undone(session, activity, lost))
        return changed

    def _completed_members(self, session: Session, activity: str, after: int) -> Sequence[int]:
        query = select(Completion.member_id).where(
            Completion.curriculum == self._curriculum,
            Completion.activity == activity,
            Completion.member_id > after,
            Completion.done,
            Completion.at < self._started,
        )
        return session.scalars(query.order_by(Completion.member_id).limit(PAGE_SIZE)).all()

    def _mark_undone(
        self, session: Session, activity: str, members: Sequence[int]
    ) -> Sequence[int]:
        if not members:
            return []
        missing = (
            update(Completion)
            .where(
                Completion.curriculum == self._curriculum,
                Completion.activity == activity,
                Completion.member_id.in_(members),
                Completion.at < self._started,
            )
            .values(done=False, grade=None, at=self._started, change_id=0)
        )
        return session.scalars(missing.returning(Completion.member_id)).all()

    def _mark_seen(self, record: CompletionRecord) -> None:
        bits, (byte, bit) = self._seen[record.activity], divmod(record.member_id, 8)
        if byte >= len(bits):
            bits.extend(bytes(byte + 1 - len(bits)))
        bits[byte] |= 1 << bit

    def _was_seen(self, activity: str, member_id: int) -> bool:
        bits, (byte, bit) = self._seen[activity], divmod(member_id, 8)
        return byte < len(bits) and bool(bits[byte] >> bit & 1)
