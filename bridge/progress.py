"""Who has earned what, and what is still missing. A function of the curriculum and the facts."""

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
    """What is known of one member in one curriculum: keys only, no personal data."""

    done: frozenset[str] = frozenset()
    """Keys of activities completed (quizzes passed, pages read, links opened)."""
    signoffs: frozenset[str] = frozenset()
    role: str = ""
    awarded: frozenset[str] = frozenset()
    """Keys of milestones already awarded: they stay earned whatever the curriculum says now."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`entered`: milestones whose entry rule holds; `earned`: all earned, old and new."""

    entered: tuple[str, ...]
    earned: tuple[str, ...]


Test = Callable[[Facts], bool]
Rule = tuple[str, tuple[str, ...], str, Test]


def evaluator(curriculum: Curriculum) -> Callable[[Facts], Progress]:
    """A function from Facts to Progress for this curriculum; make it once, call it per member.

    A milestone is earned when its entry rule and all its requirements hold, or when it was
    awarded before. Milestones may name each other in any order; a chain resolves in one call.
    """
    rules = tuple(_rule(milestone) for milestone in _in_entry_order(curriculum))
    order = {milestone.key: place for place, milestone in enumerate(curriculum.milestones)}
    renew = apply_renames(curriculum)

    def evaluate(facts: Facts) -> Progress:
        facts = renew(facts)
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
    """A function that adds to facts known by former keys (`previously`) the keys of now."""
    milestones, activities = milestone_renames_of(curriculum), activity_renames_of(curriculum)

    def renew(facts: Facts) -> Facts:
        done = {new for old, new in activities.items() if old in facts.done}
        awarded = {new for old, new in milestones.items() if old in facts.awarded}
        return replace(facts, done=facts.done | done, awarded=facts.awarded | awarded)

    return renew if milestones or activities else lambda facts: facts


def milestone_renames_of(curriculum: Curriculum) -> Mapping[str, str]:
    """The keys that milestones had before a rename, each with the key of now."""
    return {m.previously: m.key for m in curriculum.milestones if m.previously}


def milestone_renames(curricula: Iterable[Curriculum]) -> Mapping[tuple[str, str], str]:
    """Curriculum and former key of each milestone that was renamed, with its key of now."""
    return {(c.key, old): new for c in curricula for old, new in milestone_renames_of(c).items()}


def activity_renames_of(curriculum: Curriculum) -> Mapping[str, str]:
    """The keys that activities had before a rename, each with the key of now."""
    activities = (a for m in curriculum.milestones for a in m.course.activities)
    return {activity.previously: activity.key for activity in activities if activity.previously}


def evaluate(curriculum: Curriculum, facts: Facts) -> Progress:
    """Progress of one member; see `evaluator` for many."""
    return evaluator(curriculum)(facts)


def missing(milestone: Milestone, facts: Facts) -> tuple[Requirement, ...]:
    """The requirements of `milestone` that the facts do not meet yet."""
    return tuple(r for r in milestone.requirements if not requirement_predicate(r)(facts))


def evidence(milestone: Milestone, facts: Facts) -> Mapping[str, list[str]]:
    """What an award rests on: the activities, sign-offs and role that its requirements name."""
    named = _names(milestone.requirements)
    return {
        "activities": sorted(facts.done & named["activities"]),
        "signoffs": sorted(facts.signoffs & named["signoffs"]),
        "role": sorted({facts.role} & named["role"]),
    }


def requirement_predicate(requirement: Requirement) -> Test:
    """The requirement as a function from Facts to whether it is met."""
    match requirement:
        case ActivityDone(key):
            return lambda facts: key in facts.done
        case SignedOff(key):
            return lambda facts: key in facts.signoffs
        case HasRole(role):
            return lambda facts: facts.role == role
        case AtLeast(count, parts):
            tests = tuple(map(requirement_predicate, parts))
            return lambda facts: sum(test(facts) for test in tests) >= count


def _rule(milestone: Milestone) -> Rule:
    entry = milestone.entry
    return milestone.key, entry.after, entry.role, _all_of(milestone.requirements)


def _all_of(requirements: tuple[Requirement, ...]) -> Test:
    """Plain lists of activities, the usual case, become one set comparison."""
    activities = frozenset(r.activity for r in requirements if isinstance(r, ActivityDone))
    rest = tuple(requirement_predicate(r) for r in requirements if not isinstance(r, ActivityDone))
    return lambda facts: activities <= facts.done and all(test(facts) for test in rest)


def _in_entry_order(curriculum: Curriculum) -> list[Milestone]:
    """Every milestone after those it is entered from; the reader has refused circles."""
    placed: dict[str, Milestone] = {}
    waiting = list(curriculum.milestones)
    while waiting:
        ready = [m for m in waiting if all(key in placed for key in m.entry.after)]
        if not ready:
            raise ValueError("circular entry rules: " + ", ".join(m.key for m in waiting))
        placed.update((m.key, m) for m in ready)
        waiting = [m for m in waiting if m.key not in placed]
    return list(placed.values())


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
