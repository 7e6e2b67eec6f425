"""Which awards a person must decide about when a credit or a role is corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.credited import Credited, evidence_key, months_before
from bridge.curriculum.requirements.requirement import with_parts
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.membership.roles import HeldRole, held_on
from bridge.progress import milestone_renames
from bridge.store.learning import awards, credits
from bridge.store.tables.learning import Award, Credit


def dependent_awards(
    session: Session, curricula: Sequence[Curriculum], credit: Credit, now: datetime
) -> list[Award]:
    """The awards that would lack a credit if it were withdrawn, oldest first. Two queries.

    `now`: in the union's time zone.
    """
    return dependents(session, curricula, [credit], now)[credit.id]


def dependents(
    session: Session, curricula: Sequence[Curriculum], withdrawn: Sequence[Credit], now: datetime
) -> dict[int, list[Award]]:
    """The same for each of these credits, by ID; all of them would be withdrawn. Two queries."""
    members = {each.member_id for each in withdrawn}
    gone = {each.id for each in withdrawn}
    others, earned = defaultdict(list), defaultdict(list)
    for credit in credits.credits_of_members(session, members):
        if credit.id not in gone:
            others[credit.member_id].append(credit)
    for award in awards.current_awards(session, members):
        earned[award.member_id].append(award)
    return {
        each.id: depending_on(each, others[each.member_id], earned[each.member_id], curricula, now)
        for each in withdrawn
    }


def depending_on(
    credit: Credit,
    all_credits: Iterable[Credit],
    earned: Sequence[Award],
    curricula: Sequence[Curriculum],
    now: datetime,
) -> list[Award]:
    """Those of the awards whose evidence has the credit, and no other one takes its place.

    Another credit takes its place if it met the requirement on the day of the award, or meets it
    now. `all_credits`: of the same member, with or without `credit` itself.
    """
    others = [
        each
        for each in all_credits
        if each.id != credit.id
        and each.withdrawn_at is None
        and (each.kind, each.key) == (credit.kind, credit.key)
    ]
    return [
        award
        for award in earned
        if _counts_for(credit, award)
        and _is_evidence(credit, award)
        and not any(_replaces(other, award, curricula, now) for other in others)
    ]


def depending_on_role(
    role: str,
    before: Sequence[HeldRole],
    after: Sequence[HeldRole],
    earned: Iterable[Award],
    now: datetime,
) -> list[Award]:
    """Those of the awards whose evidence has the role, and the member no longer held it then.

    `before` and `after`: all roles of the member. A role that is held today is enough.
    """
    return [
        award
        for award in earned
        if _has(award, HasRole.evidence, role)
        and _held(role, before, award, now)
        and not _held(role, after, award, now)
    ]


def about_credit(credit: Credit) -> str:
    """What a decision is about, such as `signoff:walk`."""
    return evidence_key(credit.kind, credit.key)


def about_role(role: str) -> str:
    """What a decision is about: `role:steward`."""
    return evidence_key(HasRole.kind, role)


def lacks(
    award: Award,
    about: str,
    credited: Iterable[Credit],
    roles: Sequence[HeldRole],
    curricula: Sequence[Curriculum],
    now: datetime,
) -> bool:
    """Whether the award lacks what a decision is about. `credited` and `roles`: the member's."""
    kind, _, key = about.partition(":")
    if kind == HasRole.kind:
        return not _held(key, roles, award, now)
    return not any(
        (each.kind, each.key) == (kind, key)
        and each.withdrawn_at is None
        and _replaces(each, award, curricula, now)
        for each in credited
    )


def _held(role: str, roles: Sequence[HeldRole], award: Award, now: datetime) -> bool:
    days = (award.at.astimezone(now.tzinfo).date(), now.date())
    return any(role in held_on(roles, day) for day in days)


def _counts_for(credit: Credit, award: Award) -> bool:
    return credit.curriculum in (credits.EVERY_CURRICULUM, award.curriculum)


def _is_evidence(credit: Credit, award: Award) -> bool:
    name, key = Credited.evidence, evidence_key(credit.kind, credit.key)
    if credit.kind == "signoff":
        name, key = SignedOff.evidence, credit.key
    return _has(award, name, key)


def _has(award: Award, name: str, key: str) -> bool:
    stored = award.evidence.get(name)
    return isinstance(stored, list) and key in stored


def _replaces(credit: Credit, award: Award, curricula: Sequence[Curriculum], now: datetime) -> bool:
    """Whether the award would have been made with this credit, or would be now."""
    if not _counts_for(credit, award):
        return False
    days = (award.at.astimezone(now.tzinfo).date(), now.date())
    within = _within(credit, award, curricula)
    return any(_is_valid_on(credit, day, within) for day in days)


def _is_valid_on(credit: Credit, day: date, within: int) -> bool:
    first = months_before(day, within) if within else date.min
    return first <= credit.occurred_on <= day <= (credit.valid_until or date.max)


def _within(credit: Credit, award: Award, curricula: Sequence[Curriculum]) -> int:
    """How many months old the award's milestone lets the credit be: the strictest; 0 for any."""
    renames = milestone_renames(curricula)
    key = renames.get((award.curriculum, award.milestone), award.milestone)
    limits = {
        each.within
        for curriculum in curricula
        if curriculum.key == award.curriculum and (milestone := curriculum.milestone(key))
        for each in with_parts(milestone.requirements)
        if isinstance(each, Credited) and (each.credit, each.key) == (credit.kind, credit.key)
    }
    return min(limits - {0}, default=0)
