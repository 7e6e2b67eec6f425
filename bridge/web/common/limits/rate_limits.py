"""How often a client may request a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import Blueprint
from flask_limiter import Limiter, RouteLimit

from bridge.web.common.limits.client_network import client_network, client_site, has_larger_site

if TYPE_CHECKING:
    from bridge.web.common.services import Limit

SITE_FACTOR = 10
"""A larger IPv6 network may make this many times as many requests as one client."""

P = ParamSpec("P")
R = TypeVar("R")


def create_limiter() -> Limiter:
    """A limiter that counts in memory, by the client's network."""
    return Limiter(client_network, storage_uri="memory://")


def limit_clients(limiter: Limiter, limits: str, *, methods: list[str] | None = None) -> Limit:
    """A decorator for these limits, such as `10 per minute; 60 per hour`, of each client.

    Someone with a whole IPv6 network is a client for each /64 in it, so their /48 is limited too.
    """
    own, site = _own_and_site(limiter, limits, methods)

    def limited(view: Callable[P, R]) -> Callable[P, R]:
        return site(own(view))

    return limited


def limit_blueprint(limiter: Limiter, limits: str, pages: Blueprint) -> None:
    """Limit all pages of a blueprint together, as `limit_clients` does."""
    for each in _own_and_site(limiter, limits, None):
        each(pages)


def multiplied(limits: str) -> str:
    """The limits with `SITE_FACTOR` times as many requests."""
    return re.sub(r"\d+(?= per)", lambda each: str(int(each[0]) * SITE_FACTOR), limits)


def _own_and_site(
    limiter: Limiter, limits: str, methods: list[str] | None
) -> tuple[RouteLimit, RouteLimit]:
    site = limiter.limit(
        multiplied(limits), key_func=client_site, methods=methods,
        exempt_when=lambda: not has_larger_site(),
    )  # fmt: skip
    return limiter.limit(limits, methods=methods), site
