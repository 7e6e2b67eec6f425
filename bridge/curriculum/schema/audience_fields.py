"""The keys that say who something is for."""

from __future__ import annotations

from bridge.curriculum.audience import GROUPS
from bridge.curriculum.value_types import Label, Name, OneOf, Record, Word, optional
from bridge.membership.status import STATUSES

AUDIENCE_SHAPE = OneOf(("audience",), "`members`, `stewards` or conditions", word=Word(GROUPS))
OPEN_AUDIENCE_SHAPE = OneOf(
    ("audience",),
    "`everyone`, `members`, `stewards` or conditions",
    word=Word(("everyone", *GROUPS)),
)
"""Also for people who aren't members."""

AUDIENCE = Record(
    "audience",
    "Who it is for: those who meet all of these.",
    (
        optional("role", Name(is_role=True), "A role in the union, such as `trustee`."),
        optional("unit", Label(100), "A bargaining unit, as the membership system writes it."),
        optional("region", Label(40), "A region: its key in the configuration."),
        optional(
            "milestone", Name(refers=True), "A milestone of this curriculum that they have earned."
        ),
        optional("program", Label(40), "A programme that they take part in."),
        optional("status", Word(STATUSES), "Their status in the union."),
    ),
)
