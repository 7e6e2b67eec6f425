"""Requirements as JSON data."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.curriculum.model import ActivityDone, AtLeast, HasRole, Requirement, SignedOff


def requirement_as_data(requirements: Iterable[Requirement]) -> list[dict[str, object]]:
    """Each requirement as its kind and the key it refers to."""
    return [_as_data(requirement) for requirement in requirements]


def _as_data(requirement: Requirement) -> dict[str, object]:
    match requirement:
        case ActivityDone(key):
            return {"kind": "activity", "key": key}
        case SignedOff(key):
            return {"kind": "signoff", "key": key}
        case HasRole(role):
            return {"kind": "role", "key": role}
        case AtLeast(count, parts):
            return {"kind": "at-least", "count": count, "of": requirement_as_data(parts)}
