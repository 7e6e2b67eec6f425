"""How many members meet each expectation, by region: counted by a job and saved as one row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    func,
    literal_column,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.learning import credits
from bridge.store.statistics.regions import is_counted
from bridge.store.tables.learning import Award, Completion, Credit, Enrolment
from bridge.store.tables.members import Member
from bridge.store.tables.statistics import SavedStatistics

NAME = "coverage"

GroupKey = tuple[str, str, str]
"""Curriculum, milestone, and what shows that a member meets an expectation; '' for everyone."""


@dataclass(frozen=True, slots=True)
class Group:
    """Members of a milestone to count: all, or those who meet an expectation.

    `milestones`: its current key and former ones. `activities`, `signoffs` and `sessions`: one of
    them shows that a member meets it, by current and former keys; all empty for everyone.
    """

    key: GroupKey
    milestones: Sequence[str]
    activities: Collection[str] = ()
    signoffs: Collection[str] = ()
    sessions: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class CoverageCounts:
    """Saved counts: how many members of each region are in a group. No personal data."""

    counted_at: datetime
    people: Mapping[GroupKey, Mapping[str, int]]


def count_coverage(session: Session, groups: Iterable[Group], now: datetime) -> CoverageCounts:
    """Count the members of each group by region. One query."""
    known = list({each.key: each for each in groups}.values())
    people: dict[GroupKey, dict[str, int]] = {each.key: {} for each in known}
    if known:
        queries = (_members(place, each, now.date()) for place, each in enumerate(known))
        for place, region, count in session.execute(union_all(*queries)):
            people[known[place].key][region] = count
    return CoverageCounts(now, people)


def save_coverage(session: Session, counts: CoverageCounts) -> None:
    """Save the counts, unless newer ones are already saved."""
    insert = insert_into(session, SavedStatistics)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"counted_at": new.counted_at, "counts": new.counts},
        where=SavedStatistics.counted_at <= new.counted_at,
    )
    saved = {"people": [[*key, regions] for key, regions in counts.people.items()]}
    row = {"name": NAME, "counted_at": counts.counted_at, "seconds": 0.0, "counts": saved}
    session.execute(statement, [row])


def saved_coverage(session: Session) -> CoverageCounts | None:
    """Return the saved counts, None if none were saved yet. One query."""
    row = session.get(SavedStatistics, NAME)
    if row is None:
        return None
    saved = cast(dict[str, Any], row.counts)["people"]
    people = {(path, milestone, shown): regions for path, milestone, shown, regions in saved}
    return CoverageCounts(row.counted_at, people)


def _members(place: int, group: Group, today: date) -> Select[int, str, int]:
    """SQL: the number of the group, and its members by region."""
    number: ColumnElement[int] = literal_column(str(place))
    conditions = [is_counted(), Member.id.in_(_reached(group))]
    if group.activities or group.signoffs or group.sessions:
        conditions.append(Member.id.in_(_meeting(group, today)))
    query = select(number, Member.region, func.count())
    return query.where(*conditions).group_by(Member.region)


def _reached(group: Group) -> CompoundSelect[int]:
    """SQL: members who were enrolled in the milestone, or have earned it."""
    path = group.key[0]
    return union(
        select(Enrolment.member_id).where(
            Enrolment.curriculum == path, Enrolment.milestone.in_(group.milestones)
        ),
        select(Award.member_id).where(
            Award.curriculum == path,
            Award.milestone.in_(group.milestones),
            Award.withdrawn_at.is_(None),
        ),
    )


def _meeting(group: Group, today: date) -> CompoundSelect[int]:
    """SQL: members who have completed one of the activities, or have one of the credits."""
    path = group.key[0]
    wanted = (("signoff", group.signoffs), ("session", group.sessions))
    kinds = [(Credit.kind == kind) & Credit.key.in_(keys) for kind, keys in wanted]
    return union(
        select(Completion.member_id).where(
            Completion.curriculum == path,
            Completion.activity.in_(group.activities),
            Completion.done,
        ),
        select(Credit.member_id).where(
            or_(*kinds),
            or_(Credit.valid_until.is_(None), Credit.valid_until >= today),
            *credits.counts_in(path),
        ),
    )
