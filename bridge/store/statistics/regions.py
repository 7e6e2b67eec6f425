"""How far the members have come, counted by region and in slices of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Case, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store.learning.milestone_renames import Renamed, counted_once, current_key_expression
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member


@dataclass(frozen=True, slots=True)
class MilestoneCount:
    """So many members of a region earned a milestone in one slice of time.

    `part` is 0 before the first bound, 1 from the first to the second, and so on.
    """

    region: str
    curriculum: str
    milestone: str
    part: int
    people: int


def people(session: Session) -> dict[str, int]:
    """How many members each region has. One query."""
    rows = session.execute(select(Member.region, func.count()).group_by(Member.region))
    return {row[0]: row[1] for row in rows}


def reached(session: Session, bounds: Sequence[datetime], renamed: Renamed) -> list[MilestoneCount]:
    """Members by region, milestone (its key of now) and the slice between `bounds` (ascending)
    in which they earned it. One query."""
    milestone = current_key_expression(Award.curriculum, Award.milestone, renamed).label(
        "milestone_now"
    )
    part = _part(Award.at, bounds).label("part")
    rows = session.execute(
        select(Member.region, Award.curriculum, milestone, part, func.count())
        .join(Member, Member.id == Award.member_id)
        .where(counted_once(renamed))
        .group_by(Member.region, Award.curriculum, milestone, part)
    )
    return [MilestoneCount(*row) for row in rows]


def joined(session: Session, bounds: Sequence[datetime]) -> dict[tuple[str, int], int]:
    """Members by (region, slice in which they became known), from the first of `bounds` on;
    see `reached`. One query."""
    part = _part(Member.created_at, bounds).label("part")
    query = select(Member.region, part, func.count()).where(Member.created_at >= bounds[0])
    rows = session.execute(query.group_by(Member.region, part))
    return {(region, each): n for region, each, n in rows}


def _part(at: InstrumentedAttribute[datetime], bounds: Sequence[datetime]) -> Case[int]:
    """The number of the slice a time lies in."""
    return case(*((at < bound, place) for place, bound in enumerate(bounds)), else_=len(bounds))
