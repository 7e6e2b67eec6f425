"""The best possible result, found by trying everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bridge.mentoring.matching.exclusions import by_pair, why_not
from bridge.mentoring.matching.mentees import load_points
from bridge.mentoring.matching.model import Participant, Rules
from bridge.mentoring.matching.peers import lessons
from bridge.mentoring.matching.preferences import pair_reasons

Score = tuple[int, int]


def allowed(one: Participant, other: Participant, rules: Rules) -> bool:
    return why_not(one, other, by_pair(rules.exclusions)) is None


def points(one: Participant, other: Participant, rules: Rules) -> int:
    return sum(reason.points for reason in pair_reasons(one, other, rules.weights))


def best_assignment(
    mentees: Sequence[Participant], mentors: Sequence[Participant], rules: Rules
) -> Score:
    """Mentees matched, and the total."""
    pinned = {pin.mentee: pin.mentor for pin in rules.pins}

    def scores(left: Sequence[Participant], used: Counter[str]) -> Iterator[Score]:
        if not left:
            yield 0, -load_points(used.values(), rules.load)
            return
        first, rest = left[0], left[1:]
        if first.id not in pinned:
            yield from scores(rest, used)
        for mentor in mentors:
            wrong = pinned.get(first.id, mentor.id) != mentor.id
            if wrong or used[mentor.id] >= mentor.capacity or not allowed(first, mentor, rules):
                continue
            gained = points(first, mentor, rules)
            for count, total in scores(rest, used + Counter([mentor.id])):
                yield count + 1, total + gained

    return max(scores(mentees, Counter()))


def best_pairs(people: Sequence[Participant], rules: Rules, *, teaching: bool) -> Score:
    """People in pairs, and the total."""
    if not people:
        return 0, 0
    first, rest = people[0], people[1:]
    best = best_pairs(rest, rules, teaching=teaching)
    for n, other in enumerate(rest):
        if allowed(first, other, rules) and (not teaching or lessons(first, other)):
            count, total = best_pairs([*rest[:n], *rest[n + 1 :]], rules, teaching=teaching)
            best = max(best, (count + 2, total + points(first, other, rules)))
    return best
