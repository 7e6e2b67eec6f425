"""Things that are called by a former name: found as they will be once they are renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from bridge.plan.model import SECTION, Found, Key, Kind, Resource

LISTED: Mapping[str, tuple[Kind, ...]] = {
    "questions": ("question",),
    "competencies": ("competency",),
    "order": ("page", "link", "quiz"),
}
"""The fields that name other things, and of which kinds those are."""


def new_names(desired: Sequence[Resource], there: Found, wanted: Set[Key]) -> dict[Key, str]:
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


def renamed(resource: Resource, names: Mapping[Key, str]) -> Resource:
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
