"""What must change so that a Moodle site is what the curriculum says. Values and functions only.

Both sides are lists of Resource, found by (kind, idnumber). Nothing that is not in these lists
can be in a Plan: what we do not own is never read into them (see `bridge.moodle.site`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

Kind = Literal[
    "category",
    "course",
    "section",
    "page",
    "link",
    "question",
    "quiz",
    "outline",
    "cohort",
    "framework",
    "competency",
    "template",
    "badge",
]
Action = Literal["create", "change", "rename", "hide", "by-hand"]
Value = str | int | float | bool | tuple[str, ...]

ACTIVITIES: frozenset[Kind] = frozenset({"page", "link", "quiz"})
HIDEABLE: frozenset[Kind] = ACTIVITIES | {"course", "section"}
SECTION = "§"
"""Marks a section in an outline's order."""
FEWEST_FOR_SHARE = 10
"""Below so many existing things a share says nothing: half of two is one."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing in Moodle, as wanted or as found.

    `fields` are compared one by one; a field that one side does not know is not compared.
    `course` is the idnumber of the course it is in ('' for site-wide things); `parent` that of
    what it stands in there: an activity's section, a question's quiz.
    `attempts` is how many real attempts learners have made (found quizzes only).
    `payload` travels with a change but is not compared: the text behind a hash.
    """

    kind: Kind
    idnumber: str
    title: str
    fields: Mapping[str, Value]
    course: str = ""
    parent: str = ""
    previously: str = ""
    attempts: int = 0
    payload: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    old: Value | None
    new: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One step: what to do to which resource, and which fields differ.

    `resource` is the wanted state (for `hide`: the found one, to be hidden).
    """

    action: Action
    resource: Resource
    fields: tuple[FieldChange, ...] = ()

    @property
    def key(self) -> tuple[Kind, str]:
        return self.resource.kind, self.resource.idnumber


@dataclass(frozen=True, slots=True)
class Plan:
    """`changes` in the order to apply them; `blocked` can never be applied as written;
    `risks` are reasons to refuse the plan unless a person insists (--force)."""

    changes: tuple[Change, ...] = ()
    blocked: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits: the same changes, the same digits."""
        rows = [
            [c.action, *c.key, [[f.name, f.old, f.new] for f in c.fields]] for c in self.changes
        ]
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]

    def count(self, action: Action) -> int:
        return sum(change.action == action for change in self.changes)

    @property
    def steps(self) -> tuple[tuple[Change, ...], ...]:
        """The changes we make ourselves, in order; questions of one quiz go together."""
        ours = (change for change in self.changes if change.action != "by-hand")
        return tuple(tuple(group) for _, group in groupby(ours, key=_together))


def _together(change: Change) -> object:
    resource = change.resource
    if resource.kind == "question" and change.action in ("create", "change"):
        return resource.course, resource.parent
    return change.action, change.key


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
    found = {(r.kind, r.idnumber): r for r in actual}
    wanted = {(r.kind, r.idnumber): r for r in desired}
    names = _new_names(desired, found)
    changes: list[Change] = []
    blocked: list[str] = []
    for resource in desired:
        if resource.kind == "outline":
            standing = found.get(("outline", resource.idnumber))
            standing = standing or found.get(("outline", resource.previously))
            changes += _outline(resource, standing, names)
            continue
        clash = _clash(resource, found)
        if clash:
            blocked.append(clash)
            continue
        steps = _steps(resource, found, wanted)
        if reason := _frozen(steps, found):
            blocked.append(reason)
            steps = [s for s in (_without_questions(step) for step in steps) if s]
        changes += [_possible(step, able) for step in steps]
    renamed = {(r.kind, r.previously) for r in desired if r.previously}
    changes += _hides(found, set(wanted) | renamed)
    changes.sort(key=lambda change: change.action != "rename")
    return Plan(tuple(changes), tuple(blocked), _risks(changes, found, max_share))


def _steps(
    resource: Resource,
    found: Mapping[tuple[Kind, str], Resource],
    wanted: Mapping[tuple[Kind, str], Resource],
) -> list[Change]:
    current = found.get((resource.kind, resource.idnumber))
    former = found.get((resource.kind, resource.previously))
    steps = []
    if current is None and former and (resource.kind, resource.previously) not in wanted:
        renaming = FieldChange("idnumber", former.idnumber, resource.idnumber)
        steps.append(Change("rename", resource, (renaming,)))
        current = former
    if current is None:
        news = tuple(FieldChange(name, None, new) for name, new in resource.fields.items())
        return [Change("create", resource, news)]
    if differing := differences(resource, current):
        steps.append(Change("change", resource, differing))
    return steps


def differences(desired: Resource, actual: Resource) -> tuple[FieldChange, ...]:
    """The fields both sides know and do not agree on."""
    return tuple(
        FieldChange(name, actual.fields[name], new)
        for name, new in desired.fields.items()
        if name in actual.fields and actual.fields[name] != new
    )


def _clash(resource: Resource, found: Mapping[tuple[Kind, str], Resource]) -> str:
    """An idnumber is one thing for ever: a page cannot become a quiz."""
    if resource.kind not in ACTIVITIES:
        return ""
    for kind in sorted(ACTIVITIES - {resource.kind}):
        if (kind, resource.idnumber) in found and (resource.kind, resource.idnumber) not in found:
            return (
                f"{resource.idnumber} is a {kind} in Moodle and a {resource.kind} in the "
                "curriculum: give it a new key."
            )
    return ""


def _frozen(steps: Sequence[Change], found: Mapping[tuple[Kind, str], Resource]) -> str:
    """Moodle cannot add, remove or reorder the questions of a quiz that has attempts."""
    for step in steps:
        resource = step.resource
        current = found.get(step.key) or found.get((resource.kind, resource.previously))
        if current and current.attempts and any(f.name == "questions" for f in step.fields):
            return (
                f"The quiz “{resource.title}” ({resource.idnumber}) has {current.attempts} "
                "attempts, so Moodle keeps its list of questions. Edit the questions it has, or "
                "write the new list as a new quiz under a new key."
            )
    return ""


def _without_questions(step: Change) -> Change | None:
    fields = tuple(f for f in step.fields if f.name != "questions")
    if step.action == "change" and not fields:
        return None
    kept = {f.name: f.old for f in step.fields if f.name == "questions" and f.old is not None}
    resource = replace(step.resource, fields={**step.resource.fields, **kept})
    return replace(step, fields=fields, resource=resource)


def _possible(step: Change, able: frozenset[Kind] | None) -> Change:
    if able is None or step.resource.kind in able:
        return step
    return replace(step, action="by-hand")


def _outline(desired: Resource, actual: Resource | None, names: Mapping[str, str]) -> list[Change]:
    """Order, as sections each followed by its activities, once the other changes are made.

    New things are made at the end of where they belong, so the order they will stand in is
    known beforehand, and only a different one is a change. `names`: old idnumber to new one.
    """
    order = as_lists(_order(desired))
    now = tuple(names.get(name, name) for name in _order(actual)) if actual else ()
    standing = as_lists(now)
    settled = {activity for inside in standing.values() for activity in inside}
    wanted = {activity for inside in order.values() for activity in inside}
    expected = {
        section: [a for a in standing.get(section, []) if a in wanted]
        + [a for a in order[section] if a not in settled]
        for section in [
            *(s for s in standing if s in order),
            *(s for s in order if s not in standing),
        ]
    }
    if list(expected.items()) == list(order.items()):
        return []
    return [Change("change", desired, (FieldChange("order", now, _order(desired)),))]


def _new_names(
    desired: Sequence[Resource], found: Mapping[tuple[Kind, str], Resource]
) -> dict[str, str]:
    """For outlines: the names that things will have once the renames are made."""
    names = {}
    for resource in desired:
        if resource.previously and (resource.kind, resource.previously) in found:
            mark = SECTION if resource.kind == "section" else ""
            names[mark + resource.previously] = mark + resource.idnumber
    return names


def _order(outline: Resource) -> tuple[str, ...]:
    value = outline.fields["order"]
    if not isinstance(value, tuple):
        raise TypeError("an outline's order is a tuple")
    return value


def as_lists(order: tuple[str, ...]) -> dict[str, list[str]]:
    """An outline's order, by section: `§section` begins one, its activities follow."""
    lists: dict[str, list[str]] = {}
    for name in order:
        if name.startswith(SECTION):
            lists[name] = []
        else:
            next(reversed(lists.values())).append(name)
    return lists


def _hides(found: Mapping[tuple[Kind, str], Resource], kept: set[tuple[Kind, str]]) -> list[Change]:
    gone = [r for key, r in found.items() if r.kind in HIDEABLE and key not in kept]
    return [
        Change("hide", replace(r, fields={**r.fields, "visible": False}), (hiding,))
        for r in gone
        if r.fields.get("visible") is True
        for hiding in [FieldChange("visible", True, False)]
    ]


def _risks(
    changes: Sequence[Change], found: Mapping[tuple[Kind, str], Resource], max_share: float
) -> tuple[str, ...]:
    risks = [
        f"It would hide the quiz “{c.resource.title}” ({c.resource.idnumber}), "
        f"which has {c.resource.attempts} attempts."
        for c in changes
        if c.action == "hide" and c.resource.attempts
    ]
    standing = [r for r in found.values() if r.kind != "outline"]
    touched = [
        c for c in changes if c.action in ("hide", "change") and c.resource.kind != "outline"
    ]
    if len(standing) >= FEWEST_FOR_SHARE and len(touched) > max_share * len(standing):
        risks.append(
            f"It would hide or rewrite {len(touched)} of {len(standing)} existing things, more "
            f"than the {max_share:.0%} that `sync.max_share` allows."
        )
    return tuple(risks)
