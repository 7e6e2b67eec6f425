"""Awards that lack something since a correction, until a person decides whether they stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member
from bridge.store.tables.signoffs import AwardDecision

IS_OPEN = AwardDecision.decided_at.is_(None)


@dataclass(frozen=True, slots=True)
class ListedDecision:
    """An open decision with its member and its milestone. `about`: what was corrected."""

    id: int
    member_id: int
    number: str | None
    first_name: str
    last_name: str
    region: str
    curriculum: str
    milestone: str
    about: str
    reason: str
    raised_by: str
    raised_at: datetime


def raise_for(
    session: Session,
    lacking: Sequence[tuple[Award, str]],
    reason: str,
    actor: str,
    now: datetime,
) -> list[AwardDecision]:
    """Open a decision for each award and what it lacks; return those that are new.

    An award with an open decision gets no other one. Two queries.
    """
    rows = [
        {"award_id": award.id, "member_id": award.member_id, "about": about, "reason": reason,
         "raised_by": actor, "raised_at": now, "answer": "", "note": "", "decided_by": "",
         "decided_at": None}
        for award, about in lacking
    ]  # fmt: skip
    if not rows:
        return []
    insert = insert_into(session, AwardDecision).on_conflict_do_nothing()
    new = session.execute(insert.returning(AwardDecision.id), rows).scalars().all()
    found = select(AwardDecision).where(AwardDecision.id.in_(new)).order_by(AwardDecision.id)
    return list(session.scalars(found))


def find_decision(session: Session, decision_id: int) -> AwardDecision | None:
    """Return a decision, also one that was made."""
    return session.get(AwardDecision, decision_id, populate_existing=True)


def open_of(session: Session, member_ids: Collection[int]) -> list[AwardDecision]:
    """Return the open decisions about these members. One query."""
    query = select(AwardDecision).where(AwardDecision.member_id.in_(member_ids), IS_OPEN)
    return list(session.scalars(query.order_by(AwardDecision.id)))


def decisions_of(session: Session, member_id: int) -> list[AwardDecision]:
    """Return all decisions about a member, oldest first. One query."""
    query = select(AwardDecision).where(AwardDecision.member_id == member_id)
    return list(session.scalars(query.order_by(AwardDecision.id)))


def close(
    session: Session,
    decision_ids: Collection[int],
    answer: str,
    note: str,
    actor: str,
    now: datetime,
) -> list[int]:
    """Answer open decisions; return the IDs of those that were open until now. One query."""
    if not decision_ids:
        return []
    closed = (
        update(AwardDecision)
        .where(AwardDecision.id.in_(decision_ids), IS_OPEN)
        .values(answer=answer, note=note, decided_by=actor, decided_at=now)
        .returning(AwardDecision.id)
    )
    return list(session.scalars(closed))


def close_of_award(
    session: Session, award_id: int, note: str, actor: str, now: datetime
) -> list[int]:
    """The award was withdrawn: its open decision is made. One query."""
    query = select(AwardDecision.id).where(AwardDecision.award_id == award_id, IS_OPEN)
    return close(session, session.scalars(query).all(), "withdraw", note, actor, now)


def count_open(session: Session, without: Collection[int] = ()) -> int:
    """How many decisions are open. `without`: members that don't count. One query."""
    query = select(func.count()).select_from(AwardDecision).where(IS_OPEN)
    return session.scalar(query.where(AwardDecision.member_id.not_in(without))) or 0


def list_open(
    session: Session, limit: int, after: int = 0, regions: Collection[str] | None = None
) -> list[ListedDecision]:
    """Return up to `limit` open decisions with IDs above `after`. One query."""
    query = (
        select(
            AwardDecision.id, AwardDecision.member_id, Member.number, Member.first_name,
            Member.last_name, Member.region, Award.curriculum, Award.milestone,
            AwardDecision.about, AwardDecision.reason, AwardDecision.raised_by,
            AwardDecision.raised_at,
        )
        .join(Award, Award.id == AwardDecision.award_id)
        .join(Member, Member.id == AwardDecision.member_id)
        .where(IS_OPEN, AwardDecision.id > after)
    )  # fmt: skip
    if regions is not None:
        query = query.where(Member.region.in_(regions))
    rows = session.execute(query.order_by(AwardDecision.id).limit(limit))
    return [ListedDecision(**row._mapping) for row in rows]
