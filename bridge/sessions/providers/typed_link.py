"""A link that the committee has typed: everyone with a seat gets the same."""

from __future__ import annotations

from bridge.sessions.providers.targets import Target


def join_link(target: Target) -> str:
    return target.address
