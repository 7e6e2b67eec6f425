"""Matching mentees with mentors, who take one or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from bridge.mentoring.matching.checks import by_id, check_pins, check_places, check_rules
from bridge.mentoring.matching.exclusions import Excluded, by_pair, why_not
from bridge.mentoring.matching.model import Group, Participant, Proposal, Rules, Unmatched
from bridge.mentoring.matching.preferences import MENTORS, pair_reasons
from bridge.messages import Message

People = Mapping[str, Participant]


def match_mentees(
    mentees: Iterable[Participant], mentors: Iterable[Participant], rules: Rules = MENTORS
) -> Proposal:
    """As many mentees as possible; then the most points for preferences. Pinned pairs are kept.

    Raises MatchingError if an id is there twice, or a pinned pair can't be.
    """
    of_mentees, of_mentors = by_id(mentees), by_id(mentors)
    excluded = by_pair(rules.exclusions)
    check_rules(rules)
    check_pins(rules.pins, of_mentees, of_mentors, excluded)
    check_places(rules.pins, of_mentors)
    pinned = {pin.mentee: pin.mentor for pin in rules.pins}
    free = [person for person in of_mentees.values() if person.id not in pinned]
    chosen = pinned | _solve(free, of_mentors, rules, excluded)
    groups = tuple(
        _group(of_mentees[mentee], of_mentors[chosen[mentee]], rules, pinned=mentee in pinned)
        for mentee in sorted(chosen)
    )
    used = Counter(chosen.values())
    return Proposal(
        groups,
        tuple(
            Unmatched(person.id, _why_unmatched(person, of_mentors, excluded))
            for person in free if person.id not in chosen
        ),
        tuple(
            Unmatched(person.id, _why_unused(person, of_mentees, excluded))
            for person in of_mentors.values() if not used[person.id]
        ),
        sum(group.points for group in groups) - load_points(used.values(), rules.load),
    )  # fmt: skip


def load_points(counts: Iterable[int], load: int) -> int:
    """What several mentees of the same mentor cost: `load` for the second, twice for the third."""
    return sum(load * count * (count - 1) // 2 for count in counts)


def _solve(
    free: list[Participant], mentors: People, rules: Rules, excluded: Excluded
) -> dict[str, str]:
    from bridge.mentoring.matching.assignment import assign
    from bridge.mentoring.matching.matrices import allowed_matrix, points_matrix

    people = list(mentors.values())
    allowed = allowed_matrix(free, people, excluded)
    most = allowed.sum(axis=0)
    taken = Counter(pin.mentor for pin in rules.pins)
    places = [
        (column, before)
        for column, mentor in enumerate(people)
        for before in range(
            taken[mentor.id], min(mentor.capacity, taken[mentor.id] + int(most[column]))
        )
    ]
    pairs = assign(points_matrix(free, people, rules.weights), allowed, places, rules.load)
    return {free[row].id: people[column].id for row, column in pairs}


def _group(mentee: Participant, mentor: Participant, rules: Rules, *, pinned: bool) -> Group:
    reasons = pair_reasons(mentee, mentor, rules.weights)
    points = sum(reason.points for reason in reasons)
    return Group((mentee.id, mentor.id), reasons, points, pinned)


def _why_unmatched(person: Participant, mentors: People, excluded: Excluded) -> Message:
    if not mentors:
        return Message("There are no mentors.")
    reasons = (why_not(person, mentor, excluded) for mentor in mentors.values())
    return _none_allowed(reasons) or Message("All mentors they could have are full.")


def _why_unused(person: Participant, mentees: People, excluded: Excluded) -> Message:
    if not person.capacity:
        return Message("They offer no places.")
    if not mentees:
        return Message("There are no mentees.")
    reasons = (why_not(mentee, person, excluded) for mentee in mentees.values())
    return _none_allowed(reasons) or Message("All mentees they could have have another mentor.")


def _none_allowed(reasons: Iterator[Message | None]) -> Message | None:
    counts: Counter[Message] = Counter()
    for reason in reasons:
        if reason is None:
            return None
        counts[reason] += 1
    most_often = min(counts, key=lambda reason: (-counts[reason], reason))
    return Message("Nobody is possible for them. Most often: %(reason)s", reason=most_often)
