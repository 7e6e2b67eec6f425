"""Enrolments: which courses members are to take, and which they are enrolled in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, tuple_, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.learning.milestone_renames import (
    NO_RENAMES,
    CurrentKeys,
    current_key_expression,
)
from bridge.store.tables.learning import Award, Enrolment

EnrolmentRequest = tuple[int, str, str]
"""Member id, curriculum, milestone."""


def request_enrolments(
    session: Session,
    wanted: Sequence[EnrolmentRequest],
    now: datetime,
    renamed: CurrentKeys = NO_RENAMES,
) -> list[EnrolmentRequest]:
    """Store enrolments to make; return those that are new.

    One that is stored under a former key isn't new. At most two queries.
    """
    rows = [
        {"member_id": m, "curriculum": c, "milestone": s, "wanted_at": now, "enrolled_at": None,
         "earned_at": None}
        for m, c, s in sorted(set(wanted) - _under_former_keys(session, wanted, renamed))
    ]  # fmt: skip
    if not rows:
        return []
    insert = insert_into(session, Enrolment).on_conflict_do_nothing()
    columns = (Enrolment.member_id, Enrolment.curriculum, Enrolment.milestone)
    new = session.execute(insert.returning(*columns), rows)
    return sorted((member, curriculum, milestone) for member, curriculum, milestone in new)


def _under_former_keys(
    session: Session, wanted: Sequence[EnrolmentRequest], renamed: CurrentKeys
) -> set[EnrolmentRequest]:
    courses = {(curriculum, milestone) for _, curriculum, milestone in wanted}
    former = {old: new for old, new in renamed.items() if (old[0], new) in courses}
    if not former:
        return set()
    found = select(Enrolment.member_id, Enrolment.curriculum, Enrolment.milestone).where(
        Enrolment.member_id.in_({member for member, _, _ in wanted}),
        tuple_(Enrolment.curriculum, Enrolment.milestone).in_(former),
    )
    return {(member, path, former[path, old]) for member, path, old in session.execute(found)}


def count_open(session: Session) -> dict[tuple[str, str], int]:
    """How many members work on each (curriculum, milestone), also under former keys. One query."""
    keys = (Enrolment.curriculum, Enrolment.milestone)
    query = select(*keys, func.count()).where(Enrolment.earned_at.is_(None)).group_by(*keys)
    return {(path, milestone): count for path, milestone, count in session.execute(query)}


def mark_enrolled(
    session: Session, member_ids: Collection[int], curriculum: str, milestone: str, now: datetime
) -> int:
    """Record that Moodle has enrolled these members in a course; return how many are new.

    Members who were enrolled before, or have no enrolment, don't count. One query.
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


def mark_earned(session: Session, member_ids: Collection[int], renamed: CurrentKeys) -> None:
    """Close the enrolments whose milestone these members earned, under any of its keys.

    Lists of waiting members only read open enrolments. One query.
    """
    same_milestone = (
        Award.withdrawn_at.is_(None),
        Award.member_id == Enrolment.member_id,
        Award.curriculum == Enrolment.curriculum,
        current_key_expression(Award.curriculum, Award.milestone, renamed)
        == current_key_expression(Enrolment.curriculum, Enrolment.milestone, renamed),
    )
    is_open = (Enrolment.member_id.in_(member_ids), Enrolment.earned_at.is_(None))
    closed = update(Enrolment).where(*is_open, exists().where(*same_milestone))
    earned_at = select(func.min(Award.at)).where(*same_milestone).scalar_subquery()
    options = {"synchronize_session": False}
    session.execute(closed.values(earned_at=earned_at), execution_options=options)


def mark_unearned(
    session: Session, member_id: int, curriculum: str, milestones: Collection[str]
) -> None:
    """Open the enrolments of a milestone again: its award was withdrawn. Enrolments stay."""
    closed = update(Enrolment).where(
        Enrolment.member_id == member_id,
        Enrolment.curriculum == curriculum,
        Enrolment.milestone.in_(milestones),
    )
    session.execute(closed.values(earned_at=None))
