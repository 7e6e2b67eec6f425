"""Compare the desired resources with the actual ones. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import replace

from bridge.messages import Message
from bridge.plan.model import HIDEABLE, Change, FieldChange, Found, Key, Kind, Plan, Resource, Value
from bridge.plan.ordering import order_of
from bridge.plan.renames import new_names, renamed
from bridge.plan.safety_checks import (
    changed_kinds,
    frozen_questions,
    impossible_changes,
    risks,
    without_question_list,
)

ADD_ONLY_FIELDS = frozenset({"competencies"})
"""List fields that Moodle's web services can only add to."""


def diff(
    desired: Sequence[Resource],
    actual: Iterable[Resource],
    *,
    able: frozenset[Kind] | None = None,
    max_share: float = 0.3,
) -> Plan:
    """The Plan that turns `actual` into `desired`.

    `desired`: in the order in which to create resources. `able`: the kinds that can be written on
    this site (None: all); changes to other kinds become `by-hand`. `max_share`: the share of
    existing resources that may be hidden or rewritten before the plan has a risk. Renames come
    first, because later changes use the new idnumbers.
    """
    existing = {(r.kind, r.idnumber): r for r in actual}
    desired_keys = {(r.kind, r.idnumber) for r in desired}
    names = new_names(desired, existing, desired_keys)
    renames = [
        Change("rename", r, (FieldChange("idnumber", former, r.idnumber),))
        for r in desired
        for former in r.previously
        if names.get((r.kind, former)) == r.idnumber
    ]
    found = {(r.kind, r.idnumber): r for r in (renamed(r, names) for r in existing.values())}
    obstacles = impossible_changes(desired, found)
    changes, reasons = _changes(desired, found, obstacles)
    changes += _hides(found, desired_keys | changed_kinds(obstacles))
    blocked = [reason for reason in obstacles.values() if reason] + reasons
    possible = [_as_possible(change, able) for change in (*renames, *changes)]
    return Plan(tuple(possible), tuple(blocked), risks(possible, found, max_share))


def _changes(
    desired: Sequence[Resource], found: Found, obstacles: Collection[Key]
) -> tuple[list[Change], list[Message]]:
    """The resources to create and change, in order, and why some can only be changed in part."""
    changes: list[Change] = []
    reasons: list[Message] = []
    for resource in desired:
        if (resource.kind, resource.idnumber) in obstacles:
            continue
        if resource.kind == "outline":
            changes += order_of(resource, found, obstacles)
            continue
        change = _change(resource, found)
        if change and (reason := frozen_questions(change, found)):
            reasons.append(reason)
            change = without_question_list(change)
        changes += [change] if change else []
    return changes, reasons


def _change(resource: Resource, found: Found) -> Change | None:
    current = found.get((resource.kind, resource.idnumber))
    if current is None:
        news = tuple(FieldChange(name, None, new) for name, new in resource.fields.items())
        return Change("create", resource, news)
    differing = differences(resource, current)
    return Change("change", resource, differing) if differing else None


def differences(desired: Resource, actual: Resource) -> tuple[FieldChange, ...]:
    """The fields that both sides have and that differ."""
    return tuple(
        FieldChange(name, actual.fields[name], new)
        for name, new in desired.fields.items()
        if name in actual.fields and not _is_equal(name, actual.fields[name], new)
    )


def _is_equal(name: str, old: Value, new: Value) -> bool:
    """Whether two values match. Add-only lists match if nothing is missing, in any order."""
    if name in ADD_ONLY_FIELDS and isinstance(old, tuple) and isinstance(new, tuple):
        return set(new) <= set(old)
    return old == new


def _as_possible(change: Change, able: frozenset[Kind] | None) -> Change:
    if able is None or change.resource.kind in able:
        return change
    return replace(change, action="by-hand")


def _hides(found: Found, kept: Set[Key]) -> list[Change]:
    removed = [r for key, r in found.items() if r.kind in HIDEABLE and key not in kept]
    return [
        Change("hide", replace(r, fields={**r.fields, "visible": False}), (hiding,))
        for r in removed
        if r.fields.get("visible") is True
        for hiding in [FieldChange("visible", True, False)]
    ]
