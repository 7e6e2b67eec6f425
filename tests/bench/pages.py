"""Every page with 100,000 members: how long its handler takes, and how many queries it makes."""

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
from tests.bench.site import curriculum
from tests.bench.support import rates
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
from tests.bench.support.visits import ALL_VISITS, Visit

MEMBERS = 100_000
REPEATS = 11
MAX_MEDIAN_MS = 100
EXPECTED_STATUSES = (200, 303, 404, 410, 503)


def run() -> list[Figure]:
    with TemporaryDirectory() as name, _filled_database(Path(name)) as (config, database):
        count = _measure_count(database)
        app = create_bench_app(config, database)
        assert not unvisited(app, ALL_VISITS), unvisited(app, ALL_VISITS)
        pages = [_measure_page(app, each) for each in ALL_VISITS]
        return [count, *pages, *rates.measure(config)]


@contextmanager
def _filled_database(folder: Path) -> Iterator[tuple[Config, Database]]:
    config = configured(folder)
    with closing(open_database(config.database_url)) as database:
        database.migrate()
        fill(database, curriculum(), MEMBERS, now())
        yield config, database


def _measure_count(database: Database) -> Figure:
    """Count the statistics, as the job does."""
    started = time.perf_counter()
    update_statistics(database, [curriculum()], now)
    seconds = time.perf_counter() - started
    return Figure("counting the statistics (job)", seconds, "s")


def _measure_page(app: Flask, each: Visit) -> Figure:
    """Open one page several times; the first warms up. A redirect is not followed."""
    client, times = browser(app, each.visitor), []
    for n in range(34_000, 34_001 + REPEATS):
        with counted() as counts:
            started = time.perf_counter()
            with visit(client, each, n) as answer:
                list(islice(answer.iter_encoded(), 3))
                times.append(1000 * (time.perf_counter() - started))
        assert answer.status_code in EXPECTED_STATUSES, (each.name, answer.status)
    first, *others = times
    note = f"{counts['queries']} queries; the first time {first:.0f} ms"
    is_page = ".csv" not in each.address  # an export is read in parts of 1,000 rows
    return Figure(each.name, median(others), "ms", MAX_MEDIAN_MS if is_page else None, note)
