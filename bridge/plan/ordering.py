"""The order of sections and activities in a course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bridge.plan.model import (
    ACTIVITIES,
    SECTION,
    Change,
    FieldChange,
    Found,
    Key,
    Resource,
    as_lists,
)


def order_of(desired: Resource, found: Found, impossible: Iterable[Key]) -> list[Change]:
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
