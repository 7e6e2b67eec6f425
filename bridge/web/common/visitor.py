"""The visitor of a request, and their roles."""

from __future__ import annotations

from typing import cast

from flask import g

from bridge.access.holders import regions_chaired, roles_of
from bridge.access.roles import Role
from bridge.access.visitor import ANONYMOUS
from bridge.access.visitor import Visitor as Visitor
from bridge.config import Config
from bridge.store.auth import logins
from bridge.store.auth.logins import LoginData
from bridge.web.common.cookies import read_cookie
from bridge.web.common.services import Services, current_services

COOKIE = "stewardpath"


def current_visitor() -> Visitor:
    """The visitor of this request. One query if there is a login cookie. Raises StoreError."""
    if "visitor" not in g:
        g.visitor = ANONYMOUS  # also for the error page when the store fails
        token = read_cookie(COOKIE)
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
        roles=member | roles_of(config, found.email, found.grants),
        chairs=regions_chaired(config, found.email, found.grants),
    )
