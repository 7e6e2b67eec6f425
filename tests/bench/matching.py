"""Matching mentees with mentors who take three, and peers with each other."""

from __future__ import annotations

import time

from bridge.mentoring.matching.mentees import match_mentees
from bridge.mentoring.matching.peers import match_peers
from tests.bench.support.subprocess_run import measured
from tests.bench.support.targets import Figure
from tests.mentoring.people import union


def run() -> list[Figure]:
    small, large = (measured("matching:mentees", *size) for size in ((500, 200), (5_000, 2_000)))
    pairs, odd = measured("matching:peers", 500), measured("matching:peers", 501)
    return [
        Figure("500 mentees, 200 mentors: time", small.result["seconds"], "s", 2),
        Figure("500 mentees, 200 mentors: peak memory", small.peak_mb, "MB"),
        Figure("5,000 mentees, 2,000 mentors: time", large.result["seconds"], "s", 60),
        Figure("5,000 mentees, 2,000 mentors: peak memory", large.peak_mb, "MB", 700),
        Figure("mentees matched", large.result["matched"], ""),
        Figure("500 peers: time", pairs.result["seconds"], "s"),
        Figure("501 peers, one group of three: time", odd.result["seconds"], "s"),
    ]


def mentees(few: int, some: int) -> dict[str, float]:
    people = union(few, some)
    started = time.perf_counter()
    found = match_mentees(*people)
    return {"seconds": time.perf_counter() - started, "matched": len(found.groups)}


def peers(number: int) -> dict[str, float]:
    people, _ = union(number, 1)
    started = time.perf_counter()
    found = match_peers(people)
    return {"seconds": time.perf_counter() - started, "matched": len(found.groups)}
