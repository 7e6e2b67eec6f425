"""Members working on a milestone they haven't earned yet, longest wait first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import ColumnElement, Label, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from bridge.membership.status import statuses_without
from bridge.store.tables.learning import Award, Completion, Enrolment
from bridge.store.tables.members import Member

MilestoneKey = tuple[str, str]
"""Curriculum and milestone."""
NOT_LEARNING = statuses_without(lambda rights: rights.learns)


@dataclass(frozen=True, slots=True)
class WaitingMember:
    """An open enrolment with its member.

    `id`: the enrolment's ID. `seen`: when they last completed something.
    """

    id: int
    member_id: int
    number: str | None
    first_name: str
    last_name: str
    region: str
    curriculum: str
    milestone: str
    since: datetime
    seen: datetime | None


def waiting_members(
    session: Session,
    milestones: Mapping[MilestoneKey, Sequence[str]],
    regions: Collection[str] | None,
    limit: int,
    after: int = 0,
    *,
    since: datetime,
) -> list[WaitingMember]:
    """Return up to `limit` members who have waited at least since `since`, longest wait first.

    People whose status doesn't let them learn don't wait.

    `milestones`: which to include, each with its former keys. `regions`: None means all.
    `after`: the enrolment's ID in the last row of the page before; 0: from the start. One query.
    """
    if not milestones:
        return []
    query = (
        select(
            Enrolment.id, Enrolment.member_id, Member.number, Member.first_name,
            Member.last_name, Member.region, Enrolment.curriculum, Enrolment.milestone,
            Enrolment.wanted_at.label("since"), _last_completed(),
        )
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.wanted_at <= since, or_(*map(_is_milestone, milestones)))
        .where(Enrolment.earned_at.is_(None), ~_earned(milestones))
        .where(Member.status.not_in(NOT_LEARNING))
        .order_by(Enrolment.wanted_at, Enrolment.id)
        .limit(limit)
    )  # fmt: skip
    if after:
        query = query.where(_comes_after(after))
    if regions is not None:
        # A subquery per enrolment: a join would start at the index of regions and read everyone.
        owner = aliased(Member)
        in_region = exists().where(owner.id == Enrolment.member_id, owner.region.in_(regions))
        query = query.where(in_region)
    return [WaitingMember(**row._mapping) for row in session.execute(query)]


def _comes_after(enrolment: int) -> ColumnElement[bool]:
    """SQL condition: a shorter wait. If that enrolment was erased, the one before it counts."""
    last = aliased(Enrolment)
    waiting_since = (
        select(last.wanted_at)
        .where(last.id <= enrolment)
        .order_by(last.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return tuple_(Enrolment.wanted_at, Enrolment.id) > tuple_(waiting_since, literal(enrolment))


def _earned(milestones: Mapping[MilestoneKey, Sequence[str]]) -> ColumnElement[bool]:
    """SQL condition: the milestone was earned, under its current key or a former one."""
    names = [Enrolment.milestone, *_former_keys(milestones)]
    return exists().where(
        Award.withdrawn_at.is_(None),
        Award.member_id == Enrolment.member_id,
        Award.curriculum == Enrolment.curriculum,
        or_(*(Award.milestone == name for name in names)),
    )


def _former_keys(
    milestones: Mapping[MilestoneKey, Sequence[str]],
) -> Iterator[ColumnElement[str]]:
    """SQL: the first former key of the enrolment's milestone, the second, and so on; '' for none.

    Compared one by one, so that the index of awards is used.
    """
    for each in zip_longest(*milestones.values(), fillvalue=""):
        former = zip(milestones, each, strict=True)
        yield case(*((_is_milestone(key), name) for key, name in former), else_="")


def _last_completed() -> Label[datetime]:
    """SQL: when the member last completed something in the curriculum."""
    same_curriculum = (
        Completion.member_id == Enrolment.member_id,
        Completion.curriculum == Enrolment.curriculum,
    )
    return select(func.max(Completion.at)).where(*same_curriculum).scalar_subquery().label("seen")


def _is_milestone(key: MilestoneKey) -> ColumnElement[bool]:
    return (Enrolment.curriculum == key[0]) & (Enrolment.milestone == key[1])
