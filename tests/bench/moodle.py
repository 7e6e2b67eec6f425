"""A real Moodle, at STEWARDPATH_TEST_MOODLE_URL with STEWARDPATH_TEST_MOODLE_TOKEN.

Only reads, unless STEWARDPATH_BENCH_KEY is set. Then it applies the shipped curriculum under that
key, with courses of its own. Use a test site: nothing deletes them.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import TypeVar

from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import change_feed
from bridge.moodle.site.connection import connect
from tests.bench.plan import measure, plan_only
from tests.bench.site import curriculum
from tests.bench.support.targets import Figure

T = TypeVar("T")
REPEATS = 5


def run() -> list[Figure]:
    url = os.environ.get("STEWARDPATH_TEST_MOODLE_URL", "")
    token = os.environ.get("STEWARDPATH_TEST_MOODLE_TOKEN", "")
    if not url or not token:
        sys.exit("Not run: set STEWARDPATH_TEST_MOODLE_URL and STEWARDPATH_TEST_MOODLE_TOKEN.")
    with Moodle(url, token) as moodle:
        return [*_reads(moodle), *_site(moodle, os.environ.get("STEWARDPATH_BENCH_KEY", ""))]


def _reads(moodle: Moodle) -> list[Figure]:
    connected, _ = _timed(lambda: connect(moodle))
    seconds, page = _timed(lambda: change_feed.changes(moodle, 0, []))
    newest, _ = _timed(lambda: change_feed.changes(moodle, page.newest, []))
    return [
        Figure("a cheap call", 1000 * connected, "ms", note=f"site info, median of {REPEATS}"),
        Figure("a page of the feed", 1000 * seconds, "ms", note=f"{len(page.changes)} changes"),
        Figure("the feed with nothing new", 1000 * newest, "ms", note=f"median of {REPEATS}"),
    ]


def _site(moodle: Moodle, key: str) -> list[Figure]:
    if not key:
        return plan_only(moodle, curriculum())
    moodle.calls.clear()
    return measure(moodle, replace(curriculum(), key=key))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
    return median(times), result
