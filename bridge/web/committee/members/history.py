"""One member's way so far: what was earned on which evidence, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.progress import apply_renames, evaluate, milestone_renames_of, missing
from bridge.store.delivery import delivery_queries
from bridge.store.learning import awards, completions, signoffs
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Award, Completion, Signoff
from bridge.store.tables.members import Member
from bridge.web.committee.members.labels import RequirementLabels
from bridge.web.layout.formatting import role


@dataclass(frozen=True, slots=True)
class MilestoneHistory:
    """One milestone. `state`: done, now (they may work on it) or later."""

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
    steps: Sequence[MilestoneHistory]
    other: Sequence[tuple[str, datetime]]
    """Awards of milestones that the curriculum no longer has."""


@dataclass(frozen=True, slots=True)
class CompletedActivity:
    """An activity as Moodle last said."""

    title: str
    done: bool
    grade: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    member: Member
    paths: Sequence[CurriculumHistory]
    activities: Sequence[CompletedActivity]
    signoffs: Sequence[tuple[str, Signoff]]
    deliveries: Sequence[Delivery]
    open_signoffs: Mapping[str, str]
    """What can still be signed off, with its title."""


def read_history(
    session: Session, curricula: Sequence[Curriculum], member: Member, language: str
) -> History:
    """Everything the committee sees of a member. Four queries, and four a curriculum."""
    words = {curriculum.key: RequirementLabels(curriculum, language) for curriculum in curricula}
    earned = awards.awards_of(session, member.id)
    signed = signoffs.signoffs_of(session, member.id)
    titles = {key: title for each in words.values() for key, title in each.signoffs.items()}
    known = {each.requirement for each in signed}
    paths = [_path(session, each, member, words[each.key], earned, language) for each in curricula]
    return History(
        member,
        paths,
        [_done(each, words) for each in completions.completions_of(session, member.id)],
        [(titles.get(each.requirement, each.requirement), each) for each in signed],
        delivery_queries.deliveries_of(session, member.id),
        {key: title for key, title in titles.items() if key not in known},
    )


def _path(
    session: Session,
    curriculum: Curriculum,
    member: Member,
    words: RequirementLabels,
    awarded: Sequence[Award],
    language: str,
) -> CurriculumHistory:
    former = milestone_renames_of(curriculum)
    known = completions.facts_of(session, curriculum.key, [member.id])[member.id]
    facts = apply_renames(curriculum)(known)
    progress = evaluate(curriculum, facts)
    earned = {former.get(a.milestone, a.milestone): a for a in awarded if _of(a, curriculum)}
    steps = []
    for milestone in curriculum.milestones:
        award = earned.pop(milestone.key, None)
        done = milestone.key in progress.earned
        state = "done" if done else "now" if milestone.key in progress.entered else "later"
        lacks = missing(milestone, facts) if state == "now" else ()
        steps.append(
            MilestoneHistory(
                milestone.title.pick(language),
                state,
                award.at if award else None,
                award.revision[:8] if award else "",
                list(_evidence(award, words)) if award else [],
                [words.of(each) for each in lacks],
            )
        )
    return CurriculumHistory(
        curriculum.title.pick(language), steps, [(key, a.at) for key, a in earned.items()]
    )


def _of(award: Award, curriculum: Curriculum) -> bool:
    return award.curriculum == curriculum.key


def _evidence(award: Award, words: RequirementLabels) -> Iterator[str]:
    """What an award rests on, in words."""
    kinds: dict[str, Callable[[str], str]] = {
        "activities": words.activity,
        "signoffs": words.signoff,
        "role": role,
    }
    for kind, speak in kinds.items():
        found = award.evidence.get(kind)
        for key in found if isinstance(found, list) else ():
            yield speak(str(key))


def _done(each: Completion, words: Mapping[str, RequirementLabels]) -> CompletedActivity:
    spoken = words.get(each.curriculum)
    title = spoken.activity(each.activity) if spoken else each.activity
    return CompletedActivity(title, each.done, each.grade, each.at)
