"""Every page beside 100,000 members: how long its handler takes, and what it asks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask import Flask

from bridge.config import Config
from bridge.store.database import Database, open_database
from bridge.workflows.statistics import update_statistics
from tests.bench import rates
from tests.bench.site import curriculum
from tests.bench.support.app_factory import (
    browser,
    configured,
    create_bench_app,
    now,
    unvisited,
    visit,
)
from tests.bench.support.large_union import fill
from tests.bench.support.sql_counter import counted
from tests.bench.support.targets import Figure
from tests.bench.visits import EVERY, Visit

MEMBERS = 100_000
TIMES = 11
MOST = 100
"""Milliseconds, at the median."""
EXPECTED = (200, 303, 404, 410, 503)


def run() -> list[Figure]:
    with TemporaryDirectory() as name, _union(Path(name)) as (config, database):
        count = _counted(database)
        app = create_bench_app(config, database)
        assert not unvisited(app, EVERY), unvisited(app, EVERY)
        pages = [_opened(app, each) for each in EVERY]
        return [count, *pages, *rates.measured(config)]


@contextmanager
def _union(folder: Path) -> Iterator[tuple[Config, Database]]:
    config = configured(folder)
    with closing(open_database(config.database_url)) as database:
        database.migrate()
        fill(database, curriculum(), MEMBERS, now())
        yield config, database


def _counted(database: Database) -> Figure:
    """What no page waits for."""
    started = time.perf_counter()
    update_statistics(database, [curriculum()], now)
    seconds = time.perf_counter() - started
    return Figure("counting everything, beside the pages", seconds, "s")


def _opened(app: Flask, each: Visit) -> Figure:
    """A page some times, the first of them for warming up; what a redirect leads to is another."""
    client, taken = browser(app, each.actor), []
    for n in range(34_000, 34_001 + TIMES):
        with counted() as counts:
            started = time.perf_counter()
            with visit(client, each, n) as answer:
                list(islice(answer.iter_encoded(), 3))
                taken.append(1000 * (time.perf_counter() - started))
        assert answer.status_code in EXPECTED, (each.name, answer.status)
    first, *others = taken
    note = f"{counts['queries']} queries; the first time {first:.0f} ms"
    whole = ".csv" not in each.address  # an export is read in pieces of 1,000 rows
    return Figure(each.name, median(others), "ms", MOST if whole else None, note)
