"""A member's history: milestones with their evidence, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.register import KIND_BY_EVIDENCE
from bridge.curriculum.requirements.requirement import Names
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.features.credits import credit_titles
from bridge.foundations.feature import Context, Feature
from bridge.progress import (
    Facts,
    Progress,
    apply_renames,
    evaluate,
    milestone_renames_of,
    missing,
)
from bridge.store.delivery import delivery_queries, differences
from bridge.store.delivery.differences import ListedDifference
from bridge.store.learning import awards, completions, credits, decisions
from bridge.store.learning.member_progress import facts_of
from bridge.store.learning.reminders import last_reminded
from bridge.store.members.role_changes import StoredRole
from bridge.store.members.roles import roles_of
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Award, Completion, Credit
from bridge.store.tables.members import Member
from bridge.store.tables.signoffs import AwardDecision
from bridge.web.layout.translation import translated_text


@dataclass(frozen=True, slots=True)
class MilestoneHistory:
    """A milestone. `state`: `done`, `now` (the member may work on it) or `later`."""

    title: str
    state: str
    at: datetime | None
    evidence: Sequence[str]
    missing: Sequence[str]
    award_id: int | None = None
    address: str = ""
    note: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawnAward:
    """A withdrawn award. `withheld`: the milestone can't be earned again yet."""

    title: str
    award: Award
    withheld: bool


@dataclass(frozen=True, slots=True)
class CurriculumHistory:
    title: str
    milestones: Sequence[MilestoneHistory]
    withdrawn: Sequence[WithdrawnAward]
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
class CreditEntry:
    """A sign-off or another credit. `by_name`: who confirmed it."""

    title: str
    credit: Credit

    @property
    def is_signoff(self) -> bool:
        return self.credit.kind == "signoff"

    @property
    def by_name(self) -> str:
        return str(self.credit.evidence.get("by_name") or self.credit.recorded_by)

    @property
    def note(self) -> str:
        return str(self.credit.evidence.get("note") or "")


@dataclass(frozen=True, slots=True)
class History:
    member: Member
    curricula: Sequence[CurriculumHistory]
    activities: Sequence[CompletedActivity]
    credits: Sequence[CreditEntry]
    deliveries: Sequence[Delivery]
    differences: Mapping[int, ListedDifference]
    """Where Moodle differs now, by the delivery's ID."""
    roles: Sequence[StoredRole]
    open_signoffs: Mapping[str, str]
    """`curriculum:key` -> title of each requirement that isn't signed off yet."""
    decisions: Mapping[int, Sequence[AwardDecision]]
    """Whether awards stay after corrections, by the award's ID."""
    reminded: datetime | None
    """When they were reminded last of a milestone they work on."""


def read_history(context: Context, features: Sequence[Feature], member: Member) -> History:
    """Everything the committee sees about a member. Eight queries, and five per curriculum.

    Features may need one more for the titles of their credits.
    """
    session, curricula, language = context.session, context.curricula, context.language
    today = context.today
    names = {
        curriculum.key: names_of(curriculum, language, context.config.role_labels)
        for curriculum in curricula
    }
    earned = awards.awards_of(session, member.id)
    earned += awards.withdrawn_awards_of(session, member.id)
    credited = credits.credits_of(session, member.id)
    titles = credit_titles(features, context, credited)
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
        [CreditEntry(translated_text(titles[each.id]), each) for each in credited],
        delivery_queries.deliveries_of(session, member.id),
        {each.delivery_id: each for each in differences.differences_of(session, member.id)},
        roles_of(session, [member.id]).get(member.id, []),
        _open_signoffs(names, credited),
        _by_award(decisions.decisions_of(session, member.id)),
        last_reminded(session, member.id),
    )


def _by_award(made: Iterable[AwardDecision]) -> Mapping[int, Sequence[AwardDecision]]:
    found: defaultdict[int, list[AwardDecision]] = defaultdict(list)
    for each in made:
        found[each.award_id].append(each)
    return found


def _open_signoffs(names: Mapping[str, Names], credited: Sequence[Credit]) -> Mapping[str, str]:
    signed = {
        (each.curriculum, each.key)
        for each in credited
        if each.kind == "signoff" and each.withdrawn_at is None
    }
    return {
        f"{curriculum}:{key}": SignedOff.name_of(key, known)
        for curriculum, known in names.items()
        for key in known.signoffs
        if not signed & {(curriculum, key), (credits.EVERY_CURRICULUM, key)}
    }


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
    mine = [award for award in awarded if _of(award, curriculum)]
    current = [award for award in mine if award.withdrawn_at is None]
    earned = {renames.get(a.milestone, a.milestone): a for a in current}
    milestones = [
        _milestone(each, facts, progress, earned.pop(each.key, None), names)
        for each in curriculum.milestones
    ]
    return CurriculumHistory(
        curriculum.title.shown(language),
        milestones,
        [
            WithdrawnAward(milestone_title(curriculum, a, language), a, a.reopened_at is None)
            for a in mine
            if a.withdrawn_at
        ],
        [(key, a.at) for key, a in earned.items()],
    )


def _milestone(
    milestone: Milestone, facts: Facts, progress: Progress, award: Award | None, names: Names
) -> MilestoneHistory:
    done = milestone.key in progress.earned
    state = "done" if done else "now" if milestone.key in progress.entered else "later"
    unmet = missing(milestone, facts) if state == "now" else ()
    return MilestoneHistory(
        milestone.title.shown(names.language),
        state,
        award.at if award else None,
        list(_evidence(award, names)) if award else [],
        [translated_text(describe(each, names)) for each in unmet],
        award.id if award else None,
    )


def milestone_title(curriculum: Curriculum, award: Award, language: str) -> str:
    """The title of an award's milestone; its key if the curriculum no longer has it."""
    renames = milestone_renames_of(curriculum)
    found = curriculum.milestone(renames.get(award.milestone, award.milestone))
    return found.title.shown(language) if found else award.milestone


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
