"""Which courses members are to be enrolled in, and where that has happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables import Enrolment

Wanted = tuple[int, str, str]
"""Member id, curriculum, milestone."""


def want(session: Session, wanted: Sequence[Wanted], now: datetime) -> list[Wanted]:
    """Record enrolments that are to be made; returns those that were not wanted before."""
    rows = [
        {"member_id": m, "curriculum": c, "milestone": s, "wanted_at": now, "enrolled_at": None}
        for m, c, s in sorted(set(wanted))
    ]
    if not rows:
        return []
    insert = insert_into(session, Enrolment).on_conflict_do_nothing()
    columns = (Enrolment.member_id, Enrolment.curriculum, Enrolment.milestone)
    new = session.execute(insert.returning(*columns), rows)
    return sorted((member, curriculum, milestone) for member, curriculum, milestone in new)


def mark_enrolled(
    session: Session, member_id: int, curriculum: str, milestone: str, now: datetime
) -> bool:
    """Record that Moodle has the enrolment; False if that was known or it was never wanted."""
    return mark_all_enrolled(session, [member_id], curriculum, milestone, now) == 1


def mark_all_enrolled(
    session: Session, member_ids: Collection[int], curriculum: str, milestone: str, now: datetime
) -> int:
    """`mark_enrolled` for many members of one course; returns how many were news. One query."""
    changed = session.scalars(
        update(Enrolment)
        .where(
            Enrolment.member_id.in_(member_ids),
            Enrolment.curriculum == curriculum,
            Enrolment.milestone == milestone,
            Enrolment.enrolled_at.is_(None),
        )
        .values(enrolled_at=now)
        .returning(Enrolment.id)
    )
    return len(changed.all())


def enrolled_milestones(
    session: Session, curriculum: str, member_ids: Collection[int]
) -> dict[int, frozenset[str]]:
    """For each member the milestones whose course Moodle has them in; one query."""
    found: dict[int, set[str]] = {member_id: set() for member_id in member_ids}
    rows = session.execute(
        select(Enrolment.member_id, Enrolment.milestone).where(
            Enrolment.curriculum == curriculum,
            Enrolment.member_id.in_(member_ids),
            Enrolment.enrolled_at.is_not(None),
        )
    )
    for member_id, milestone in rows:
        found[member_id].add(milestone)
    return {member_id: frozenset(keys) for member_id, keys in found.items()}


def enrolments_of(session: Session, member_id: int) -> list[Enrolment]:
    """Everything one member is or is to be enrolled in, oldest first."""
    query = select(Enrolment).where(Enrolment.member_id == member_id).order_by(Enrolment.id)
    return list(session.scalars(query, execution_options={"populate_existing": True}))
