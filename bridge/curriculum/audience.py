"""Who something is for: the value of `audience:` in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from bridge.membership.roles import HeldRole
from bridge.membership.status import MEMBER, participation

STEWARD = "steward"
AudienceGroup = Literal["members", "stewards"]
GROUPS: tuple[AudienceGroup, ...] = get_args(AudienceGroup)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What an audience may depend on. Texts are '' if they aren't known.

    `roles`: those held now. `milestones`: the keys of those earned in the curriculum that the
    audience belongs to. `programs`: the keys of programmes that the member has completed, wholly or
    in part. `program_keys`: also those that a role now held is limited to.
    """

    status: str
    unit: str
    region: str
    roles: tuple[HeldRole, ...]
    milestones: frozenset[str]
    programs: frozenset[str]

    @property
    def program_keys(self) -> frozenset[str]:
        return self.programs.union(each.program for each in self.roles if each.program)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Every member who meets all conditions that are set; without any, every member.

    Someone who has left is not included, unless the audience asks for that status.

    `everyone`: also people who aren't members. Only forms can be for them.
    `stewards`: everyone with the role `steward` or one that ends in it, such as `chief-steward`.
    With `role`, the region, unit and programme are those that the role is limited to, if it is.
    """

    everyone: bool = False
    stewards: bool = False
    role: str = ""
    unit: str = ""
    region: str = ""
    milestone: str = ""
    program: str = ""
    status: str = ""

    @property
    def group(self) -> AudienceGroup:
        """The half of the path that it belongs to."""
        return "stewards" if self.stewards or _is_steward(self.role) else "members"

    @property
    def conditions(self) -> Iterator[tuple[str, str]]:
        """The keys and values that are set, as in YAML."""
        for name in CONDITIONS:
            if value := getattr(self, name):
                yield name, value

    def matches(self, member: MemberFacts) -> bool:
        """Whether the member meets all conditions."""
        return (
            (not self.stewards or any(_is_steward(each.role) for each in member.roles))
            and self._includes(member.status)
            and (not self.milestone or self.milestone in member.milestones)
            and any(self._fits(role, member) for role in self._roles(member))
        )

    def _includes(self, status: str) -> bool:
        return self.status == (status or MEMBER) if self.status else participation(status).included

    def _roles(self, member: MemberFacts) -> Iterable[HeldRole]:
        """The roles that may meet the conditions; one without a scope if none is asked for."""
        if not self.role:
            return (HeldRole(""),)
        return (each for each in member.roles if each.role == self.role)

    def _fits(self, role: HeldRole, member: MemberFacts) -> bool:
        programs = {role.program} if role.program else member.program_keys
        return (
            _same(self.region, role.region or member.region)
            and _same(self.unit, role.unit or member.unit)
            and (not self.program or self.program in programs)
        )


EVERYONE = Audience(everyone=True)
MEMBERS = Audience()
"""All members."""
CONDITIONS = ("role", "unit", "region", "milestone", "program", "status")


def _is_steward(role: str) -> bool:
    return role == STEWARD or role.endswith(f"-{STEWARD}")


def _same(wanted: str, value: str) -> bool:
    """Whether a value is the wanted one, ignoring case; every value is if none is wanted."""
    return not wanted or wanted.casefold() == value.casefold()
