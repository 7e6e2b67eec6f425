"""Members working on a milestone they haven't earned yet, longest wait first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Label,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from bridge.membership.status import statuses_without
from bridge.store.learning.reminders import not_reminded_since
from bridge.store.tables.learning import Award, Completion, Enrolment, Reminder
from bridge.store.tables.members import Member

MilestoneKey = tuple[str, str]
"""Curriculum and milestone."""
NOT_LEARNING = statuses_without(lambda rights: rights.learns)


@dataclass(frozen=True, slots=True)
class WaitingMember:
    """An open enrolment with its member.

    `id`: the enrolment's ID. `seen`: when they last completed something. `reminded`: when they got
    the latest reminder, about any milestone.
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
    reminded: datetime | None


@dataclass(frozen=True, slots=True)
class _Course:
    """The course of a milestone. `keys`: of the milestone, the current one and former ones."""

    curriculum: str
    keys: Sequence[str]

    def has(self, enrolment: type[Enrolment]) -> ColumnElement[bool]:
        """SQL condition: an enrolment is in this course."""
        keys = (enrolment.milestone == key for key in self.keys)
        return and_(enrolment.curriculum == self.curriculum, or_(*keys))


def waiting_members(
    session: Session,
    milestones: Mapping[MilestoneKey, Sequence[str]],
    regions: Collection[str] | None,
    limit: int,
    after: int = 0,
    *,
    since: datetime,
    enrolments: Collection[int] | None = None,
    not_reminded: datetime | None = None,
) -> list[WaitingMember]:
    """Return up to `limit` members who have waited at least since `since`, longest wait first.

    People whose status doesn't let them learn don't wait.

    `milestones`: which to include, each with its former keys. `regions`: None means all.
    `after`: the enrolment's ID in the last row of the page before; 0: from the start.
    `enrolments`: only these. `not_reminded`: only members who had no reminder since. One query.
    """
    if not milestones:
        return []
    courses = [_Course(path, (key, *former)) for (path, key), former in milestones.items()]
    query = (
        select(
            Enrolment.id, Enrolment.member_id, Member.number, Member.first_name,
            Member.last_name, Member.region, Enrolment.curriculum, _current_key(courses),
            Enrolment.wanted_at.label("since"), _last_completed(), _last_reminded(),
        )
        .join(Member, Member.id == Enrolment.member_id)
        .where(*_waits(courses, since), *_chosen(enrolments, not_reminded))
        .order_by(Enrolment.wanted_at, Enrolment.id)
        .limit(limit)
    )  # fmt: skip
    if after:
        query = query.where(_comes_after(after))
    if regions is not None:
        query = query.where(_is_in(regions))
    return [WaitingMember(**row._mapping) for row in session.execute(query)]


def count_waiting(
    session: Session,
    milestones: Mapping[MilestoneKey, Sequence[str]],
    regions: Collection[str] | None,
    *,
    since: datetime,
) -> dict[str, int]:
    """How many members `waiting_members` would list, by region. One query."""
    if not milestones:
        return {}
    courses = [_Course(path, (key, *former)) for (path, key), former in milestones.items()]
    query = (
        select(Member.region, func.count(Enrolment.member_id.distinct()))
        .join(Member, Member.id == Enrolment.member_id)
        .where(*_waits(courses, since))
        .group_by(Member.region)
    )
    if regions is not None:
        query = query.where(Member.region.in_(regions))
    return {row[0]: row[1] for row in session.execute(query)}


def _waits(courses: Sequence[_Course], since: datetime) -> Iterator[ColumnElement[bool]]:
    """SQL conditions: an enrolment in one of these courses, of a member who still learns, that was
    wanted by then and not earned.
    """
    yield Enrolment.wanted_at <= since
    yield or_(*(each.has(Enrolment) for each in courses))
    yield Enrolment.earned_at.is_(None)
    yield ~_earned(courses)
    yield ~_is_repeated(courses)
    yield Member.status.not_in(NOT_LEARNING)


def _chosen(
    enrolments: Collection[int] | None, not_reminded: datetime | None
) -> Iterator[ColumnElement[bool]]:
    """SQL conditions: only these enrolments, and members who had no reminder since."""
    if enrolments is not None:
        yield Enrolment.id.in_(enrolments)
    if not_reminded is not None:
        yield not_reminded_since(not_reminded)


def _is_in(regions: Collection[str]) -> ColumnElement[bool]:
    """SQL condition: the member is in one of the regions.

    A subquery per enrolment: a join would start at the index of regions and read everyone.
    """
    owner = aliased(Member)
    return exists().where(owner.id == Enrolment.member_id, owner.region.in_(regions))


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


def _earned(courses: Sequence[_Course]) -> ColumnElement[bool]:
    """SQL condition: the milestone was earned, under any of its keys."""
    return exists().where(
        Award.withdrawn_at.is_(None),
        Award.member_id == Enrolment.member_id,
        Award.curriculum == Enrolment.curriculum,
        or_(*(Award.milestone == key for key in _keys_of_milestone(courses))),
    )


def _is_repeated(courses: Sequence[_Course]) -> ColumnElement[bool]:
    """SQL condition: an earlier enrolment of the member is in the same course, under another key.

    Earlier releases stored one after each rename.
    """
    renamed = [each for each in courses if each.keys[1:]]
    if not renamed:
        return false()
    other = aliased(Enrolment)
    return exists().where(
        other.member_id == Enrolment.member_id,
        other.id < Enrolment.id,
        or_(*(and_(each.has(Enrolment), each.has(other)) for each in renamed)),
    )


def _keys_of_milestone(courses: Sequence[_Course]) -> Iterator[ColumnElement[str]]:
    """SQL: the key of the enrolment's milestone, its first former key, and so on; '' for none.

    Compared one by one, so that the index of awards is used.
    """
    for place in range(max(len(each.keys) for each in courses)):
        yield _key_in_use(courses, place)


def _current_key(courses: Sequence[_Course]) -> Label[str]:
    return _key_in_use(courses, 0).label("milestone")


def _key_in_use(courses: Sequence[_Course], place: int) -> ColumnElement[str]:
    """SQL: one of the keys of the enrolment's milestone, where 0 is the current one."""
    if not any(each.keys[1:] for each in courses):
        return Enrolment.milestone.expression
    keys = ((each.has(Enrolment), (*each.keys, *[""] * place)[place]) for each in courses)
    return case(*keys, else_="")


def _last_completed() -> Label[datetime]:
    """SQL: when the member last completed something in the curriculum."""
    same_curriculum = (
        Completion.member_id == Enrolment.member_id,
        Completion.curriculum == Enrolment.curriculum,
    )
    return select(func.max(Completion.at)).where(*same_curriculum).scalar_subquery().label("seen")


def _last_reminded() -> Label[datetime]:
    """SQL: when the member got the latest reminder."""
    mine = select(func.max(Reminder.sent_at)).where(Reminder.member_id == Enrolment.member_id)
    return mine.scalar_subquery().label("reminded")
