"""Who is where: each member with the milestone they have reached, its date, and their activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bridge.store.statistics.regions import is_counted
from bridge.store.tables.learning import Award, Completion, Credit
from bridge.store.tables.members import Member, MemberRole

MilestoneKey = tuple[str, str]
"""Curriculum and milestone; the milestone's current key, or a former one."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The furthest milestone of one curriculum that a member has earned."""

    curriculum: str
    milestone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """Where a member is. `reached`: one for each curriculum in which they have earned something.

    `completed_at`, `credited_on`: their latest completion and credit.
    """

    id: int
    number: str | None
    first_name: str
    last_name: str
    region: str
    completed_at: datetime | None
    credited_on: date | None
    reached: Sequence[Reached] = ()

    @property
    def last_activity(self) -> date | None:
        """The day of the latest completion or credit."""
        days = [self.completed_at.date() if self.completed_at else None, self.credited_on]
        return max((day for day in days if day), default=None)


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Which members to list.

    `positions`: every milestone with its position in its curriculum. `curriculum` and
    `milestones`: only those whose furthest milestone in it is one of these. `since` and `until`:
    only those who earned their furthest milestone at that time, `until` not included. `role`: a
    role held `today`. `regions`: None means all.
    """

    positions: Mapping[MilestoneKey, int]
    today: date
    regions: Collection[str] | None = None
    role: str = ""
    curriculum: str = ""
    milestones: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def members_with_places(
    session: Session, wanted: PlaceFilter, limit: int, after: int = 0
) -> list[MemberPlace]:
    """Return up to `limit` members with IDs above `after`, ordered by ID. Two queries."""
    completed = select(func.max(Completion.at)).where(
        Completion.member_id == Member.id, Completion.done
    )
    credited = select(func.max(Credit.occurred_on)).where(
        Credit.member_id == Member.id, Credit.withdrawn_at.is_(None)
    )
    query = (
        select(
            Member.id, Member.number, Member.first_name, Member.last_name, Member.region,
            completed.scalar_subquery(), credited.scalar_subquery(),
        )
        .where(Member.id > after, is_counted(), *_conditions(wanted))
        .order_by(Member.id)
        .limit(limit)
    )  # fmt: skip
    rows = session.execute(query).all()
    reached = _furthest(session, wanted.positions, [row[0] for row in rows])
    return [MemberPlace(*row, reached=reached.get(row[0], ())) for row in rows]


def count_places(session: Session, wanted: PlaceFilter) -> dict[str, int]:
    """How many members `members_with_places` would list, by region. One query."""
    query = select(Member.region, func.count()).where(is_counted(), *_conditions(wanted))
    return {row[0]: row[1] for row in session.execute(query.group_by(Member.region))}


def _conditions(wanted: PlaceFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.regions is not None:
        yield Member.region.in_(wanted.regions)
    if wanted.role:
        yield _holds_role(wanted.role, wanted.today)
    if wanted.milestones or wanted.since or wanted.until:
        yield _has_reached(wanted)


def _holds_role(role: str, today: date) -> ColumnElement[bool]:
    return exists().where(
        MemberRole.member_id == Member.id,
        MemberRole.role == role,
        or_(MemberRole.since.is_(None), MemberRole.since <= today),
        or_(MemberRole.until.is_(None), MemberRole.until >= today),
    )


def _has_reached(wanted: PlaceFilter) -> ColumnElement[bool]:
    """SQL condition: a furthest milestone is one of those wanted, and was earned at that time."""
    later = aliased(Award)
    further = exists().where(
        later.member_id == Award.member_id,
        later.curriculum == Award.curriculum,
        later.withdrawn_at.is_(None),
        _position(later, wanted.positions) > _position(Award, wanted.positions),
    )
    conditions = [Award.member_id == Member.id, Award.withdrawn_at.is_(None), ~further]
    conditions.append(_position(Award, wanted.positions) > 0)
    if wanted.milestones:
        conditions.append(Award.curriculum == wanted.curriculum)
        conditions.append(Award.milestone.in_(wanted.milestones))
    if wanted.since:
        conditions.append(Award.at >= wanted.since)
    if wanted.until:
        conditions.append(Award.at < wanted.until)
    return exists().where(*conditions)


def _position(award: type[Award], positions: Mapping[MilestoneKey, int]) -> ColumnElement[int]:
    """SQL: the position of an award's milestone in its curriculum; 0 if it isn't in it any more."""
    known = (
        (and_(award.curriculum == path, award.milestone == key), position)
        for (path, key), position in positions.items()
    )
    return case(*known, else_=0)


def _furthest(
    session: Session, positions: Mapping[MilestoneKey, int], members: Sequence[int]
) -> dict[int, list[Reached]]:
    """The furthest milestone of each member in each curriculum, in the order of `positions`."""
    if not members:
        return {}
    awards = select(Award.member_id, Award.curriculum, Award.milestone, Award.at).where(
        Award.member_id.in_(members), Award.withdrawn_at.is_(None)
    )
    best: defaultdict[int, dict[str, Reached]] = defaultdict(dict)
    for member, path, key, at in session.execute(awards.order_by(Award.at.desc(), Award.id)):
        known = best[member].get(path)
        position = positions.get((path, key), 0)
        if position and (not known or position >= positions[path, known.milestone]):
            best[member][path] = Reached(path, key, at)
    order = list(dict.fromkeys(path for path, _ in positions))
    return {
        member: sorted(paths.values(), key=lambda each: order.index(each.curriculum))
        for member, paths in best.items()
    }
