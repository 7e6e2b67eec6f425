"""Roles that are given on the page Team: which ones, in which state, and who confirms them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bridge.access.rights import RIGHTS
from bridge.access.roles import Role

INVITATION_LIFETIME = timedelta(days=14)
"""How long someone has to accept a role by signing in, so that a wrong address lapses."""
GIVEN_ROLES: tuple[Role, ...] = (
    "committee", "chair", "auditor", "reviewer", "approver", "payroll", "grievance",
)  # fmt: skip
"""The roles that an address can be given, in the order of the page."""
CONFIDENTIAL_ROLES = frozenset(
    role
    for role in GIVEN_ROLES
    if any(right.confidential and role in right.cells for right in RIGHTS.values())
)
"""The roles that open what the committee doesn't see. A second person confirms each of them."""

GrantState = Literal["unconfirmed", "invited", "expired", "active"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that someone has accepted. `region`: the one that a chair is for, '' for others."""

    role: Role
    region: str = ""


def grant_state(
    invited_at: datetime | None, accepted_at: datetime | None, now: datetime
) -> GrantState:
    """In which state a role is. `invited_at` is None while nobody has confirmed the role."""
    if accepted_at is not None:
        return "active"
    if invited_at is None:
        return "unconfirmed"
    return "invited" if now < invited_at + INVITATION_LIFETIME else "expired"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who might confirm a role that someone gave. Addresses are in lower case.

    `own`: all addresses that the visitor has or had. `brought_in_by`: who gave the visitor their
    place on the committee, and who gave those people theirs, back to the configuration.
    `on_committee`: whether they have such a place. `holders`: who has the role to be confirmed.
    """

    own: Collection[str]
    brought_in_by: Collection[str]
    on_committee: bool
    holders: Collection[str]


def may_confirm(role: Role, given_to: str, lineage: Sequence[str], who: Confirmation) -> bool:
    """Whether this visitor may be the second person who confirms a confidential role.

    `lineage`: who gave it, and who brought them in, back to the configuration. Someone else who
    has the role confirms it. As long as nobody else has it, it is anyone on the committee,
    unless the giver, or anyone who brought the giver in, has also brought them in, directly or
    through others: otherwise one person with several addresses could do both.
    """
    own, givers = set(who.own), set(lineage)
    if role not in CONFIDENTIAL_ROLES or own & {given_to, *givers}:
        return False
    others = set(who.holders) - set(lineage[:1])
    if others:
        return bool(others & own)
    return who.on_committee and not givers & set(who.brought_in_by)
