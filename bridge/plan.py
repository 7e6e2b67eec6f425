"""What must change so that a Moodle site is what the curriculum says. Values and functions only.

Both sides are lists of Resource, found by (kind, idnumber). Nothing that is not in these lists
can be in a Plan: what we do not own is never read into them (see `bridge.moodle.site`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
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
LISTED: Mapping[str, tuple[Kind, ...]] = {
    "questions": ("question",),
    "competencies": ("competency",),
    "order": ("page", "link", "quiz"),
}
"""The fields that name other things, and of which kinds those are."""
GROWING = frozenset({"competencies"})
"""Lists that Moodle's services can only add to."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing in Moodle, as wanted or as found.

    `fields` are compared one by one; a field that one side does not know is not compared.
    `course` is the idnumber of the course it is in ('' for site-wide things); `parent` that of
    what it stands in there: an activity's section, a question's quiz. `previously`: idnumbers it
    may have had before, the likeliest first.
    `attempts` is how many real attempts learners have made (found quizzes only).
    `payload` travels with a change but is not compared: the text behind a hash.
    """

    kind: Kind
    idnumber: str
    title: str
    fields: Mapping[str, Value]
    course: str = ""
    parent: str = ""
    previously: tuple[str, ...] = ()
    attempts: int = 0
    payload: str = field(default="", repr=False)


Key = tuple[Kind, str]
"""Kind and idnumber: what a thing is found by."""
Found = Mapping[Key, Resource]


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
    def key(self) -> Key:
        return self.resource.kind, self.resource.idnumber

    @property
    def former(self) -> str:
        """The idnumber that a rename takes away; '' for other actions."""
        return next((str(f.old) for f in self.fields if f.name == "idnumber"), "")


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
    there = {(r.kind, r.idnumber): r for r in actual}
    wanted = {(r.kind, r.idnumber) for r in desired}
    names = _new_names(desired, there, wanted)
    renames = [
        Change("rename", r, (FieldChange("idnumber", former, r.idnumber),))
        for r in desired
        for former in r.previously
        if names.get((r.kind, former)) == r.idnumber
    ]
    found = {(r.kind, r.idnumber): r for r in (_renamed(r, names) for r in there.values())}
    impossible = _impossible(desired, found)
    changes: list[Change] = []
    blocked = [reason for reason in impossible.values() if reason]
    for resource in desired:
        if (resource.kind, resource.idnumber) in impossible:
            continue
        if resource.kind == "outline":
            changes += _outline(resource, found, impossible)
            continue
        step = _step(resource, found)
        if step and (reason := _frozen(step, found)):
            blocked.append(reason)
            step = _without_questions(step)
        changes += [step] if step else []
    changes += _hides(found, wanted | _of_other_kinds(impossible))
    possible = [_possible(change, able) for change in (*renames, *changes)]
    return Plan(tuple(possible), tuple(blocked), _risks(possible, found, max_share))


def _step(resource: Resource, found: Found) -> Change | None:
    current = found.get((resource.kind, resource.idnumber))
    if current is None:
        news = tuple(FieldChange(name, None, new) for name, new in resource.fields.items())
        return Change("create", resource, news)
    differing = differences(resource, current)
    return Change("change", resource, differing) if differing else None


def _new_names(desired: Sequence[Resource], there: Found, wanted: Set[Key]) -> dict[Key, str]:
    """What is called by a former name, with the name it is to have.

    Things are renamed where they are: in another course the name is of something else.
    """
    names: dict[Key, str] = {}
    for resource in desired:
        if resource.kind == "outline" or (resource.kind, resource.idnumber) in there:
            continue
        for former in resource.previously:
            key = resource.kind, former
            if key not in there or key in wanted or key in names:
                continue
            course = there[key].course
            if names.get(("course", course), course) == resource.course:
                names[key] = resource.idnumber
                break
    return names


def _renamed(resource: Resource, names: Mapping[Key, str]) -> Resource:
    """A found thing as it will be found once the renames are made."""
    if not names:
        return resource
    kind: Kind = "course" if resource.kind == "outline" else resource.kind
    return replace(
        resource,
        idnumber=names.get((kind, resource.idnumber), resource.idnumber),
        course=names.get(("course", resource.course), resource.course),
        fields={
            field: tuple(_renamed_name(field, name, names) for name in value)
            if isinstance(value, tuple)
            else value
            for field, value in resource.fields.items()
        },
    )


def _renamed_name(field: str, name: str, names: Mapping[Key, str]) -> str:
    if name.startswith(SECTION):
        bare = name.removeprefix(SECTION)
        return SECTION + names.get(("section", bare), bare)
    for kind in LISTED.get(field, ()):
        if new := names.get((kind, name)):
            return new
    return name


def differences(desired: Resource, actual: Resource) -> tuple[FieldChange, ...]:
    """The fields both sides know and do not agree on."""
    return tuple(
        FieldChange(name, actual.fields[name], new)
        for name, new in desired.fields.items()
        if name in actual.fields and not _agree(name, actual.fields[name], new)
    )


def _agree(name: str, old: Value, new: Value) -> bool:
    """Lists that only grow agree when nothing is lacking: Moodle keeps their order and rest."""
    if name in GROWING and isinstance(old, tuple) and isinstance(new, tuple):
        return set(new) <= set(old)
    return old == new


def _impossible(desired: Sequence[Resource], found: Found) -> dict[Key, str]:
    """What cannot be made as written, each with the reason; '' for what it takes with it."""
    reasons = {
        (resource.kind, resource.idnumber): reason
        for resource in desired
        if (reason := _clash(resource, found))
    }
    for kinds, holder in ((ACTIVITIES, "section"), (frozenset({"question"}), "quiz")):
        for resource in desired:
            if resource.kind in kinds and (holder, resource.parent) in reasons:
                reasons.setdefault((resource.kind, resource.idnumber), "")
    return reasons


def _clash(resource: Resource, found: Found) -> str:
    """An idnumber is one thing in one place for ever: a page cannot become a quiz."""
    if resource.kind not in ACTIVITIES | {"section"}:
        return ""
    same = found.get((resource.kind, resource.idnumber))
    if same and same.course != resource.course:
        return (
            f"{resource.idnumber} is in the course {same.course} in Moodle and in "
            f"{resource.course} in the curriculum: Moodle moves nothing between courses, "
            "so give it a new key."
        )
    if same or resource.kind == "section":
        return ""
    for kind in sorted(ACTIVITIES):
        if (kind, resource.idnumber) in found:
            return (
                f"{resource.idnumber} is a {kind} in Moodle and a {resource.kind} in the "
                "curriculum: give it a new key."
            )
    return ""


def _of_other_kinds(impossible: Iterable[Key]) -> set[Key]:
    """What stands in the way of something wanted stays as it is until a person decides."""
    return {(kind, idnumber) for _, idnumber in impossible for kind in ACTIVITIES}


def _frozen(step: Change, found: Found) -> str:
    """Moodle cannot add, remove or reorder the questions of a quiz that has attempts."""
    resource = step.resource
    current = found.get(step.key)
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


def _outline(desired: Resource, found: Found, impossible: Iterable[Key]) -> list[Change]:
    """Order, as sections each followed by its activities, once the other changes are made.

    New things are made at the end of where they belong, so the order they will stand in is
    known beforehand, and only a different one is a change.
    """
    left_out = {(SECTION if kind == "section" else "") + name for kind, name in impossible}
    wanted = tuple(name for name in _order(desired) if name not in left_out)
    actual = found.get(("outline", desired.idnumber))
    now = _order(actual) if actual else ()
    order, standing = as_lists(wanted), as_lists(now)
    made = {idnumber for kind, idnumber in found if kind in ACTIVITIES}
    expected = {
        section: [a for a in standing.get(section, []) if a in wanted]
        + [a for a in order[section] if a not in made]
        for section in [
            *(s for s in standing if s in order),
            *(s for s in order if s not in standing),
        ]
    }
    if list(expected.items()) == list(order.items()):
        return []
    resource = replace(desired, fields={"order": wanted})
    return [Change("change", resource, (FieldChange("order", now, wanted),))]


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


def _hides(found: Found, kept: Set[Key]) -> list[Change]:
    gone = [r for key, r in found.items() if r.kind in HIDEABLE and key not in kept]
    return [
        Change("hide", replace(r, fields={**r.fields, "visible": False}), (hiding,))
        for r in gone
        if r.fields.get("visible") is True
        for hiding in [FieldChange("visible", True, False)]
    ]


def _risks(changes: Sequence[Change], found: Found, max_share: float) -> tuple[str, ...]:
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
