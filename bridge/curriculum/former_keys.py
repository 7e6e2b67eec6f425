"""The keys that something had before it was renamed."""

from __future__ import annotations

from typing import Protocol


class Renamed(Protocol):
    """Something with a key. `previously`: the key before it; `earlier`: those before that one."""

    @property
    def key(self) -> str: ...
    @property
    def previously(self) -> str: ...
    @property
    def earlier(self) -> tuple[str, ...]: ...


def former_keys(item: Renamed) -> tuple[str, ...]:
    """The keys that it had before, most recent first."""
    return tuple(dict.fromkeys(filter(None, (item.previously, *item.earlier))))


def all_keys(item: Renamed) -> tuple[str, ...]:
    """Its key, then those that it had before."""
    return (item.key, *former_keys(item))
