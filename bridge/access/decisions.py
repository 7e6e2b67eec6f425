"""Decisions: what the table of rights gives to the roles that a visitor has."""

from __future__ import annotations

from collections.abc import Collection

from bridge.access.rights import RIGHTS, Right
from bridge.access.roles import ROLES, Role


def is_public(right: Right) -> bool:
    """Whether no roles are needed: everyone has the right, or the page checks a key itself."""
    return RIGHTS[right].by_key or "visitor" in RIGHTS[right].cells


def allows(right: Right, held: Collection[Role]) -> bool:
    """Whether these roles have the right for anything at all."""
    return is_public(right) or any(role in RIGHTS[right].cells for role in held)


def allows_for(right: Right, held: Collection[Role], here: Collection[Role]) -> bool:
    """Whether a visitor has the right for one object.

    `held`: the visitor's roles. `here`: the roles that the object's feature says they have for it;
    "member" means that it is about them. A feature can't make anyone an approver who isn't one.
    """
    data = RIGHTS[right]
    if data.not_for_own and "member" in here:
        return False
    return any(
        role in held if scope == "all" else role in here and _may_have(role, held)
        for role, scope in data.cells.items()
    )


def _may_have(role: Role, held: Collection[Role]) -> bool:
    """Whether a feature may give them the role: they hold it, or only features give it."""
    return role in held or (ROLES[role].per_object and not ROLES[role].setting)


def regions_of(
    right: Right, held: Collection[Role], chaired: frozenset[str]
) -> frozenset[str] | None:
    """The regions for which these roles have the right; None for all and for members without one.

    `chaired`: the regions that the visitor chairs.
    """
    scopes = {scope for role, scope in RIGHTS[right].cells.items() if role in held}
    if "all" in scopes:
        return None
    return chaired if "own regions" in scopes else frozenset()
