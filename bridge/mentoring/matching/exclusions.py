"""Which pairs are not allowed, and why."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.mentoring.matching.model import Exclusion, Participant
from bridge.messages import Message

Excluded = dict[frozenset[str], Message]
"""Why two people must not be a pair, by their ids."""


def by_pair(exclusions: Iterable[Exclusion]) -> Excluded:
    """The exclusions to look up. Of several for one pair, the first in the alphabet counts."""
    latest_first = sorted(exclusions, key=lambda each: each.reason, reverse=True)
    return {frozenset((each.first, each.second)): each.reason for each in latest_first}


def why_not(first: Participant, second: Participant, excluded: Excluded) -> Message | None:
    """Why the two must not be a pair, or None if they may."""
    if first.id == second.id:
        return Message("This is the same person.")
    if reason := excluded.get(frozenset((first.id, second.id))):
        return reason
    if first.id in second.supervisors or second.id in first.supervisors:
        return Message("One is the other's supervisor.")
    if first.supervisors[:1] and first.supervisors[:1] == second.supervisors[:1]:
        return Message("They have the same supervisor.")
    return None
