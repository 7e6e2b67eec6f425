"""Who was let into a milestone and has not earned it since, the longest wait first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Label, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bridge.store.tables.learning import Award, Completion, Enrolment
from bridge.store.tables.members import Member

Key = tuple[str, str]
"""Curriculum and milestone."""


@dataclass(frozen=True, slots=True)
class WaitingMember:
    """`id` is that of the enrolment: later ones are greater. `seen`: the last thing completed."""

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
    milestones: Mapping[Key, str],
    regions: Collection[str] | None,
    limit: int,
    after: int = 0,
) -> list[WaitingMember]:
    """Up to `limit` of those past the enrolment `after`, in these regions (None: in all).

    `milestones`: those that count, each with the key it had before, or ''. One query.
    """
    if not milestones:
        return []
    query = (
        select(
            Enrolment.id, Enrolment.member_id, Member.number, Member.first_name,
            Member.last_name, Member.region, Enrolment.curriculum, Enrolment.milestone,
            Enrolment.wanted_at.label("since"), _seen(),
        )
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.id > after, or_(*map(_is, milestones)))
        .where(Enrolment.earned_at.is_(None), ~_earned(milestones))
        .order_by(Enrolment.id)
        .limit(limit)
    )  # fmt: skip
    if regions is not None:
        # Asked of each enrolment: by the index of regions everybody there would be read first.
        lives = aliased(Member)
        there = exists().where(lives.id == Enrolment.member_id, lives.region.in_(regions))
        query = query.where(there)
    return [WaitingMember(**row._mapping) for row in session.execute(query)]


def _earned(milestones: Mapping[Key, str]) -> ColumnElement[bool]:
    """Whether there is an award, under the key of now or the one before."""
    former = case(
        *((_is(key), previous or key[1]) for key, previous in milestones.items()), else_=""
    )
    return exists().where(
        Award.member_id == Enrolment.member_id,
        Award.curriculum == Enrolment.curriculum,
        or_(Award.milestone == Enrolment.milestone, Award.milestone == former),
    )


def _seen() -> Label[datetime]:
    """When the member last completed something in the curriculum."""
    mine = (
        Completion.member_id == Enrolment.member_id,
        Completion.curriculum == Enrolment.curriculum,
    )
    return select(func.max(Completion.at)).where(*mine).scalar_subquery().label("seen")


def _is(key: Key) -> ColumnElement[bool]:
    return (Enrolment.curriculum == key[0]) & (Enrolment.milestone == key[1])
