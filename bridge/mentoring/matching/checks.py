"""Checks of the input, before anyone is matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bridge.errors import MatchingError
from bridge.mentoring.matching.exclusions import Excluded, why_not
from bridge.mentoring.matching.model import Participant, Pin, Rules
from bridge.messages import Message


def by_id(people: Iterable[Participant]) -> dict[str, Participant]:
    """The people in the order of their ids. Raises MatchingError if an id is there twice."""
    people = sorted(people, key=lambda person: person.id)
    for one, following in pairwise(people):
        if one.id == following.id:
            what = Message("%(person)s is in the list twice.", person=one.id)
            raise MatchingError(what, todo=Message("Keep one application for each person."))
    return {person.id: person for person in people}


def check_rules(rules: Rules) -> None:
    """Raise MatchingError if points are negative, or a criterion is weighed twice."""
    names = [weight.criterion for weight in rules.weights]
    negative = rules.load < 0 or any(w.points < 0 or w.most < 1 for w in rules.weights)
    if negative or len(set(names)) < len(names):
        raise MatchingError(
            Message("The weights can't be used."),
            todo=Message("Give each criterion once, with points of 0 or more."),
        )


def check_pins(
    pins: Sequence[Pin],
    mentees: Mapping[str, Participant],
    mentors: Mapping[str, Participant],
    excluded: Excluded,
) -> None:
    """Raise MatchingError for a pinned pair that can't be: unknown, excluded, or twice."""
    for pin in pins:
        for person, known in ((pin.mentee, mentees), (pin.mentor, mentors)):
            if person not in known:
                what = Message("%(person)s is pinned, but not in this round.", person=person)
                raise _unpin(what)
        if reason := why_not(mentees[pin.mentee], mentors[pin.mentor], excluded):
            raise _unpin(
                Message(
                    "%(one)s and %(other)s are pinned, but must not be a pair: %(reason)s",
                    one=pin.mentee, other=pin.mentor, reason=reason,
                )
            )  # fmt: skip
    _check_once(pin.mentee for pin in pins)


def check_places(pins: Sequence[Pin], mentors: Mapping[str, Participant]) -> None:
    """Raise MatchingError if a mentor has fewer places than pinned pairs, or less than none."""
    taken = Counter(pin.mentor for pin in pins)
    for mentor in mentors.values():
        if mentor.capacity < 0:
            what = Message("%(person)s has fewer than 0 places.", person=mentor.id)
            raise MatchingError(what, todo=Message("Correct the number of places."))
        if mentor.capacity < taken[mentor.id]:
            raise _unpin(
                Message(
                    "%(person)s has %(places)s places, but %(pins)s pinned pairs.",
                    person=mentor.id, places=mentor.capacity, pins=taken[mentor.id],
                )
            )  # fmt: skip


def check_peer_pins(pins: Sequence[Pin]) -> None:
    """Raise MatchingError if a peer is in two pinned pairs."""
    _check_once(person for pin in pins for person in (pin.mentee, pin.mentor))


def _check_once(people: Iterable[str]) -> None:
    twice = sorted(person for person, count in Counter(people).items() if count > 1)
    if twice:
        raise _unpin(Message("%(person)s is in two pinned pairs.", person=twice[0]))


def _unpin(what: Message) -> MatchingError:
    return MatchingError(what, todo=Message("Unpin the pair, or correct the applications."))
