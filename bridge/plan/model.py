"""What a plan is made of: things, how they differ, and the steps. Values only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from bridge.messages import Message

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
    blocked: tuple[Message, ...] = ()
    risks: tuple[Message, ...] = ()

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


def as_lists(order: tuple[str, ...]) -> dict[str, list[str]]:
    """An outline's order, by section: `§section` begins one, its activities follow."""
    lists: dict[str, list[str]] = {}
    for name in order:
        if name.startswith(SECTION):
            lists[name] = []
        else:
            next(reversed(lists.values())).append(name)
    return lists
