"""What happened in each region within some days, and who waits: counts, and no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from bridge.store.learning.milestone_renames import Key, Renamed, current_key_expression
from bridge.store.tables.learning import Award, Enrolment
from bridge.store.tables.members import Member


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """So many people were let into a milestone and have not reached it; the first one since."""

    people: int
    since: datetime


def joined(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """Members by region that became known from `since` to before `until`. One query."""
    within = and_(Member.created_at >= since, Member.created_at < until)
    people = func.count().label("people")
    query = select(Member.region, people).where(within).group_by(Member.region)
    return {row.region: row.people for row in session.execute(query)}


def reached(
    session: Session, since: datetime, until: datetime, renamed: Renamed
) -> dict[tuple[str, Key], int]:
    """Awards by region and milestone (its key of now) in that time. One query."""
    milestone = current_key_expression(Award.curriculum, Award.milestone, renamed).label("now")
    query = (
        select(Member.region, Award.curriculum, milestone, func.count())
        .join(Member, Member.id == Award.member_id)
        .where(Award.at >= since, Award.at < until)
        .group_by(Member.region, Award.curriculum, milestone)
    )
    return {(region, (path, key)): n for region, path, key, n in session.execute(query)}


def waiting(session: Session, renamed: Renamed) -> dict[tuple[str, Key], WaitingCount]:
    """Who waits, by region and milestone (its key of now). One query."""
    milestone = current_key_expression(Enrolment.curriculum, Enrolment.milestone, renamed)
    earned = exists().where(
        Award.member_id == Enrolment.member_id,
        Award.curriculum == Enrolment.curriculum,
        current_key_expression(Award.curriculum, Award.milestone, renamed) == milestone,
    )
    shown = milestone.label("now")
    people = func.count(Enrolment.member_id.distinct())
    query = (
        select(Member.region, Enrolment.curriculum, shown, people, func.min(Enrolment.wanted_at))
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.earned_at.is_(None), ~earned)
        .group_by(Member.region, Enrolment.curriculum, shown)
    )
    rows = session.execute(query)
    return {(region, (path, key)): WaitingCount(n, since) for region, path, key, n, since in rows}
