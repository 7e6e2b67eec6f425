"""Whether a member belongs to an audience, by what is stored about them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.audience import EVERYONE, Audience, MemberFacts
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.facts import CreditKind
from bridge.progress import milestone_renames_of
from bridge.store.learning.awards import awards_of
from bridge.store.learning.credits import counts_in
from bridge.store.members.queries import members_by_ids
from bridge.store.members.roles import roles_of
from bridge.store.tables.learning import Credit


def is_for(
    session: Session, member_id: int, curriculum: Curriculum, audience: Audience, today: date
) -> bool:
    """Whether something in a curriculum is for this member. At most four queries."""
    if audience == EVERYONE:
        return True
    facts = _facts(session, member_id, curriculum, today)
    return facts is not None and audience.matches(facts)


def _facts(
    session: Session, member_id: int, curriculum: Curriculum, today: date
) -> MemberFacts | None:
    member = members_by_ids(session, [member_id]).get(member_id)
    if member is None:
        return None
    stored = roles_of(session, [member_id]).get(member_id, [])
    return MemberFacts(
        status=member.status,
        unit=member.unit,
        region=member.region,
        roles=tuple(each.held for each in stored if each.held.is_held(today)),
        milestones=_milestones(session, member_id, curriculum),
        programs=_programs(session, member_id, curriculum, today),
    )


def _milestones(session: Session, member_id: int, curriculum: Curriculum) -> frozenset[str]:
    """The milestones earned, by their current keys."""
    renamed = milestone_renames_of(curriculum)
    keys = (
        each.milestone
        for each in awards_of(session, member_id)
        if each.curriculum == curriculum.key
    )
    return frozenset(renamed.get(key, key) for key in keys)


def _programs(
    session: Session, member_id: int, curriculum: Curriculum, today: date
) -> frozenset[str]:
    """The programmes completed, and the mentoring programmes of which a part is."""
    kinds: tuple[CreditKind, ...] = ("program", "mentoring")
    valid = or_(Credit.valid_until.is_(None), Credit.valid_until >= today)
    mine = (Credit.member_id == member_id, Credit.kind.in_(kinds), valid)
    keys = session.scalars(select(Credit.key).where(*mine, *counts_in(curriculum.key)))
    return frozenset(key.partition("/")[0] for key in keys)
