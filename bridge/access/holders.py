"""Who has the roles that an address is given: in the configuration, or on the page Team.

An address proves itself by signing in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from bridge.access.roles import ROLES, Role
from bridge.access.team import Grant
from bridge.config import Config
from bridge.member_records import email_key


def configured_roles(config: Config, email: str) -> frozenset[Role]:
    """The roles that the configuration gives to an email address. They add up."""
    key = email_key(email)
    listed = {role for role in ROLES if key in map(email_key, addresses(config, role))}
    return frozenset(listed)


def chaired_regions(config: Config, email: str) -> frozenset[str]:
    """The regions whose training committee the person with that address chairs."""
    key = email_key(email)
    return frozenset(name for name, chair in chairs(config) if email_key(chair) == key)


def roles_of(config: Config, email: str, grants: Collection[Grant]) -> frozenset[Role]:
    """All roles of an email address: those configured, and those that it accepted."""
    given = {each.role for each in grants if each.role != "chair" or each.region in config.regions}
    return configured_roles(config, email) | given


def regions_chaired(config: Config, email: str, grants: Collection[Grant]) -> frozenset[str]:
    """The regions that the person with that address chairs, by configuration or as accepted."""
    given = {each.region for each in grants if each.role == "chair"} & config.regions.keys()
    return chaired_regions(config, email) | given


def chairs(config: Config) -> Iterator[tuple[str, str]]:
    """Each region that has a chair, and the chair's address."""
    for name, region in config.regions.items():
        if region.chair:
            yield name, region.chair.email


def addresses(config: Config, role: Role) -> tuple[str, ...]:
    """The addresses that the configuration gives a role; none for roles from elsewhere."""
    if role == "chair":
        return tuple(dict.fromkeys(address for _, address in chairs(config)))
    setting = ROLES[role].setting
    return cast("tuple[str, ...]", getattr(config, setting)) if setting else ()


def holders(config: Config) -> Mapping[Role, tuple[str, ...]]:
    """Every role that the configuration gives, and who has it."""
    given = [role for role in ROLES if ROLES[role].setting or role == "chair"]
    return {role: addresses(config, role) for role in given}
