"""Members and awards counted by region and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Case, ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.membership.status import statuses_without
from bridge.store.learning.milestone_renames import (
    CurrentKeys,
    current_key_expression,
    is_not_duplicate,
)
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member

NOT_COUNTED = statuses_without(lambda rights: rights.counted)


@dataclass(frozen=True, slots=True)
class MilestoneCount:
    """How many members of a region earned a milestone in one period.

    `part`: 0 before the first bound, 1 from the first to the second, and so on.
    """

    region: str
    curriculum: str
    milestone: str
    part: int
    people: int


def is_counted() -> ColumnElement[bool]:
    """SQL condition: the person's status counts as a member."""
    return Member.status.not_in(NOT_COUNTED)


def count_members(session: Session) -> dict[str, int]:
    """Count members (see `is_counted`) by region. One query."""
    query = select(Member.region, func.count()).where(is_counted())
    rows = session.execute(query.group_by(Member.region))
    return {row[0]: row[1] for row in rows}


def count_awards(
    session: Session, bounds: Sequence[datetime], renamed: CurrentKeys
) -> list[MilestoneCount]:
    """Count members by region, milestone (current key) and the period in which they earned it.

    `bounds`: the ascending limits of the periods. One query.
    """
    milestone = current_key_expression(Award.curriculum, Award.milestone, renamed).label(
        "current_milestone"
    )
    part = _period(Award.at, bounds).label("part")
    rows = session.execute(
        select(Member.region, Award.curriculum, milestone, part, func.count())
        .join(Member, Member.id == Award.member_id)
        .where(Award.withdrawn_at.is_(None), is_not_duplicate(renamed))
        .group_by(Member.region, Award.curriculum, milestone, part)
    )
    return [MilestoneCount(*row) for row in rows]


def count_new_members(session: Session, bounds: Sequence[datetime]) -> dict[tuple[str, int], int]:
    """Count new members by (region, period), from the first of `bounds` on. One query."""
    part = _period(Member.created_at, bounds).label("part")
    query = select(Member.region, part, func.count()).where(Member.created_at >= bounds[0])
    rows = session.execute(query.where(is_counted()).group_by(Member.region, part))
    return {(region, each): n for region, each, n in rows}


def _period(at: InstrumentedAttribute[datetime], bounds: Sequence[datetime]) -> Case[int]:
    """SQL: the number of the period that a time is in."""
    return case(*((at < bound, index) for index, bound in enumerate(bounds)), else_=len(bounds))
