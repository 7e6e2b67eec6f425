"""Matching peers, and reverse mentoring."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import MatchingError
from bridge.mentoring.matching.model import Lesson, Participant, Pin
from bridge.mentoring.matching.peers import match_peers, match_reverse
from bridge.mentoring.matching.preferences import PEERS, REVERSE
from tests.mentoring.brute_force import allowed, best_pairs
from tests.mentoring.people import exclusions, participants, union, with_exclusions

people = participants("m", 6)


@settings(max_examples=60, deadline=None)
@given(people, exclusions())
def test_pairs_are_the_best_possible(some, excluded) -> None:
    rules = with_exclusions(PEERS, excluded)
    found = match_peers(some, rules)
    matched = sum(len(group.people) for group in found.groups)
    if len(some) % 2 == 0:
        assert (matched, found.points) == best_pairs(some, rules, teaching=False)
    else:
        assert matched >= best_pairs(some, rules, teaching=False)[0]
    by_id = {each.id: each for each in some}
    for group in found.groups:
        members = [by_id[each] for each in group.people]
        assert all(allowed(a, b, rules) for a in members for b in members if a is not b)
    assert sum(len(group.people) == 3 for group in found.groups) <= len(some) % 2
    assert matched + len(found.unmatched) == len(some)
    assert all(each.reason for each in found.unmatched)


@settings(max_examples=60, deadline=None)
@given(people, exclusions())
def test_reverse_pairs_are_the_best_possible(some, excluded) -> None:
    rules = with_exclusions(REVERSE, excluded)
    found = match_reverse(some, rules)
    score = 2 * len(found.groups), found.points
    assert score == best_pairs(some, rules, teaching=True)
    assert all(group.lessons for group in found.groups)


@settings(max_examples=50, deadline=None)
@given(people, exclusions(), st.randoms())
def test_the_order_of_the_input_does_not_matter(some, excluded, chance) -> None:
    rules = with_exclusions(PEERS, excluded)
    assert match_peers(chance.sample(some, len(some)), rules) == match_peers(some, rules)


@pytest.mark.parametrize("number", [3, 41, 43])
def test_an_odd_number_has_one_group_of_three_and_nobody_is_left_out(number: int) -> None:
    some = [replace(each, supervisors=()) for each in union(number, 1)[0]]
    sizes = sorted(len(group.people) for group in match_peers(some).groups)
    assert sizes == [2] * (number // 2 - 1) + [3]


def test_the_group_of_three_is_one_that_fits() -> None:
    """The third one who speaks French joins those who do."""
    french, english = frozenset({"fr"}), frozenset({"en"})
    some = [Participant(f"f{n}", languages=french) for n in range(3)]
    some += [Participant(f"e{n}", languages=english) for n in range(2)]
    assert [g.people for g in match_peers(some).groups] == [("e0", "e1"), ("f0", "f1", "f2")]


def test_a_pair_can_teach_in_both_directions() -> None:
    one = Participant("a", wants=frozenset({"email"}), offers=frozenset({"law"}))
    other = Participant("b", wants=frozenset({"law"}), offers=frozenset({"email"}))
    (group,) = match_reverse([other, one]).groups
    assert group.lessons == (Lesson("a", "b", ("law",)), Lesson("b", "a", ("email",)))
    alone = match_reverse([one]).unmatched
    assert alone[0].reason == "Nobody possible wants what they offer, or offers what they want."


def test_a_pinned_pair_of_peers_is_kept_and_is_one() -> None:
    some = [Participant(name) for name in "abcd"]
    found = match_peers(some, replace(PEERS, pins=(Pin("d", "a"),)))
    assert [(group.people, group.pinned) for group in found.groups] == [
        (("a", "d"), True), (("b", "c"), False),
    ]  # fmt: skip
    with pytest.raises(MatchingError, match="a is in two pinned pairs"):
        match_peers(some, replace(PEERS, pins=(Pin("d", "a"), Pin("a", "b"))))
