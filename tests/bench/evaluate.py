"""Evaluating which milestones every member has earned."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from statistics import median

from bridge.curriculum.model import Curriculum
from bridge.progress import NO_FACTS, Facts, evaluator
from tests.bench.site import curriculum
from tests.bench.support.targets import Figure

MEMBERS = 100_000


def run() -> list[Figure]:
    path = curriculum()
    facts = sample_facts(path, MEMBERS)
    seconds = median(_once(path, facts) for _ in range(3))
    steps = MEMBERS * len(path.milestones)
    return [
        Figure("100,000 members, one core", seconds, "s", 5, "median of 3"),
        Figure("one member and milestone", seconds / steps * 1e6, "µs"),
    ]


def sample_facts(path: Curriculum, members: int) -> list[Facts]:
    """Facts of members at every stage of the curriculum; some are stewards or have sign-offs."""
    chance = random.Random(20261122)
    activities = [a.key for m in path.milestones for a in m.course.activities]
    signoffs = ("basic-steward-training", "intermediate-training", "helped-with-event")
    return [
        replace(
            NO_FACTS,
            activities=frozenset(activities[: chance.randrange(len(activities) + 1)]),
            signoffs=frozenset(chance.sample(signoffs, chance.randrange(len(signoffs) + 1))),
            roles=frozenset(chance.choice(((), ("steward",)))),
        )
        for _ in range(members)
    ]


def _once(path: Curriculum, facts: list[Facts]) -> float:
    evaluate = evaluator(path)
    started = time.perf_counter()
    for known in facts:
        evaluate(known)
    return time.perf_counter() - started
