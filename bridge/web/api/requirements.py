"""A requirement as the API says it."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.curriculum.model import ActivityDone, AtLeast, HasRole, Requirement, SignedOff


def requirement_as_data(requirements: Iterable[Requirement]) -> list[dict[str, object]]:
    """Each as its kind and what it names."""
    return [_said(requirement) for requirement in requirements]


def _said(requirement: Requirement) -> dict[str, object]:
    match requirement:
        case ActivityDone(key):
            return {"kind": "activity", "key": key}
        case SignedOff(key):
            return {"kind": "signoff", "key": key}
        case HasRole(role):
            return {"kind": "role", "key": role}
        case AtLeast(count, parts):
            return {"kind": "at-least", "count": count, "of": requirement_as_data(parts)}
