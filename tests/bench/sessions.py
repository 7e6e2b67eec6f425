"""The calendar of 500 live sessions with 50,000 registrations, and a personal calendar feed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from bridge.store.database import Database, open_database
from bridge.store.persons import records
from bridge.workflows.personal_links import new_calendar_address
from tests.bench.site import curriculum
from tests.bench.support.app_factory import MEMBER, browser, configured, create_bench_app, now
from tests.bench.support.large_union import fill
from tests.bench.support.large_union_sessions import store_sessions
from tests.bench.support.sql_counter import counted
from tests.bench.support.targets import Figure
from tests.bench.support.visits import Visitor

MEMBERS, SESSIONS, PEOPLE = 40_000, 500, 100
REPEATS = 11
MAX_PAGE_MS, MAX_FEED_MS = 100, 20
VISITORS: tuple[Visitor, ...] = ("nobody", "member", "committee")


def run() -> list[Figure]:
    with _application() as (app, feed, month):
        pages = [
            _measure(f"{visitor}: {address}", MAX_PAGE_MS, _opening(app, visitor, address))
            for visitor in VISITORS
            for address in ("/sessions", f"/sessions/month/{month}")
        ]
        lists = [_measure("committee: /committee/sessions", MAX_PAGE_MS,
                          _opening(app, "committee", "/committee/sessions"))]  # fmt: skip
        feeds = [
            _measure(f"{name} feed", MAX_FEED_MS, _opening(app, "nobody", address))
            for name, address in (("personal", feed), ("public", "/sessions.ics"))
        ]
        return [*pages, *lists, *feeds]


@contextmanager
def _application() -> Iterator[tuple[Flask, str, str]]:
    """The application, the address of a member's feed, and the month of all sessions."""
    with TemporaryDirectory() as name:
        config = configured(Path(name))
        with closing(open_database(config.database_url)) as database:
            database.migrate()
            fill(database, curriculum(), MEMBERS, now(), sessions=False)
            first = _fill_month(database)
            with database.transaction() as session:
                person = records.person_of_member(session, MEMBER, now())
                address = new_calendar_address(session, config, person, now())
            app = create_bench_app(config, database)
            yield app, urlsplit(address).path, f"{first:%Y-%m}"


def _fill_month(database: Database) -> datetime:
    """Store all sessions within the next month; return its first day."""
    first = (now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
             + timedelta(days=32)).replace(day=1)  # fmt: skip
    starts = [first + timedelta(days=n % 28, hours=8 + n % 12) for n in range(SESSIONS)]
    store_sessions(database, curriculum(), starts, PEOPLE, now())
    return first


def _opening(app: Flask, visitor: Visitor, address: str) -> Callable[[], TestResponse]:
    client = browser(app, visitor)
    return lambda: client.get(address)


def _measure(name: str, target: float, opened: Callable[[], TestResponse]) -> Figure:
    """Open a page several times; the first warms up."""
    times, cpu, size, queries = [], [], 0, 0
    for _ in range(REPEATS):
        with counted() as counts:
            started, used = time.perf_counter(), time.process_time()
            with opened() as answer:
                size = len(answer.get_data())
            times.append(1000 * (time.perf_counter() - started))
            cpu.append(1000 * (time.process_time() - used))
        queries = counts["queries"]
        assert answer.status_code == 200, (name, answer.status)
    note = f"{median(cpu[1:]):.0f} ms of processor time; {queries} queries; {size:,} bytes"
    return Figure(name, median(times[1:]), "ms", target, note)
