"""Counts for the weekly digest: new members, awards and waiting members by region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from bridge.store.learning.milestone_renames import (
    CurrentKeys,
    MilestoneKey,
    current_key_expression,
)
from bridge.store.learning.waiting_members import NOT_LEARNING
from bridge.store.statistics.regions import is_counted
from bridge.store.tables.learning import Award, Enrolment
from bridge.store.tables.members import Member


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many members are working on a milestone; `since`: the longest wait."""

    people: int
    since: datetime


def count_new_members(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """Count members (see `is_counted`) by region that joined from `since` to before `until`.

    One query.
    """
    within = and_(Member.created_at >= since, Member.created_at < until, is_counted())
    people = func.count().label("people")
    query = select(Member.region, people).where(within).group_by(Member.region)
    return {row.region: row.people for row in session.execute(query)}


def count_new_awards(
    session: Session, since: datetime, until: datetime, renamed: CurrentKeys
) -> dict[tuple[str, MilestoneKey], int]:
    """Count awards by region and milestone (current key) in that time. One query."""
    milestone = current_key_expression(Award.curriculum, Award.milestone, renamed).label("now")
    query = (
        select(Member.region, Award.curriculum, milestone, func.count())
        .join(Member, Member.id == Award.member_id)
        .where(Award.at >= since, Award.at < until, Award.withdrawn_at.is_(None))
        .group_by(Member.region, Award.curriculum, milestone)
    )
    return {(region, (path, key)): n for region, path, key, n in session.execute(query)}


def count_waiting_members(
    session: Session, renamed: CurrentKeys
) -> dict[tuple[str, MilestoneKey], WaitingCount]:
    """Count waiting members by region and milestone (current key). One query."""
    milestone = current_key_expression(Enrolment.curriculum, Enrolment.milestone, renamed)
    earned = exists().where(
        Award.withdrawn_at.is_(None),
        Award.member_id == Enrolment.member_id,
        Award.curriculum == Enrolment.curriculum,
        current_key_expression(Award.curriculum, Award.milestone, renamed) == milestone,
    )
    label = milestone.label("now")
    people = func.count(Enrolment.member_id.distinct())
    query = (
        select(Member.region, Enrolment.curriculum, label, people, func.min(Enrolment.wanted_at))
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.earned_at.is_(None), ~earned, Member.status.not_in(NOT_LEARNING))
        .group_by(Member.region, Enrolment.curriculum, label)
    )
    rows = session.execute(query)
    return {(region, (path, key)): WaitingCount(n, since) for region, path, key, n, since in rows}
