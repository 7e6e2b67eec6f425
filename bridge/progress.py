"""Decide which milestones a member has earned, and what is still missing. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.programs import credit_names
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.facts import NO_FACTS as NO_FACTS
from bridge.curriculum.requirements.facts import Facts as Facts
from bridge.curriculum.requirements.register import KIND_BY_EVIDENCE
from bridge.curriculum.requirements.requirement import (
    Requirement,
    SingleRequirement,
    with_parts,
)
from bridge.membership.status import participation


@dataclass(frozen=True, slots=True)
class Progress:
    """`entered`: milestones whose entry rule is met. `earned`: all earned ones, old and new.

    `reopened`: milestones whose award was withdrawn and whose requirements are not met now. From
    now on, they can be earned again.
    """

    entered: tuple[str, ...]
    earned: tuple[str, ...]
    reopened: tuple[str, ...] = ()


Predicate = Callable[[Facts], bool]
Rule = tuple[Milestone, Predicate]
"""A milestone, and whether its requirements are met."""


def evaluator(curriculum: Curriculum) -> Callable[[Facts], Progress]:
    """A function from Facts to Progress for this curriculum. Create it once, call it per member.

    A milestone is earned when its entry rule and all its requirements are met and the status
    allows it, or when it was awarded before. One whose award was withdrawn is not earned until it
    may be again. Milestones can be in any order; a chain of them is resolved in one call.
    """
    rules = tuple(_rule(milestone) for milestone in _in_entry_order(curriculum))
    order = {milestone.key: index for index, milestone in enumerate(curriculum.milestones)}
    add_current_keys = apply_renames(curriculum)

    def evaluate(facts: Facts) -> Progress:
        facts = add_current_keys(facts)
        earned = set(facts.awarded)
        entered = []
        for milestone, met in rules:
            key, entry = milestone.key, milestone.entry
            if not earned.issuperset(entry.after) or (entry.role and entry.role not in facts.roles):
                continue
            if not status_allows(facts.status, milestone):
                continue
            entered.append(key)
            if key not in earned and key not in facts.withheld and met(facts):
                earned.add(key)
        known = [key for key in order if key in earned]
        withheld = ((each.key, met) for each, met in rules if each.key in facts.withheld)
        reopened = tuple(key for key, met in withheld if not met(facts))
        return Progress(tuple(sorted(entered, key=order.__getitem__)), tuple(known), reopened)

    return evaluate


def status_allows(status: str, milestone: Milestone) -> bool:
    """Whether a person with this status may be enrolled in the milestone and earn it."""
    rights = participation(status)
    return rights.learns and (rights.stewards or milestone.audience.group != "stewards")


def apply_renames(curriculum: Curriculum) -> Callable[[Facts], Facts]:
    """A function that adds the current key wherever facts have a former key (`previously`)."""
    milestones, activities = milestone_renames_of(curriculum), activity_renames_of(curriculum)
    topics = topic_renames_of(curriculum)
    programs = _other_program_keys(curriculum)

    def add_current_keys(facts: Facts) -> Facts:
        done = {new for old, new in activities.items() if old in facts.activities}
        awarded = {new for old, new in milestones.items() if old in facts.awarded}
        withheld = {new for old, new in milestones.items() if old in facts.withheld}
        credited = {
            replace(each, key=topics[each.key])
            for each in facts.credits
            if each.kind in ("session", "led") and each.key in topics
        }
        credited |= {
            replace(each, key=key)
            for each in facts.credits
            for key in programs.get((each.kind, each.key), ())
        }
        return replace(
            facts,
            activities=facts.activities | done,
            credits=facts.credits | credited,
            awarded=facts.awarded | awarded,
            withheld=(facts.withheld | withheld) - facts.awarded - awarded,
        )

    renames = milestones or activities or topics or programs
    return add_current_keys if renames else lambda facts: facts


def milestone_renames_of(curriculum: Curriculum) -> Mapping[str, str]:
    """Former key -> current key of each renamed milestone."""
    return {old: m.key for m in curriculum.milestones for old in former_keys(m)}


def milestone_renames(curricula: Iterable[Curriculum]) -> Mapping[tuple[str, str], str]:
    """(Curriculum, former key) -> current key of each renamed milestone."""
    return {(c.key, old): new for c in curricula for old, new in milestone_renames_of(c).items()}


def activity_renames_of(curriculum: Curriculum) -> Mapping[str, str]:
    """Former key -> current key of each renamed activity."""
    activities = (a for m in curriculum.milestones for a in m.course.activities)
    return {old: activity.key for activity in activities for old in former_keys(activity)}


def topic_renames_of(curriculum: Curriculum) -> Mapping[str, str]:
    """Former key -> current key of each renamed topic of live sessions."""
    return {old: topic.key for topic in curriculum.topics for old in former_keys(topic)}


def _other_program_keys(curriculum: Curriculum) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Kind and key of a credit -> the other keys of that program or part of mentoring.

    Requirements may name any of them.
    """
    return {
        (kind, key): tuple(other for other in keys if other != key)
        for kind, keys in credit_names(curriculum.programs)
        for key in keys
        if len(keys) > 1
    }


def evaluate(curriculum: Curriculum, facts: Facts) -> Progress:
    """The progress of one member. Use `evaluator` for many."""
    return evaluator(curriculum)(facts)


def missing(milestone: Milestone, facts: Facts) -> tuple[Requirement, ...]:
    """The requirements of `milestone` that are not met yet."""
    return tuple(each for each in milestone.requirements if not each.is_met(facts))


def evidence(milestone: Milestone, facts: Facts) -> Mapping[str, list[str]]:
    """The evidence for an award: the keys of what was done, by kind, as the requirements name it.

    Awards are stored with it: `{"activities": […], "signoffs": […], "role": […], "credits": […]}`.
    """
    found: dict[str, set[str]] = {name: set() for name in KIND_BY_EVIDENCE}
    for each in with_parts(milestone.requirements):
        if isinstance(each, SingleRequirement) and each.is_met(facts):
            found[each.evidence].add(each.evidence_key)
    return {name: sorted(keys) for name, keys in found.items()}


def _rule(milestone: Milestone) -> Rule:
    return milestone, _all_of(milestone.requirements)


def _all_of(requirements: tuple[Requirement, ...]) -> Predicate:
    """Whether all are met. Plain lists of activities, the usual case, are one set comparison."""
    activities = frozenset(each.key for each in requirements if isinstance(each, ActivityDone))
    rest = tuple(each.is_met for each in requirements if not isinstance(each, ActivityDone))
    return lambda facts: activities <= facts.activities and all(is_met(facts) for is_met in rest)


def _in_entry_order(curriculum: Curriculum) -> list[Milestone]:
    """Milestones sorted so that each comes after the ones to earn first. ValueError on a circle."""
    ordered: dict[str, Milestone] = {}
    remaining = list(curriculum.milestones)
    while remaining:
        ready = [m for m in remaining if all(key in ordered for key in m.entry.after)]
        if not ready:
            raise ValueError("circular entry rules: " + ", ".join(m.key for m in remaining))
        ordered.update((m.key, m) for m in ready)
        remaining = [m for m in remaining if m.key not in ordered]
    return list(ordered.values())
