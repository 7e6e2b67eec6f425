"""Milestones earned: given once, never taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.learning import Award, ErasedAwardCount


@dataclass(frozen=True, slots=True)
class AwardRecord:
    """One milestone earned; `evidence` is what `bridge.progress.evidence` found."""

    member_id: int
    curriculum: str
    milestone: str
    revision: str
    evidence: Mapping[str, object]
    at: datetime


def grant(session: Session, records: Sequence[AwardRecord]) -> list[tuple[int, AwardRecord]]:
    """Record awards; returns those that are new, each with its id. One query."""
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


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many people have earned each (curriculum, milestone), the forgotten included."""
    rows = session.execute(
        select(Award.curriculum, Award.milestone, func.count()).group_by(
            Award.curriculum, Award.milestone
        )
    )
    known = Counter({(curriculum, milestone): n for curriculum, milestone, n in rows})
    return dict(known + Counter(forgotten(session)))


def forgotten(session: Session) -> dict[tuple[str, str], int]:
    """How many people who are forgotten had earned each (curriculum, milestone)."""
    rows = session.execute(
        select(ErasedAwardCount.curriculum, ErasedAwardCount.milestone, ErasedAwardCount.count)
    )
    return {(curriculum, milestone): n for curriculum, milestone, n in rows}


def awards_of(session: Session, member_id: int) -> list[Award]:
    """What one member has earned, oldest first."""
    query = select(Award).where(Award.member_id == member_id).order_by(Award.at, Award.id)
    return list(session.scalars(query))


def awards_after(session: Session, after: int, limit: int, settled: datetime) -> list[Award]:
    """At most `limit` awards past the id `after`, ascending, up to the first given past `settled`.

    Ids are drawn before a transaction ends: with `settled` a little while ago, none that appears
    late is passed over.
    """
    query = select(Award).where(Award.id > after).order_by(Award.id).limit(limit)
    return list(takewhile(lambda award: award.at <= settled, session.scalars(query)))
