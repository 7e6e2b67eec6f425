"""Matching equals with each other, and reverse mentoring, where topics say who teaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from bridge.mentoring.matching.checks import by_id, check_peer_pins, check_pins, check_rules
from bridge.mentoring.matching.exclusions import Excluded, by_pair
from bridge.mentoring.matching.model import (
    Group,
    Lesson,
    Participant,
    Proposal,
    Reason,
    Rules,
    Unmatched,
    Weight,
)  # fmt: skip
from bridge.mentoring.matching.preferences import PEERS, REVERSE, pair_reasons
from bridge.messages import Message

Edges = Mapping[tuple[str, str], int]
"""The points of each allowed pair; the first id is the smaller."""
Groups = list[tuple[str, ...]]
MAX_LEFT_OUT_TRIED = 10
TEACHING = (Weight("topics", 1), Weight("teaches-back", 1))
"""One of the two can teach the other something."""


def match_peers(people: Iterable[Participant], rules: Rules = PEERS) -> Proposal:
    """Pairs of equals, and one group of three if the number is odd.

    As many people as possible; then the most points. Raises MatchingError like `match_mentees`.
    """
    return _match(by_id(people), rules, three=True, teaching=False)


def match_reverse(people: Iterable[Participant], rules: Rules = REVERSE) -> Proposal:
    """Pairs in which at least one offers a topic that the other wants; `lessons` has them all.

    As many people as possible; then the most points. Raises MatchingError like `match_mentees`.
    """
    return _match(by_id(people), rules, three=False, teaching=True)


def lessons(one: Participant, other: Participant) -> tuple[Lesson, ...]:
    """Who can teach the other what, in both directions."""
    both = (
        Lesson(teacher.id, learner.id, tuple(sorted(teacher.offers & learner.wants)))
        for teacher, learner in ((one, other), (other, one))
    )
    return tuple(lesson for lesson in both if lesson.topics)


def _match(
    people: Mapping[str, Participant], rules: Rules, *, three: bool, teaching: bool
) -> Proposal:
    excluded = by_pair(rules.exclusions)
    check_rules(rules)
    check_pins(rules.pins, people, people, excluded)
    check_peer_pins(rules.pins)
    pinned = [tuple(sorted((pin.mentee, pin.mentor))) for pin in rules.pins]
    fixed = {person for pair in pinned for person in pair}
    edges = _edges([p for p in people.values() if p.id not in fixed], rules, excluded, teaching)
    free = sorted(people.keys() - fixed)
    chosen = best_groups(free, edges) if three else _pairs(free, edges)
    groups = [replace(_group(people, each, rules), pinned=True) for each in pinned]
    groups += [_group(people, each, rules) for each in chosen]
    used = fixed | {person for each in chosen for person in each}
    alone = [person for person in free if person not in used]
    with_edge = {person for pair in edges for person in pair}
    return Proposal(
        tuple(sorted(groups, key=lambda group: group.people)),
        tuple(Unmatched(each, _why(each in with_edge, teaching)) for each in alone),
        (),
        sum(group.points for group in groups),
    )


def _edges(free: Sequence[Participant], rules: Rules, excluded: Excluded, teaching: bool) -> Edges:
    from bridge.mentoring.matching.matrices import allowed_matrix, points_matrix

    points = points_matrix(free, free, rules.weights).tolist()
    allowed = allowed_matrix(free, free, excluded)
    if teaching:
        allowed &= points_matrix(free, free, TEACHING) > 0
    possible = allowed.tolist()
    return {
        (free[one].id, free[other].id): points[one][other]
        for one, other in combinations(range(len(free)), 2)
        if possible[one][other]
    }


def _pairs(people: Sequence[str], edges: Edges) -> Groups:
    from bridge.mentoring.matching.pairing import pair_up

    return list(pair_up(people, edges))


def best_groups(people: Sequence[str], edges: Edges) -> Groups:
    """Pairs; if the number is odd, someone joins a pair. Tries who that is.

    With more than MAX_LEFT_OUT_TRIED people, only those with the fewest points in their best pair.
    """
    if len(people) % 2 == 0 or len(people) < 3:
        return _pairs(people, edges)
    best = dict.fromkeys(people, 0)
    for pair, points in edges.items():
        for person in pair:
            best[person] = max(best[person], points)
    tried = sorted(people, key=lambda person: (best[person], person))[:MAX_LEFT_OUT_TRIED]
    solutions = [_with_third(third, people, edges) for third in tried]
    return max(solutions, key=lambda groups: _rank(groups, edges))


def _with_third(third: str, people: Sequence[str], edges: Edges) -> Groups:
    others = [person for person in people if person != third]
    groups = _pairs(others, {pair: edges[pair] for pair in edges if third not in pair})
    joined = [(_three(third, pair), pair) for pair in groups]
    possible = [(group, pair) for group, pair in joined if _inner(group) <= edges.keys()]
    if possible:
        group, pair = max(possible, key=lambda each: _gain(each[0], each[1], edges))
        groups[groups.index(pair)] = group
    return groups


def _three(third: str, pair: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted((third, *pair)))


def _inner(group: tuple[str, ...]) -> set[tuple[str, str]]:
    return set(combinations(group, 2))


def _gain(group: tuple[str, ...], pair: tuple[str, ...], edges: Edges) -> int:
    return sum(edges[each] for each in _inner(group) - _inner(pair))


def _rank(groups: Groups, edges: Edges) -> tuple[int, int]:
    inner = [pair for group in groups for pair in _inner(group)]
    return sum(len(group) for group in groups), sum(edges[pair] for pair in inner)


def _group(people: Mapping[str, Participant], ids: tuple[str, ...], rules: Rules) -> Group:
    found = [(people[one], people[other]) for one, other in combinations(ids, 2)]
    reasons: tuple[Reason, ...] = tuple(
        reason for pair in found for reason in pair_reasons(*pair, rules.weights)
    )
    taught = tuple(lesson for pair in found for lesson in lessons(*pair))
    return Group(ids, reasons, sum(each.points for each in reasons), lessons=taught)


def _why(possible: bool, teaching: bool) -> Message:
    if possible:
        return Message("All people they could be a pair with have another.")
    if teaching:
        return Message("Nobody possible wants what they offer, or offers what they want.")
    return Message("There is nobody they may be a pair with.")
