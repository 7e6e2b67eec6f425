"""Which changes need another one to be made first. Pure functions."""

from __future__ import annotations

from collections.abc import Collection

from bridge.plan.model import SECTION, Key, Kind, Resource

SITE_WIDE_NEEDS: frozenset[tuple[Kind, Kind]] = frozenset(
    {("course", "category"), ("competency", "framework"), ("template", "framework")}
)
"""Kinds that need a resource of another kind, of which a curriculum has only one."""


def needs_one_of(resource: Resource, missing: Collection[Key]) -> bool:
    """Whether a resource can't be made or changed while these others are missing in Moodle."""
    return any(_needs(resource, *key) for key in missing)


def _needs(resource: Resource, kind: Kind, idnumber: str) -> bool:
    if (resource.kind, kind) in SITE_WIDE_NEEDS:
        return True
    if kind == "course":
        return resource.course == idnumber
    return idnumber in _named_parts(resource)


def _named_parts(resource: Resource) -> set[str]:
    """The idnumbers of its section or quiz, and of the parts that its fields list.

    A question's quiz is left out: questions are created before their quiz.
    """
    lists = [value for value in resource.fields.values() if isinstance(value, tuple)]
    names = {name.removeprefix(SECTION) for value in lists for name in value}
    return names if resource.kind == "question" else names | {resource.parent}
