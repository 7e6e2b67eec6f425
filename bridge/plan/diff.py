"""Two lists of things compared. A function of its arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import replace

from bridge.messages import Message
from bridge.plan.model import HIDEABLE, Change, FieldChange, Found, Key, Kind, Plan, Resource, Value
from bridge.plan.ordering import order_of
from bridge.plan.renames import new_names, renamed
from bridge.plan.safety_checks import (
    changed_kinds,
    empty_quizzes,
    frozen_questions,
    impossible_changes,
    risks,
)

ADD_ONLY_FIELDS = frozenset({"competencies"})
"""Lists that Moodle's services can only add to."""


def diff(
    desired: Sequence[Resource],
    actual: Iterable[Resource],
    *,
    able: frozenset[Kind] | None = None,
    max_share: float = 0.3,
) -> Plan:
    """The Plan that turns `actual` into `desired`.

    `desired` is in the order things must be made. `able`: the kinds that can be written here
    (None: all); others become `by-hand`. `max_share`: the share of existing things that may be
    hidden or rewritten before that is a risk. Renames come first: what follows finds things by
    their new names.
    """
    there = {(r.kind, r.idnumber): r for r in actual}
    wanted = {(r.kind, r.idnumber) for r in desired}
    names = new_names(desired, there, wanted)
    renames = [
        Change("rename", r, (FieldChange("idnumber", former, r.idnumber),))
        for r in desired
        for former in r.previously
        if names.get((r.kind, former)) == r.idnumber
    ]
    found = {(r.kind, r.idnumber): r for r in (renamed(r, names) for r in there.values())}
    obstacles = impossible_changes(desired, found)
    changes, reasons = _changes(desired, found, obstacles)
    changes += _hides(found, wanted | changed_kinds(obstacles))
    blocked = [reason for reason in obstacles.values() if reason] + reasons
    possible = [_possible(change, able) for change in (*renames, *changes)]
    return Plan(tuple(possible), tuple(blocked), risks(possible, found, max_share))


def _changes(
    desired: Sequence[Resource], found: Found, obstacles: Collection[Key]
) -> tuple[list[Change], list[Message]]:
    """What to make and to change, in order, and why some of it can only be done in part."""
    changes: list[Change] = []
    reasons: list[Message] = []
    for resource in desired:
        if (resource.kind, resource.idnumber) in obstacles:
            continue
        if resource.kind == "outline":
            changes += order_of(resource, found, obstacles)
            continue
        step = _step(resource, found)
        if step and (reason := frozen_questions(step, found)):
            reasons.append(reason)
            step = empty_quizzes(step)
        changes += [step] if step else []
    return changes, reasons


def _step(resource: Resource, found: Found) -> Change | None:
    current = found.get((resource.kind, resource.idnumber))
    if current is None:
        news = tuple(FieldChange(name, None, new) for name, new in resource.fields.items())
        return Change("create", resource, news)
    differing = differences(resource, current)
    return Change("change", resource, differing) if differing else None


def differences(desired: Resource, actual: Resource) -> tuple[FieldChange, ...]:
    """The fields both sides know and do not agree on."""
    return tuple(
        FieldChange(name, actual.fields[name], new)
        for name, new in desired.fields.items()
        if name in actual.fields and not _agree(name, actual.fields[name], new)
    )


def _agree(name: str, old: Value, new: Value) -> bool:
    """Lists that only grow agree when nothing is lacking: Moodle keeps their order and rest."""
    if name in ADD_ONLY_FIELDS and isinstance(old, tuple) and isinstance(new, tuple):
        return set(new) <= set(old)
    return old == new


def _possible(step: Change, able: frozenset[Kind] | None) -> Change:
    if able is None or step.resource.kind in able:
        return step
    return replace(step, action="by-hand")


def _hides(found: Found, kept: Set[Key]) -> list[Change]:
    gone = [r for key, r in found.items() if r.kind in HIDEABLE and key not in kept]
    return [
        Change("hide", replace(r, fields={**r.fields, "visible": False}), (hiding,))
        for r in gone
        if r.fields.get("visible") is True
        for hiding in [FieldChange("visible", True, False)]
    ]
