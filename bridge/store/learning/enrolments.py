"""Which courses members are to be enrolled in, and where that has happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.learning.milestone_renames import Renamed, current_key_expression
from bridge.store.tables.learning import Award, Enrolment

EnrolmentRequest = tuple[int, str, str]
"""Member id, curriculum, milestone."""


def request_enrolments(
    session: Session, wanted: Sequence[EnrolmentRequest], now: datetime
) -> list[EnrolmentRequest]:
    """Record enrolments that are to be made; returns those that were not wanted before."""
    rows = [
        {"member_id": m, "curriculum": c, "milestone": s, "wanted_at": now, "enrolled_at": None,
         "earned_at": None}
        for m, c, s in sorted(set(wanted))
    ]  # fmt: skip
    if not rows:
        return []
    insert = insert_into(session, Enrolment).on_conflict_do_nothing()
    columns = (Enrolment.member_id, Enrolment.curriculum, Enrolment.milestone)
    new = session.execute(insert.returning(*columns), rows)
    return sorted((member, curriculum, milestone) for member, curriculum, milestone in new)


def mark_enrolled(
    session: Session, member_ids: Collection[int], curriculum: str, milestone: str, now: datetime
) -> int:
    """Record that Moodle has these members in one course; returns how many were news.

    Who was known to be in it, or was never wanted there, is no news. One query.
    """
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


def mark_earned(session: Session, member_ids: Collection[int], renamed: Renamed) -> None:
    """Close the enrolments whose milestone these members have earned, under whatever key.

    Whoever waits is looked for among the open ones. One query.
    """
    same = (
        Award.member_id == Enrolment.member_id,
        Award.curriculum == Enrolment.curriculum,
        current_key_expression(Award.curriculum, Award.milestone, renamed)
        == current_key_expression(Enrolment.curriculum, Enrolment.milestone, renamed),
    )
    open_ones = (Enrolment.member_id.in_(member_ids), Enrolment.earned_at.is_(None))
    closed = update(Enrolment).where(*open_ones, exists().where(*same))
    earned_at = select(func.min(Award.at)).where(*same).scalar_subquery()
    once = {"synchronize_session": False}
    session.execute(closed.values(earned_at=earned_at), execution_options=once)
