"""Whether a member belongs to an audience, by what is stored about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.audience import EVERYONE, Audience, MemberFacts
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.facts import CreditKind
from bridge.progress import milestone_renames_of
from bridge.store.learning.awards import milestones_of
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
    facts = _facts(session, [member_id], curriculum, today).get(member_id)
    return facts is not None and audience.matches(facts)


def matching(
    session: Session,
    member_ids: Collection[int],
    curriculum: Curriculum,
    audience: Audience,
    today: date,
) -> list[int]:
    """Those of these members that something in a curriculum is for. Four queries."""
    facts = _facts(session, member_ids, curriculum, today)
    return [each for each in member_ids if each in facts and audience.matches(facts[each])]


def _facts(
    session: Session, member_ids: Collection[int], curriculum: Curriculum, today: date
) -> dict[int, MemberFacts]:
    stored = roles_of(session, member_ids)
    milestones = _milestones(session, member_ids, curriculum)
    programs = _programs(session, member_ids, curriculum, today)
    return {
        number: MemberFacts(
            status=member.status,
            unit=member.unit,
            region=member.region,
            roles=tuple(each.held for each in stored.get(number, ()) if each.held.is_held(today)),
            milestones=frozenset(milestones[number]),
            programs=frozenset(programs[number]),
        )
        for number, member in members_by_ids(session, member_ids).items()
    }


def _milestones(
    session: Session, member_ids: Collection[int], curriculum: Curriculum
) -> defaultdict[int, set[str]]:
    """The milestones that each has earned, by their current keys."""
    renamed = milestone_renames_of(curriculum)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for member, key in milestones_of(session, member_ids, curriculum.key):
        found[member].add(renamed.get(key, key))
    return found


def _programs(
    session: Session, member_ids: Collection[int], curriculum: Curriculum, today: date
) -> defaultdict[int, set[str]]:
    """The programmes that each has completed, and the mentoring programmes of which a part is."""
    kinds: tuple[CreditKind, ...] = ("program", "mentoring")
    valid = or_(Credit.valid_until.is_(None), Credit.valid_until >= today)
    mine = (Credit.member_id.in_(member_ids), Credit.kind.in_(kinds), valid)
    query = select(Credit.member_id, Credit.key).where(*mine, *counts_in(curriculum.key))
    found: defaultdict[int, set[str]] = defaultdict(set)
    for member, key in session.execute(query):
        found[member].add(key.partition("/")[0])
    return found
