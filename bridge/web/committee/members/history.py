"""A member's history: milestones with their evidence, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.register import KIND_BY_EVIDENCE
from bridge.curriculum.requirements.requirement import Names
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.progress import apply_renames, evaluate, milestone_renames_of, missing
from bridge.store.delivery import delivery_queries
from bridge.store.learning import awards, completions, signoffs
from bridge.store.learning.member_progress import facts_of
from bridge.store.members.role_changes import StoredRole
from bridge.store.members.roles import roles_of
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Award, Completion, Signoff
from bridge.store.tables.members import Member
from bridge.web.layout.translation import translated_text


@dataclass(frozen=True, slots=True)
class MilestoneHistory:
    """A milestone. `state`: `done`, `now` (the member may work on it) or `later`."""

    title: str
    state: str
    at: datetime | None
    revision: str
    evidence: Sequence[str]
    missing: Sequence[str]
    address: str = ""
    note: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class CurriculumHistory:
    title: str
    milestones: Sequence[MilestoneHistory]
    other: Sequence[tuple[str, datetime]]
    """Keys and dates of earned milestones that the curriculum no longer has."""


@dataclass(frozen=True, slots=True)
class CompletedActivity:
    """An activity as Moodle last reported it. `grade`: in percent."""

    title: str
    done: bool
    grade: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    member: Member
    curricula: Sequence[CurriculumHistory]
    activities: Sequence[CompletedActivity]
    signoffs: Sequence[tuple[str, Signoff]]
    deliveries: Sequence[Delivery]
    roles: Sequence[StoredRole]
    open_signoffs: Mapping[str, str]
    """Keys and titles of requirements that aren't signed off yet."""


def read_history(
    session: Session,
    curricula: Sequence[Curriculum],
    member: Member,
    language: str,
    today: date,
) -> History:
    """Everything the committee sees about a member. Five queries, and five per curriculum."""
    names = {curriculum.key: names_of(curriculum, language) for curriculum in curricula}
    earned = awards.awards_of(session, member.id)
    signed = signoffs.signoffs_of(session, member.id)
    titles = {key: SignedOff.name_of(key, each) for each in names.values() for key in each.signoffs}
    signed_keys = {each.requirement for each in signed}
    histories = [
        _curriculum_history(session, each, member, names[each.key], earned, language, today)
        for each in curricula
    ]
    return History(
        member,
        histories,
        [
            _completed_activity(each, names)
            for each in completions.completions_of(session, member.id)
        ],
        [(titles.get(each.requirement, each.requirement), each) for each in signed],
        delivery_queries.deliveries_of(session, member.id),
        roles_of(session, [member.id]).get(member.id, []),
        {key: title for key, title in titles.items() if key not in signed_keys},
    )


def _curriculum_history(
    session: Session,
    curriculum: Curriculum,
    member: Member,
    names: Names,
    awarded: Sequence[Award],
    language: str,
    today: date,
) -> CurriculumHistory:
    renames = milestone_renames_of(curriculum)
    recorded = facts_of(session, curriculum.key, [member.id], today)[member.id]
    facts = apply_renames(curriculum)(recorded)
    progress = evaluate(curriculum, facts)
    earned = {renames.get(a.milestone, a.milestone): a for a in awarded if _of(a, curriculum)}
    milestones = []
    for milestone in curriculum.milestones:
        award = earned.pop(milestone.key, None)
        done = milestone.key in progress.earned
        state = "done" if done else "now" if milestone.key in progress.entered else "later"
        unmet = missing(milestone, facts) if state == "now" else ()
        milestones.append(
            MilestoneHistory(
                milestone.title.pick(language),
                state,
                award.at if award else None,
                award.revision[:8] if award else "",
                list(_evidence(award, names)) if award else [],
                [translated_text(describe(each, names)) for each in unmet],
            )
        )
    return CurriculumHistory(
        curriculum.title.pick(language), milestones, [(key, a.at) for key, a in earned.items()]
    )


def _of(award: Award, curriculum: Curriculum) -> bool:
    return award.curriculum == curriculum.key


def _evidence(award: Award, names: Names) -> Iterator[str]:
    """The evidence of an award, in words."""
    for name, kind in KIND_BY_EVIDENCE.items():
        keys = award.evidence.get(name)
        for key in keys if isinstance(keys, list) else ():
            yield translated_text(kind.name_of(str(key), names))


def _completed_activity(each: Completion, names: Mapping[str, Names]) -> CompletedActivity:
    known = names.get(each.curriculum)
    title = ActivityDone.name_of(each.activity, known) if known else each.activity
    return CompletedActivity(title, each.done, each.grade, each.at)
