"""Reading new results from the feed, compared with two ways that read everything."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bridge.config import Config
from bridge.jobs.tasks import run_pull
from bridge.moodle.site.connection import connect
from bridge.store.database import open_database
from bridge.workflows.results.reconcile import reconcile
from tests.bench import without_feed
from tests.bench.site import client, curriculum, fresh, served
from tests.bench.support import many_members
from tests.bench.support.stored_members import fill_store
from tests.bench.support.subprocess_run import Measured, measured
from tests.bench.support.targets import Figure

MEMBERS, FEWER_MEMBERS, NEW_CHANGES = 100_000, 10_000, 1_000
REPEATS = 3


def run() -> list[Figure]:
    fewer, _ = _measure_pulls(FEWER_MEMBERS)
    many, others = _measure_pulls(MEMBERS)
    ratio = f"{FEWER_MEMBERS:,} members: "
    base = fewer["seconds"], fewer["peak"]
    return [
        Figure("feed: calls", many["calls"], "calls", 3, f"{many['awards']:.0f} awards"),
        Figure("feed: peak memory", many["peak"], "MB", 200, ratio + f"{base[1]:.0f} MB"),
        Figure("feed: time", many["seconds"], "s", note=ratio + f"{base[0]:.2f} s"),
        Figure("feed: time, 10 times the members", many["seconds"] / base[0], "times", 1.5),
        *others,
    ]


def _measure_pulls(members: int) -> tuple[dict[str, float], list[Figure]]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        state = fresh(folder)
        feed = many_members.fill_site(state, members, NEW_CHANGES)
        fill_store(folder / "store.db", members, feed)
        with served(state) as url:
            runs = list(_runs(folder, url))
            others = _measure_alternatives(folder, url) if members == MEMBERS else []
    result = {key: median(run.result[key] for run in runs) for key in runs[0].result}
    return result | {"peak": max(run.peak_mb for run in runs)}, others


def _measure_alternatives(folder: Path, url: str) -> list[Figure]:
    """The alternatives and the nightly reconciliation, on the same data."""
    reconciliation = measured("pull:reconciled", url, f"sqlite:///{folder / 'store.db'}")
    return [
        *without_feed.per_member(url, MEMBERS),
        *without_feed.per_course(MEMBERS),
        Figure("nightly reconciliation: calls", reconciliation.result["calls"], "calls"),
        Figure(
            "nightly reconciliation: time",
            reconciliation.result["seconds"],
            "s",
            note="all 301,000",
        ),
        Figure("nightly reconciliation: peak memory", reconciliation.peak_mb, "MB", 200),
    ]


def _runs(folder: Path, url: str) -> Iterator[Measured]:
    """Several pulls, each on a fresh copy of the database."""
    for index in range(REPEATS):
        copy = folder / f"store-{index}.db"
        shutil.copy(folder / "store.db", copy)
        yield measured("pull:once", url, f"sqlite:///{copy}")
        copy.unlink()


def once(url: str, store: str) -> dict[str, float]:
    """One pull, in the process whose memory is measured."""
    database = open_database(store)
    path = curriculum()
    with closing(database), closing(client(url)) as moodle:
        started = time.perf_counter()
        pulled = run_pull(database, moodle, Config(), [path], lambda: datetime.now(UTC))
        seconds = time.perf_counter() - started
        calls = moodle.calls.total()
    assert pulled.changes == NEW_CHANGES, pulled
    return {"seconds": seconds, "calls": calls, "awards": pulled.awards}


def reconciled(url: str, store: str) -> dict[str, float]:
    """The nightly reconciliation, in the process whose memory is measured."""
    database = open_database(store)
    with closing(database), closing(client(url)) as moodle:
        started = time.perf_counter()
        pulled = reconcile(
            database, moodle, connect(moodle), [curriculum()], clock=lambda: datetime.now(UTC)
        )
        seconds = time.perf_counter() - started
    assert pulled.awards == NEW_CHANGES, pulled
    return {"seconds": seconds, "calls": moodle.calls.total()}
