"""Decide which milestones a member has earned, and what is still missing. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bridge.curriculum.model import (
    ActivityDone,
    AtLeast,
    Curriculum,
    HasRole,
    Milestone,
    Requirement,
    SignedOff,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one member in one curriculum: keys only, no personal data."""

    done: frozenset[str] = frozenset()
    """Keys of completed activities (quizzes passed, pages read, links opened)."""
    signoffs: frozenset[str] = frozenset()
    role: str = ""
    awarded: frozenset[str] = frozenset()
    """Keys of awarded milestones. These stay earned even if the curriculum changes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`entered`: milestones whose entry rule is met. `earned`: all earned ones, old and new."""

    entered: tuple[str, ...]
    earned: tuple[str, ...]


Predicate = Callable[[Facts], bool]
Rule = tuple[str, tuple[str, ...], str, Predicate]
"""Milestone key, milestones to earn first, required role, and whether its requirements are met."""


def evaluator(curriculum: Curriculum) -> Callable[[Facts], Progress]:
    """A function from Facts to Progress for this curriculum. Create it once, call it per member.

    A milestone is earned when its entry rule and all its requirements are met, or when it was
    awarded before. Milestones can be in any order; a chain of them is resolved in one call.
    """
    rules = tuple(_rule(milestone) for milestone in _in_entry_order(curriculum))
    order = {milestone.key: index for index, milestone in enumerate(curriculum.milestones)}
    add_current_keys = apply_renames(curriculum)

    def evaluate(facts: Facts) -> Progress:
        facts = add_current_keys(facts)
        earned = set(facts.awarded)
        entered = []
        for key, after, role, met in rules:
            if not earned.issuperset(after) or (role and facts.role != role):
                continue
            entered.append(key)
            if key not in earned and met(facts):
                earned.add(key)
        known = [key for key in order if key in earned]
        return Progress(tuple(sorted(entered, key=order.__getitem__)), tuple(known))

    return evaluate


def apply_renames(curriculum: Curriculum) -> Callable[[Facts], Facts]:
    """A function that adds the current key wherever facts have a former key (`previously`)."""
    milestones, activities = milestone_renames_of(curriculum), activity_renames_of(curriculum)

    def add_current_keys(facts: Facts) -> Facts:
        done = {new for old, new in activities.items() if old in facts.done}
        awarded = {new for old, new in milestones.items() if old in facts.awarded}
        return replace(facts, done=facts.done | done, awarded=facts.awarded | awarded)

    return add_current_keys if milestones or activities else lambda facts: facts


def milestone_renames_of(curriculum: Curriculum) -> Mapping[str, str]:
    """Former key -> current key of each renamed milestone."""
    return {m.previously: m.key for m in curriculum.milestones if m.previously}


def milestone_renames(curricula: Iterable[Curriculum]) -> Mapping[tuple[str, str], str]:
    """(Curriculum, former key) -> current key of each renamed milestone."""
    return {(c.key, old): new for c in curricula for old, new in milestone_renames_of(c).items()}


def activity_renames_of(curriculum: Curriculum) -> Mapping[str, str]:
    """Former key -> current key of each renamed activity."""
    activities = (a for m in curriculum.milestones for a in m.course.activities)
    return {activity.previously: activity.key for activity in activities if activity.previously}


def evaluate(curriculum: Curriculum, facts: Facts) -> Progress:
    """The progress of one member. Use `evaluator` for many."""
    return evaluator(curriculum)(facts)


def missing(milestone: Milestone, facts: Facts) -> tuple[Requirement, ...]:
    """The requirements of `milestone` that are not met yet."""
    return tuple(r for r in milestone.requirements if not requirement_predicate(r)(facts))


def evidence(milestone: Milestone, facts: Facts) -> Mapping[str, list[str]]:
    """The evidence for an award: the activities, sign-offs and role that its requirements name."""
    named = _names(milestone.requirements)
    return {
        "activities": sorted(facts.done & named["activities"]),
        "signoffs": sorted(facts.signoffs & named["signoffs"]),
        "role": sorted({facts.role} & named["role"]),
    }


def requirement_predicate(requirement: Requirement) -> Predicate:
    """A function that says whether the facts meet the requirement."""
    match requirement:
        case ActivityDone(key):
            return lambda facts: key in facts.done
        case SignedOff(key):
            return lambda facts: key in facts.signoffs
        case HasRole(role):
            return lambda facts: facts.role == role
        case AtLeast(count, parts):
            predicates = tuple(map(requirement_predicate, parts))
            return lambda facts: sum(is_met(facts) for is_met in predicates) >= count


def _rule(milestone: Milestone) -> Rule:
    entry = milestone.entry
    return milestone.key, entry.after, entry.role, _all_of(milestone.requirements)


def _all_of(requirements: tuple[Requirement, ...]) -> Predicate:
    """Whether all are met. Plain lists of activities, the usual case, are one set comparison."""
    activities = frozenset(r.activity for r in requirements if isinstance(r, ActivityDone))
    rest = tuple(requirement_predicate(r) for r in requirements if not isinstance(r, ActivityDone))
    return lambda facts: activities <= facts.done and all(is_met(facts) for is_met in rest)


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


def _names(requirements: tuple[Requirement, ...]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {"activities": set(), "signoffs": set(), "role": set()}
    for requirement in requirements:
        match requirement:
            case ActivityDone(key):
                names["activities"].add(key)
            case SignedOff(key):
                names["signoffs"].add(key)
            case HasRole(role):
                names["role"].add(role)
            case AtLeast(_, parts):
                for kind, found in _names(parts).items():
                    names[kind] |= found
    return names
