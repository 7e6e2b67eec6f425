"""The parts of a plan: resources, changes to them, and their order. Values only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, assert_never

from bridge.curriculum.images.image_file import ImageFile
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
"""Prefix of a section's idnumber in the order of a course outline."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One item in Moodle, as desired or as found.

    `fields` are compared one by one; fields that only one side has are not compared.
    `course`: idnumber of its course, '' for site-wide items. `parent`: idnumber of its section
    (for activities) or quiz (for questions). `previously`: idnumbers it may have had before, most
    likely first. `attempts`: number of real attempts by learners (found quizzes only).
    `payload`: sent with a change but not compared, such as the content behind a hash.
    `images`: sent with a change but not compared; the field `images` has their names and hashes.
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
    images: tuple[ImageFile, ...] = ()


SHOWN_HASH_LENGTH = 12
"""How many digits of an image's hash a plan compares and shows."""

Key = tuple[Kind, str]
"""Kind and idnumber, which identify a resource."""
Found = Mapping[Key, Resource]


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    old: Value | None
    new: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the action, the resource, and the fields that differ.

    `resource` is the desired state (for `hide`: the found resource, with `visible` off).
    """

    action: Action
    resource: Resource
    fields: tuple[FieldChange, ...] = ()

    @property
    def key(self) -> Key:
        return self.resource.kind, self.resource.idnumber

    @property
    def differing(self) -> tuple[FieldChange, ...]:
        """The fields whose old and new values matter to a person: none if all are new or kept."""
        match self.action:
            case "change" | "rename":
                return self.fields
            case "create" | "hide" | "by-hand":
                return ()
            case _:
                assert_never(self.action)

    @property
    def former(self) -> str:
        """The old idnumber for a rename, '' for other actions."""
        return next((str(f.old) for f in self.fields if f.name == "idnumber"), "")


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes, in the order to apply them.

    `blocked`: what cannot be applied as written. `risks`: reasons to refuse the plan without
    --force.
    """

    changes: tuple[Change, ...] = ()
    blocked: tuple[Message, ...] = ()
    risks: tuple[Message, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that identify the changes."""
        rows = [
            [c.action, *c.key, [[f.name, f.old, f.new] for f in c.fields]] for c in self.changes
        ]
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]

    def count(self, action: Action) -> int:
        return sum(change.action == action for change in self.changes)

    @property
    def steps(self) -> tuple[tuple[Change, ...], ...]:
        """The changes that are not by hand, in order, with the questions of a quiz grouped."""
        automatic = (change for change in self.changes if change.action != "by-hand")
        return tuple(tuple(group) for _, group in groupby(automatic, key=_group_key))


def _group_key(change: Change) -> object:
    resource = change.resource
    if resource.kind == "question" and change.action in ("create", "change"):
        return resource.course, resource.parent
    return change.action, change.key


def stored_image(name: str, sha1: str) -> str:
    """How the field `images` writes an image: its name, and enough of its hash to compare it."""
    return f"{name} {sha1[:SHOWN_HASH_LENGTH]}"


def as_lists(order: tuple[str, ...]) -> dict[str, list[str]]:
    """The activities of each section. In `order`, a `§section` comes before its activities."""
    lists: dict[str, list[str]] = {}
    for name in order:
        if name.startswith(SECTION):
            lists[name] = []
        else:
            next(reversed(lists.values())).append(name)
    return lists
