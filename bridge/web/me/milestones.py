"""A member's progress, milestone by milestone, for the page `/me`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar

from bridge.curriculum.descriptions import describe
from bridge.curriculum.model import (
    NO_TEXT,
    Activity,
    Curriculum,
    Milestone,
    Quiz,
    Text,
)
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.requirement import (
    Names,
    RecordedBy,
    Requirement,
    SingleRequirement,
)
from bridge.curriculum.requirements.role import HasRole
from bridge.progress import (
    Facts,
    Progress,
    activity_renames_of,
    apply_renames,
    evaluate,
    milestone_renames_of,
    status_allows,
)
from bridge.store.learning.member_progress import ActivityResult, MemberProgress
from bridge.web.layout.translation import translated_text
from bridge.web.me import labels

State = Literal["done", "now", "later"]
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class RequirementView:
    """One requirement as the member sees it.

    `words`: what to do; `words_with_parts`: in one sentence with its parts. `activity`: the one it
    names. `at`, `grade` (per cent): when it was met, and the best result. `needed`: the pass mark
    in per cent. `recorded_by`: who records that it is met; None for a group, which has `parts`.
    """

    activity: Activity | None
    words: str
    words_with_parts: str
    met: bool
    recorded_by: RecordedBy | None
    at: datetime | None = None
    grade: float | None = None
    needed: int | None = None
    parts: tuple[RequirementView, ...] = ()


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One milestone as the member sees it.

    `message`: shown once they've reached it. `waits_for`: what opens a later milestone, in words.
    `unenrolled`: someone ended the enrolment in Moodle. `withdrawn_at`: set while it can't be
    earned again.
    """

    milestone: Milestone
    title: str
    state: State
    at: datetime | None
    message: Text
    badge: str
    parts: tuple[RequirementView, ...]
    waits_for: tuple[str, ...]
    enrolled: bool
    unenrolled: bool
    withdrawn_at: datetime | None = None

    @property
    def missing(self) -> tuple[RequirementView, ...]:
        return () if self.state == "done" else tuple(part for part in self.parts if not part.met)


def milestone_views(
    curriculum: Curriculum, member: MemberProgress, names: Names, today: date
) -> tuple[MilestoneView, ...]:
    """Every milestone of `curriculum`, in its order, with its names in the member's language."""
    facts = apply_renames(curriculum)(member.facts(curriculum.key, today))
    builder = _ViewBuilder(curriculum, member, facts, evaluate(curriculum, facts), names)
    return tuple(builder.step(milestone) for milestone in curriculum.milestones)


class _ViewBuilder:
    """Builds the views of milestones for one member."""

    def __init__(
        self,
        curriculum: Curriculum,
        member: MemberProgress,
        facts: Facts,
        progress: Progress,
        names: Names,
    ) -> None:
        self._curriculum = curriculum
        self._facts = facts
        self._progress = progress
        self._language = names.language
        milestones = milestone_renames_of(curriculum)
        self._awarded = _in_curriculum(curriculum, member.awarded, milestones)
        self._withheld = _in_curriculum(curriculum, member.withheld, milestones)
        enrolled, unenrolled = (
            dict.fromkeys(keys, True) for keys in (member.enrolled, member.unenrolled)
        )
        self._enrolled = _in_curriculum(curriculum, enrolled, milestones)
        self._unenrolled = _in_curriculum(curriculum, unenrolled, milestones)
        self._results = _in_curriculum(curriculum, member.results, activity_renames_of(curriculum))
        done = {key: each.at for key, each in self._results.items()}
        self._dates = {**member.dates(curriculum.key), ActivityDone.evidence: done}
        activities = (a for m in curriculum.milestones for a in m.course.activities)
        self._activities = {activity.key: activity for activity in activities}
        self._names = names

    def step(self, milestone: Milestone) -> MilestoneView:
        badge = milestone.acknowledgement.badge
        state = self._state(milestone)
        return MilestoneView(
            milestone=milestone,
            title=milestone.title.shown(self._language),
            state=state,
            at=self._awarded.get(milestone.key),
            message=milestone.acknowledgement.message if state == "done" else NO_TEXT,
            badge=badge.name.shown(self._language) if badge and state == "done" else "",
            parts=tuple(map(self._part, milestone.requirements)),
            waits_for=tuple(self._waits_for(milestone)) if state == "later" else (),
            enrolled=milestone.key in self._enrolled,
            unenrolled=milestone.key in self._unenrolled,
            withdrawn_at=self._withheld.get(milestone.key) if state != "done" else None,
        )

    def _state(self, milestone: Milestone) -> State:
        if milestone.key in self._progress.earned:
            return "done"
        return "now" if milestone.key in self._progress.entered else "later"

    def _waits_for(self, milestone: Milestone) -> list[str]:
        entry = milestone.entry
        open_ones = [key for key in entry.after if key not in self._progress.earned]
        known = {m.key: m.title.shown(self._language) for m in self._curriculum.milestones}
        before = [labels.reach_label(known.get(key, key)) for key in open_ones]
        if entry.role and entry.role not in self._facts.roles:
            before.append(translated_text(HasRole(entry.role).words(self._names)))
        if not status_allows(self._facts.status, milestone):
            before.append(labels.status_label())
        return before

    def _part(self, requirement: Requirement) -> RequirementView:
        activity: Activity | None = None
        result: ActivityResult | None = None
        if isinstance(requirement, ActivityDone):
            activity = self._activities.get(requirement.key)
            result = self._results.get(requirement.key)
        single = requirement if isinstance(requirement, SingleRequirement) else None
        return RequirementView(
            activity=activity,
            words=translated_text(requirement.words(self._names)),
            words_with_parts=translated_text(describe(requirement, self._names)),
            met=requirement.is_met(self._facts),
            recorded_by=self._recorded_by(single) if single else None,
            at=self._dates[single.evidence].get(single.evidence_key) if single else None,
            grade=result.grade if result and isinstance(activity, Quiz) else None,
            needed=activity.pass_mark if isinstance(activity, Quiz) else None,
            parts=tuple(map(self._part, requirement.parts)),
        )

    def _recorded_by(self, requirement: SingleRequirement) -> RecordedBy:
        """A session without a topic in sessions.yaml is recorded by the committee."""
        is_session = isinstance(requirement, Credited) and requirement.credit == "session"
        if is_session and self._curriculum.topic(requirement.key):
            return "session"
        return requirement.recorded_by


def _in_curriculum(
    curriculum: Curriculum, known: Mapping[tuple[str, str], V], formers: Mapping[str, str]
) -> dict[str, V]:
    """One curriculum's entries by current key. A new key's entry wins over the old key's."""
    mine = {key: value for (path, key), value in known.items() if path == curriculum.key}
    return {new: mine[old] for old, new in formers.items() if old in mine} | mine
