"""The nightly look at everything: what a change feed cannot see is put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, case, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.learning.completions import CompletionRecord, completion_rows, newest_records
from bridge.store.tables.learning import Completion

PAGE_SIZE = 1000


class Reconciliation:
    """Compares what is stored for some activities with the whole of what Moodle has now.

    Hand every page to `page`, each in a transaction of its own (none stays open while Moodle is
    asked), then call `gone`. Memory: one bit a member and activity. `started` is when the first
    page was asked for; what is stored as newer than that is never touched. A run given up
    half-way has done no harm.
    """

    def __init__(self, curriculum: str, activities: Collection[str], started: datetime) -> None:
        self._curriculum = curriculum
        self._activities = frozenset(activities)
        self._started = started
        self._seen: defaultdict[str, bytearray] = defaultdict(bytearray)

    def page(self, session: Session, records: Sequence[CompletionRecord]) -> set[int]:
        """Apply what differs in one page (at most 1,000); returns the members touched. One query.

        Raises ValueError for a record of another curriculum or activity.
        """
        for record in records:
            if record.curriculum != self._curriculum or record.activity not in self._activities:
                raise ValueError(f"not asked for: {record.curriculum}:{record.activity}")
            self._mark(record)
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
                # Moodle's word of now outranks an older row of the feed that comes late.
                "at": case((new.at > Completion.at, new.at), else_=self._started),
                "change_id": 0,
            },
            where=and_(differs, Completion.at < self._started),
        )
        rows = completion_rows(newest_records(records))
        return set(session.scalars(statement.returning(Completion.member_id), rows))

    def gone(self, session: Session) -> set[int]:
        """After the last page: what Moodle no longer has is not done; returns those members."""
        touched: set[int] = set()
        for activity in sorted(self._activities):
            after = 0
            while members := self._stored(session, activity, after):
                after = members[-1]
                lost = [member for member in members if not self._was_seen(activity, member)]
                touched.update(self._undo(session, activity, lost))
        return touched

    def _stored(self, session: Session, activity: str, after: int) -> Sequence[int]:
        query = select(Completion.member_id).where(
            Completion.curriculum == self._curriculum,
            Completion.activity == activity,
            Completion.member_id > after,
            Completion.done,
            Completion.at < self._started,
        )
        return session.scalars(query.order_by(Completion.member_id).limit(PAGE_SIZE)).all()

    def _undo(self, session: Session, activity: str, members: Sequence[int]) -> Sequence[int]:
        if not members:
            return []
        undone = (
            update(Completion)
            .where(
                Completion.curriculum == self._curriculum,
                Completion.activity == activity,
                Completion.member_id.in_(members),
                Completion.at < self._started,
            )
            .values(done=False, grade=None, at=self._started, change_id=0)
        )
        return session.scalars(undone.returning(Completion.member_id)).all()

    def _mark(self, record: CompletionRecord) -> None:
        bits, (byte, bit) = self._seen[record.activity], divmod(record.member_id, 8)
        if byte >= len(bits):
            bits.extend(bytes(byte + 1 - len(bits)))
        bits[byte] |= 1 << bit

    def _was_seen(self, activity: str, member_id: int) -> bool:
        bits, (byte, bit) = self._seen[activity], divmod(member_id, 8)
        return byte < len(bits) and bool(bits[byte] >> bit & 1)
