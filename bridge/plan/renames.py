"""Find resources that still have a former idnumber, and apply their renames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from bridge.plan.model import SECTION, Found, Key, Kind, Resource

REFERENCE_FIELDS: Mapping[str, tuple[Kind, ...]] = {
    "questions": ("question",),
    "competencies": ("competency",),
    "order": ("page", "link", "quiz"),
}
"""Fields that list other resources -> the kinds of those resources."""


def new_names(
    desired: Sequence[Resource], existing: Found, desired_keys: Set[Key]
) -> dict[Key, str]:
    """Key of each resource that has a former idnumber -> its new idnumber.

    A resource is renamed only within its course: in another course, the idnumber is of another
    resource.
    """
    names: dict[Key, str] = {}
    for resource in desired:
        if resource.kind == "outline" or (resource.kind, resource.idnumber) in existing:
            continue
        for former in resource.previously:
            key = resource.kind, former
            if key not in existing or key in desired_keys or key in names:
                continue
            course = existing[key].course
            if names.get(("course", course), course) == resource.course:
                names[key] = resource.idnumber
                break
    return names


def renamed(resource: Resource, names: Mapping[Key, str]) -> Resource:
    """The resource as it will be after the renames."""
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
    for kind in REFERENCE_FIELDS.get(field, ()):
        if new := names.get((kind, name)):
            return new
    return name
