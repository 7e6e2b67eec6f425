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
    """The change to the order of sections and activities that remains after all other changes.

    New items are created at the end of their section or course. So the resulting order is known in
    advance, and a change is needed only if it differs from the desired order.
    """
    left_out = {(SECTION if kind == "section" else "") + name for kind, name in impossible}
    wanted = tuple(name for name in _order(desired) if name not in left_out)
    actual = found.get(("outline", desired.idnumber))
    now = _order(actual) if actual else ()
    order, current = as_lists(wanted), as_lists(now)
    existing = {idnumber for kind, idnumber in found if kind in ACTIVITIES}
    expected = {
        section: [a for a in current.get(section, []) if a in wanted]
        + [a for a in order[section] if a not in existing]
        for section in [
            *(s for s in current if s in order),
            *(s for s in order if s not in current),
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
