"""What is recorded about a member, as far as requirements depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NewType

CreditKind = Literal["signoff", "session", "led", "mentoring", "certificate", "program"]
"""What a credit is for. Sign-offs have a requirement of their own, `signoff:`."""

FeatureCredit = NewType("FeatureCredit", str)
"""A kind of credit that a feature gives. Its requirement is `credit: <kind>/<key>`."""


@dataclass(frozen=True, slots=True)
class CreditFact:
    """A credit of a kind other than `signoff`. `valid_until`: its last day, None for no end."""

    kind: CreditKind | FeatureCredit
    key: str
    occurred_on: date
    valid_until: date | None = None

    def is_valid(self, today: date, since: date = date.min) -> bool:
        """Whether it has not ended, and happened on `since` or later."""
        ended = self.valid_until is not None and self.valid_until < today
        return not ended and self.occurred_on >= since


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is recorded about one member in one curriculum, by kind: keys, no personal data.

    No field has a default, so that wherever facts are built, none can be forgotten.
    """

    activities: frozenset[str]
    """Completed activities: quizzes passed, pages read, links opened."""
    signoffs: frozenset[str]
    credits: frozenset[CreditFact]
    """All other credits, also those that have ended."""
    roles: frozenset[str]
    """Roles held today, in any scope."""
    awarded: frozenset[str]
    """Awarded milestones. These stay earned even if the curriculum changes."""
    status: str
    """The status in the union, which may keep milestones closed (`bridge.membership.status`)."""
    withheld: frozenset[str]
    """Milestones whose award was withdrawn, until they may be earned again."""
    today: date
    """The day on which the facts are evaluated: credits can end."""


NO_FACTS = Facts(
    activities=frozenset(),
    signoffs=frozenset(),
    credits=frozenset(),
    roles=frozenset(),
    awarded=frozenset(),
    status="",
    withheld=frozenset(),
    today=date.min,
)
"""Nothing is recorded."""
