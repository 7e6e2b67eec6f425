"""The audit log as people read it, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bridge.store.tables import Audit, Award, Member


@dataclass(frozen=True, slots=True)
class Wanted:
    """`regions`: lines about members of these, None is every line. `curriculum` and
    `milestones`: lines about members who have earned one of these keys."""

    member_id: int | None = None
    action: str = ""
    regions: Collection[str] | None = None
    curriculum: str = ""
    milestones: Collection[str] = ()


EVERYTHING = Wanted()


def entries(
    session: Session, limit: int, wanted: Wanted = EVERYTHING, *, before: int | None = None
) -> list[Audit]:
    """Up to `limit` lines older than the line `before`. One query."""
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Audit.id < before)
    if wanted.member_id is not None:
        query = query.where(Audit.member_id == wanted.member_id)
    if wanted.action:
        query = query.where(Audit.action == wanted.action)
    if wanted.regions is not None:
        lives = exists().where(Member.id == Audit.member_id, Member.region.in_(wanted.regions))
        query = query.where(lives)
    if wanted.milestones:
        earned = exists().where(
            Award.member_id == Audit.member_id,
            Award.curriculum == wanted.curriculum,
            Award.milestone.in_(wanted.milestones),
        )
        query = query.where(earned)
    return list(session.scalars(query))
