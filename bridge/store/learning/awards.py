"""Awards: milestones that members earned. Each is granted once, unless it was withdrawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.learning.milestone_renames import NO_RENAMES, CurrentKeys
from bridge.store.tables.learning import Award, ErasedAwardCount

IS_CURRENT = Award.withdrawn_at.is_(None)
"""SQL condition: the award was not withdrawn."""


@dataclass(frozen=True, slots=True)
class AwardRecord:
    """An award to grant. `evidence` comes from `bridge.progress.evidence`."""

    member_id: int
    curriculum: str
    milestone: str
    revision: str
    evidence: Mapping[str, object]
    at: datetime


def grant(session: Session, records: Sequence[AwardRecord]) -> list[tuple[int, AwardRecord]]:
    """Store awards; return the new ones, each with its ID. One query."""
    first = {_key(record): record for record in reversed(records)}
    if not first:
        return []
    rows = [
        {
            "member_id": record.member_id,
            "curriculum": record.curriculum,
            "milestone": record.milestone,
            "revision": record.revision,
            "evidence": dict(record.evidence),
            "at": record.at,
        }
        for _, record in sorted(first.items())
    ]
    insert = insert_into(session, Award).on_conflict_do_nothing()
    columns = (Award.id, Award.member_id, Award.curriculum, Award.milestone)
    new = session.execute(insert.returning(*columns), rows)
    return sorted(
        ((award_id, first[member_id, curriculum, milestone])
         for award_id, member_id, curriculum, milestone in new),
        key=lambda pair: pair[0],
    )  # fmt: skip


def _key(record: AwardRecord) -> tuple[int, str, str]:
    return record.member_id, record.curriculum, record.milestone


def count_awards(session: Session, renamed: CurrentKeys = NO_RENAMES) -> dict[tuple[str, str], int]:
    """Return how many members earned each (curriculum, milestone), including erased members.

    A milestone that was renamed is counted under its current key.
    """
    rows = session.execute(
        select(Award.curriculum, Award.milestone, func.count())
        .where(IS_CURRENT)
        .group_by(Award.curriculum, Award.milestone)
    )
    known = Counter({(curriculum, milestone): n for curriculum, milestone, n in rows})
    total: Counter[tuple[str, str]] = Counter()
    for (curriculum, milestone), n in (known + Counter(count_erased(session))).items():
        total[curriculum, renamed.get((curriculum, milestone), milestone)] += n
    return dict(total)


def count_erased(session: Session) -> dict[tuple[str, str], int]:
    """Return how many erased members had earned each (curriculum, milestone)."""
    rows = session.execute(
        select(ErasedAwardCount.curriculum, ErasedAwardCount.milestone, ErasedAwardCount.count)
    )
    return {(curriculum, milestone): n for curriculum, milestone, n in rows}


def awards_of(session: Session, member_id: int) -> list[Award]:
    """Return the awards of a member that were not withdrawn, oldest first."""
    query = (
        select(Award).where(Award.member_id == member_id, IS_CURRENT).order_by(Award.at, Award.id)
    )
    return list(session.scalars(query))


def current_awards(session: Session, member_ids: Collection[int]) -> list[Award]:
    """Return the awards of these members that were not withdrawn, oldest first. One query."""
    query = select(Award).where(Award.member_id.in_(member_ids), IS_CURRENT)
    return list(session.scalars(query.order_by(Award.at, Award.id)))


def milestones_of(
    session: Session, member_ids: Collection[int], curriculum: str
) -> list[tuple[int, str]]:
    """Return (member, milestone) for each award in a curriculum that was not withdrawn."""
    mine = (Award.member_id.in_(member_ids), Award.curriculum == curriculum, IS_CURRENT)
    rows = session.execute(select(Award.member_id, Award.milestone).where(*mine))
    return [(row.member_id, row.milestone) for row in rows]


def withdrawn_awards_of(session: Session, member_id: int) -> list[Award]:
    """Return the withdrawn awards of a member, oldest first."""
    query = select(Award).where(Award.member_id == member_id, ~IS_CURRENT)
    return list(session.scalars(query.order_by(Award.withdrawn_at, Award.id)))


def find_award(session: Session, award_id: int) -> Award | None:
    """Return an award, also a withdrawn one."""
    return session.scalars(
        select(Award).where(Award.id == award_id), execution_options={"populate_existing": True}
    ).first()


def mark_withdrawn(session: Session, award_id: int, reason: str, actor: str, now: datetime) -> bool:
    """Withdraw an award; return False if there is none or it was withdrawn before."""
    withdrawn = (
        update(Award)
        .where(Award.id == award_id, IS_CURRENT)
        .values(withdrawn_at=now, withdrawn_by=actor, withdrawn_reason=reason)
        .returning(Award.id)
    )
    return session.scalars(withdrawn).first() is not None


def reopen(
    session: Session,
    member_id: int,
    curriculum: str,
    milestones: Collection[str],
    now: datetime,
) -> int:
    """Let withdrawn milestones be earned again; return how many could not until now."""
    reopened = (
        update(Award)
        .where(
            Award.member_id == member_id,
            Award.curriculum == curriculum,
            Award.milestone.in_(milestones),
            ~IS_CURRENT,
            Award.reopened_at.is_(None),
        )
        .values(reopened_at=now)
        .returning(Award.id)
    )
    return len(session.scalars(reopened).all())


def awards_after(session: Session, after: int, limit: int, settled: datetime) -> list[Award]:
    """Return up to `limit` awards with IDs above `after`, up to the first one after `settled`.

    Withdrawn awards are included.

    A transaction gets its IDs before it commits, so a lower ID can appear later. Set `settled`
    to a short time ago, and no award is skipped.
    """
    query = select(Award).where(Award.id > after).order_by(Award.id).limit(limit)
    return list(takewhile(lambda award: award.at <= settled, session.scalars(query)))
