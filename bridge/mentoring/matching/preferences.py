"""What speaks for a pair: the table of weights, points for two people, and the reasons in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from bridge.mentoring.matching.model import CriterionName, Participant, Reason, Rules, Weight
from bridge.messages import Message

MENTOR_WEIGHTS = (
    Weight("topics", 10, most=3),
    Weight("languages", 20),
    Weight("times", 5, most=2),
    Weight("region", 8),
    Weight("format", 6),
    Weight("again", 15),
)
PEER_WEIGHTS = (
    *MENTOR_WEIGHTS,
    Weight("same-topics", 6, most=3),
    Weight("teaches-back", 10, most=3),
)
REVERSE_WEIGHTS = (*MENTOR_WEIGHTS, Weight("teaches-back", 10, most=3))
MENTORS = Rules(MENTOR_WEIGHTS, load=2)
PEERS = Rules(PEER_WEIGHTS, load=0)
REVERSE = Rules(REVERSE_WEIGHTS, load=0)

Values = Callable[[Participant], frozenset[str]]


def _region(person: Participant) -> frozenset[str]:
    return frozenset({person.region} - {""})


def _pair_before(person: Participant) -> frozenset[str]:
    return frozenset(
        {f"of {person.id}"} | ({f"by {person.previous}"} if person.previous else set())
    )


def _pair_before_of_other(person: Participant) -> frozenset[str]:
    return frozenset(
        {f"by {person.id}"} | ({f"of {person.previous}"} if person.previous else set())
    )


SHARED: Mapping[CriterionName, tuple[Values, Values]] = {
    "topics": (lambda person: person.wants, lambda person: person.offers),
    "teaches-back": (lambda person: person.offers, lambda person: person.wants),
    "same-topics": (lambda person: person.wants, lambda person: person.wants),
    "languages": (lambda person: person.languages, lambda person: person.languages),
    "times": (lambda person: person.times, lambda person: person.times),
    "format": (lambda person: person.formats, lambda person: person.formats),
    "region": (_region, _region),
    "again": (_pair_before, _pair_before_of_other),
}
"""For each criterion, which values of the first and second person must be the same."""


def pair_reasons(
    first: Participant, second: Participant, weights: Iterable[Weight]
) -> tuple[Reason, ...]:
    """What speaks for the pair, by the order of the weights. Its points are their sum."""
    found = []
    for weight in weights:
        of_first, of_second = SHARED[weight.criterion]
        if shared := sorted(of_first(first) & of_second(second)):
            points = weight.points * min(len(shared), weight.most)
            values = () if weight.criterion == "again" else tuple(shared)
            found.append(Reason(weight.criterion, values, points))
    return tuple(found)


def reason_message(reason: Reason, label: Callable[[str], str] = str) -> Message:
    """The reason in words. `label` turns a key, such as that of a topic, into its title."""
    values = ", ".join(label(value) for value in reason.values)
    match reason.criterion:
        case "topics":
            return Message("Wants topics that the other offers: %(values)s", values=values)
        case "teaches-back":
            return Message("Offers topics that the other wants: %(values)s", values=values)
        case "same-topics":
            return Message("Both want: %(values)s", values=values)
        case "languages":
            return Message("Both speak: %(values)s", values=values)
        case "times":
            return Message("Both have time: %(values)s", values=values)
        case "format":
            return Message("Both can meet: %(values)s", values=values)
        case "region":
            return Message("Same region: %(values)s", values=values)
        case "again":
            return Message("Were a pair in the last round")
        case _:
            assert_never(reason.criterion)
