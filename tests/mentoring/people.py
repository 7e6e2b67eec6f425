"""Participants, exclusions and pins for hypothesis, and for the benchmark."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import strategies as st

from bridge.mentoring.matching.model import Exclusion, Participant, Rules
from bridge.messages import Message

CONFLICT = Message("They declared a conflict.")
few = st.frozensets(st.sampled_from("abc"), max_size=2)


def participants(prefix: str, largest: int) -> st.SearchStrategy[list[Participant]]:
    """Different people, with ids such as m3. Some are of the other side too (x1)."""
    ids = st.sampled_from([*(f"{prefix}{n}" for n in range(largest)), "x1"])
    one = st.builds(
        Participant, id=ids, wants=few, offers=few, languages=few, times=few, formats=few,
        region=st.sampled_from(["", "north", "south"]),
        supervisors=st.sampled_from([(), ("s1", "top"), ("s2", "top"), ("m1",), ("t1",)]),
        previous=st.sampled_from(["", "t1", "m1"]), capacity=st.integers(0, 3),
    )  # fmt: skip
    return st.lists(one, max_size=largest, unique_by=lambda person: person.id)


def exclusions() -> st.SearchStrategy[tuple[Exclusion, ...]]:
    ids = st.sampled_from(["m0", "m1", "m2", "m3", "t0", "t1", "t2", "x1"])
    return st.lists(st.builds(Exclusion, ids, ids, st.just(CONFLICT)), max_size=6).map(tuple)


def with_exclusions(rules: Rules, excluded: Sequence[Exclusion]) -> Rules:
    return Rules(rules.weights, rules.load, rules.pins, tuple(excluded))


def union(mentees: int, mentors: int) -> tuple[list[Participant], list[Participant]]:
    """A large round, always the same. Each mentor takes three."""
    chance = random.Random(20261129)

    def some(letters: str, most: int) -> frozenset[str]:
        return frozenset(chance.sample(letters, chance.randint(1, most)))

    def person(name: str) -> Participant:
        return Participant(
            name, some("abcdefghij", 3), some("abcdefghij", 4), some("efs", 2), some("mtwrf", 3),
            some("io", 2), chance.choice(("north", "east", "south", "west")),
            (f"s{chance.randrange(400)}", "top"), f"t{chance.randrange(4 * mentors)}", 3,
        )  # fmt: skip

    return [person(f"m{n}") for n in range(mentees)], [person(f"t{n}") for n in range(mentors)]
