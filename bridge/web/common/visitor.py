"""The visitor of a request, and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import g, request

from bridge.access.decisions import allows, regions_of
from bridge.access.holders import chaired_regions, configured_roles
from bridge.access.rights import Right
from bridge.access.roles import Role
from bridge.config import Config
from bridge.store.auth import logins
from bridge.store.auth.logins import LoginData
from bridge.web.common.services import Services, current_services

COOKIE = "stewardpath"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person who opens a page. `email` is '' if they aren't signed in.

    `member_id` and `region` are set for members; `chairs` holds the regions whose training
    committee they chair. The roles for single objects, such as a session, are in no visitor:
    see `subjects`.
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


def current_visitor() -> Visitor:
    """The visitor of this request. One query if there is a login cookie. Raises StoreError."""
    if "visitor" not in g:
        g.visitor = ANONYMOUS  # also for the error page when the store fails
        token = request.cookies.get(COOKIE, "")
        if token:
            g.visitor = _find_visitor(current_services(), token)
    return cast(Visitor, g.visitor)


def _find_visitor(services: Services, token: str) -> Visitor:
    now = services.now()
    with services.database.reading() as session:
        found = logins.find_login(session, token, now)
    if found is None:
        return ANONYMOUS
    if now - found.seen_at > logins.RETENTION:
        with services.database.transaction() as session:
            logins.touch(session, token, now)
    return visitor_of(services.config, found)


def visitor_of(config: Config, found: LoginData) -> Visitor:
    """The visitor of a login. No login stores a role: they are looked up each time."""
    member: frozenset[Role] = frozenset() if found.member_id is None else frozenset({"member"})
    return Visitor(
        email=found.email,
        member_id=found.member_id,
        name=found.name,
        region=found.region,
        roles=member | configured_roles(config, found.email),
        chairs=chaired_regions(config, found.email),
    )
