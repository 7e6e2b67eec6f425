"""Applying the shipped curriculum, and making a plan when there is nothing to do."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.curriculum.model import Curriculum
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import connect
from bridge.workflows.site_sync import apply, make_plan
from tests.bench.site import client, curriculum, served
from tests.bench.support.targets import Figure


def run() -> list[Figure]:
    with (
        TemporaryDirectory() as folder,
        served(Path(folder) / "sandbox.db") as url,
        closing(client(url)) as moodle,
    ):
        return measure(moodle, curriculum())


def measure(moodle: Moodle, path: Curriculum) -> list[Figure]:
    """Apply, then plan twice: the first plan may still warm something up."""
    started = time.perf_counter()
    applied = apply(connect(moodle), path, max_share=1)
    seconds = time.perf_counter() - started
    calls = moodle.calls.total()
    note = f"{applied.made} changes, {len(applied.refused)} refused"
    return [
        Figure("apply: calls", calls, "calls", note=note),
        Figure("apply: time", seconds, "s", note=f"{1000 * seconds / calls:.0f} ms a call"),
        *plan_only(moodle, path),
    ]


def plan_only(moodle: Moodle, path: Curriculum) -> list[Figure]:
    before = moodle.calls.total()
    started = time.perf_counter()
    plan = make_plan(connect(moodle), path, 1)
    seconds = time.perf_counter() - started
    calls = moodle.calls.total() - before
    courses = len(path.milestones)
    return [
        Figure("plan, nothing to do: changes", len(plan.changes), "", 0),
        Figure("plan, nothing to do: calls", calls, "calls", 2 + courses, f"{courses} courses"),
        Figure("plan, nothing to do: time", seconds, "s"),
    ]
