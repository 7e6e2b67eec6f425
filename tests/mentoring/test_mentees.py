"""Matching mentees with mentors."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import MatchingError
from bridge.mentoring.matching.exclusions import by_pair, why_not
from bridge.mentoring.matching.matrices import allowed_matrix, points_matrix
from bridge.mentoring.matching.mentees import match_mentees
from bridge.mentoring.matching.model import Exclusion, Participant, Pin, Proposal
from bridge.mentoring.matching.preferences import MENTORS, PEERS, reason_message
from tests.mentoring.brute_force import allowed, best_assignment, points
from tests.mentoring.people import CONFLICT, exclusions, participants, with_exclusions

mentees, mentors = participants("m", 4), participants("t", 3)


def person(name: str, **fields: object) -> Participant:
    return replace(Participant(name), **fields)


def pairs(proposal: Proposal) -> list[tuple[str, ...]]:
    return [group.people for group in proposal.groups]


@settings(max_examples=100, deadline=None)
@given(mentees, mentors, exclusions(), st.data())
def test_it_is_the_best_possible(
    few: list[Participant],
    some: list[Participant],
    excluded: tuple[Exclusion, ...],
    data: st.DataObject,
) -> None:
    rules = with_exclusions(MENTORS, excluded)
    could = [(a.id, b.id) for a in few for b in some if b.capacity and allowed(a, b, rules)]
    pins = tuple(Pin(*each) for each in could[:1] if data.draw(st.booleans()))
    rules = replace(rules, pins=pins)
    found = match_mentees(few, some, rules)
    assert (len(found.groups), found.points) == best_assignment(few, some, rules)
    assert {(pin.mentee, pin.mentor) for pin in pins} == {
        g.people for g in found.groups if g.pinned
    }
    by_mentee, by_mentor = ({each.id: each for each in side} for side in (few, some))
    used = Counter(mentor for _, mentor in pairs(found))
    assert all(count <= by_mentor[mentor].capacity for mentor, count in used.items())
    assert all(allowed(by_mentee[a], by_mentor[b], rules) for a, b in pairs(found))
    assert {a for a, _ in pairs(found)} | {u.id for u in found.unmatched} == by_mentee.keys()
    assert used.keys() | {u.id for u in found.unused_mentors} == by_mentor.keys()
    assert all(each.reason for each in (*found.unmatched, *found.unused_mentors))
    assert all(
        group.points == points(by_mentee[group.people[0]], by_mentor[group.people[1]], rules)
        for group in found.groups
    )


@settings(max_examples=100, deadline=None)
@given(mentees, mentors, exclusions(), st.randoms())
def test_the_order_of_the_input_does_not_matter(few, some, excluded, chance) -> None:
    expected = match_mentees(few, some, with_exclusions(MENTORS, excluded))
    mixed = [chance.sample(each, len(each)) for each in (few, some, excluded)]
    assert match_mentees(*mixed[:2], with_exclusions(MENTORS, mixed[2])) == expected


@settings(max_examples=60, deadline=None)
@given(mentees, mentors, exclusions())
def test_the_matrices_equal_the_rules_for_one_pair(few, some, excluded) -> None:
    found = points_matrix(few, some, PEERS.weights), allowed_matrix(few, some, by_pair(excluded))
    for row, one in enumerate(few):
        for column, other in enumerate(some):
            assert found[0][row, column] == points(one, other, PEERS)
            expected = why_not(one, other, by_pair(excluded)) is None
            assert found[1][row, column] == expected


def test_more_mentees_come_before_more_points() -> None:
    """The one best for both would leave the other alone."""
    both = person("t1", offers=frozenset("abc"), languages=frozenset("e"))
    wanted = person("m1", wants=frozenset("abc"), languages=frozenset("e"))
    only = Exclusion("m2", "t2", CONFLICT)
    found = match_mentees(
        [wanted, person("m2")], [both, person("t2")], replace(MENTORS, exclusions=(only,))
    )
    assert pairs(found) == [("m1", "t2"), ("m2", "t1")]


def test_the_load_is_spread_also_with_pinned_pairs() -> None:
    some = [person(f"t{n}", capacity=3) for n in (1, 2)]
    found = match_mentees([person(f"m{n}") for n in range(4)], some)
    assert Counter(b for _, b in pairs(found)) == {"t1": 2, "t2": 2}
    pins = (Pin("m0", "t1"), Pin("m1", "t1"))
    found = match_mentees([person(f"m{n}") for n in range(4)], some, replace(MENTORS, pins=pins))
    assert Counter(b for _, b in pairs(found)) == {"t1": 2, "t2": 2}


def test_reasons_in_words() -> None:
    mentee = person(
        "m1", wants=frozenset({"grievances"}), languages=frozenset({"fr"}), previous="t1"
    )
    mentor = person("t1", offers=frozenset({"grievances"}), languages=frozenset({"fr"}))
    (group,) = match_mentees([mentee], [mentor]).groups
    labels = {"fr": "French"}
    words = [reason_message(each, lambda key: labels.get(key, key)) for each in group.reasons]
    assert words == [
        "Wants topics that the other offers: grievances",
        "Both speak: French",
        "Were a pair in the last round",
    ]
    assert group.points == 10 + 20 + 15


def test_why_people_are_left_over() -> None:
    found = match_mentees([person("m1")], [])
    assert [each.reason for each in found.unmatched] == ["There are no mentors."]
    found = match_mentees([person("m1"), person("m2")], [person("t1"), person("t2", capacity=0)])
    assert [each.reason for each in found.unmatched] == ["All mentors they could have are full."]
    assert [each.reason for each in found.unused_mentors] == ["They offer no places."]
    rules = replace(MENTORS, exclusions=(Exclusion("t1", "m1", CONFLICT),))
    found = match_mentees([person("m1")], [person("t1")], rules)
    said = "Nobody is possible for them. Most often: They declared a conflict."
    assert [each.reason for each in (*found.unmatched, *found.unused_mentors)] == [said, said]
    found = match_mentees([], [person("t1")])
    assert [each.reason for each in found.unused_mentors] == ["There are no mentees."]
    found = match_mentees([person("m1")], [person("t1"), person("t2")])
    said = "All mentees they could have have another mentor."
    assert [each.reason for each in found.unused_mentors] == [said]


@pytest.mark.parametrize(
    ("few", "some", "rules", "said"),
    [
        (["m1", "m1"], ["t1"], {}, "m1 is in the list twice."),
        (["m1"], ["t1"], {"pins": (Pin("m1", "t9"),)}, "t9 is pinned, but not in this round."),
        (["x1"], ["x1"], {"pins": (Pin("x1", "x1"),)}, "This is the same person."),
        (["m1", "m2"], ["t1"], {"pins": (Pin("m1", "t1"), Pin("m2", "t1"))}, "has 1 places, but 2"),
        (["m1"], ["t1", "t2"], {"pins": (Pin("m1", "t1"), Pin("m1", "t2"))}, "in two pinned pairs"),
        (["m1"], ["t1"], {"load": -1}, "The weights can't be used."),
        (
            ["m1"], ["t1"],
            {"pins": (Pin("m1", "t1"),), "exclusions": (Exclusion("m1", "t1", CONFLICT),)},
            "m1 and t1 are pinned, but must not be a pair: They declared a conflict.",
        ),
    ],
)  # fmt: skip
def test_input_that_contradicts_itself(few, some, rules, said) -> None:
    with pytest.raises(MatchingError) as raised:
        match_mentees(map(person, few), map(person, some), replace(MENTORS, **rules))
    assert said in raised.value.what
    assert raised.value.todo
