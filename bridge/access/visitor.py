"""A visitor: who opens a page, and their roles."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.access.decisions import allows, regions_of
from bridge.access.rights import Right
from bridge.access.roles import Role


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person who opens a page. `email` is '' if they aren't signed in.

    `member_id` and `region` are set for members; `chairs` holds the regions whose training
    committee they chair. The roles for single objects, such as a session, are in no visitor: the
    `subjects` of a feature say who has them.
    """

    email: str = ""
    member_id: int | None = None
    name: str = ""
    region: str = ""
    roles: frozenset[Role] = frozenset()
    chairs: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        return bool(self.email)

    def may(self, right: Right) -> bool:
        """Whether they have the right for anything at all."""
        return allows(right, self.roles)

    def regions(self, right: Right) -> frozenset[str] | None:
        """The regions for which they have the right; None for all and members without one."""
        return regions_of(right, self.roles, self.chairs)


ANONYMOUS = Visitor()
