"""What is recorded about a member, as far as requirements depend on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is recorded about one member in one curriculum, by kind: keys, no personal data.

    No field has a default, so that wherever facts are built, none can be forgotten.
    """

    activities: frozenset[str]
    """Completed activities: quizzes passed, pages read, links opened."""
    signoffs: frozenset[str]
    roles: frozenset[str]
    """Roles held today, in any scope."""
    awarded: frozenset[str]
    """Awarded milestones. These stay earned even if the curriculum changes."""
    status: str
    """The status in the union, which may keep milestones closed (`bridge.membership.status`)."""


NO_FACTS = Facts(
    activities=frozenset(), signoffs=frozenset(), roles=frozenset(), awarded=frozenset(), status=""
)
"""Nothing is recorded."""
