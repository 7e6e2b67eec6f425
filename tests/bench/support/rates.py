"""Requests a second that the service answers, over loopback, with several visitors at once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import requests

from bridge.config import Config
from bridge.store.database import open_database
from bridge.web.common.visitor import COOKIE
from bridge.wsgi.server import serve_in_background
from tests.bench.support.app_factory import configured, create_bench_app
from tests.bench.support.subprocess_run import ROOT
from tests.bench.support.targets import Figure
from tests.bench.support.visits import STEP, Visitor

MEASURE_SECONDS = 4
VISITORS = 4
PAGES: tuple[tuple[Visitor, str], ...] = (
    ("nobody", "/"),
    ("nobody", STEP),
    ("member", "/me"),
    ("committee", "/committee"),
)


def measure(config: Config) -> list[Figure]:
    """Measure four pages. The service runs in its own process, as `serve` runs it."""
    with _served(config.home) as url:
        return [_rate(url, visitor, page) for visitor, page in PAGES]


def _rate(url: str, visitor: Visitor, page: str) -> Figure:
    _visit_repeatedly(url, visitor, page, time.monotonic() + 0.5)
    with ThreadPoolExecutor(VISITORS) as pool:
        started = time.monotonic()
        visits = [
            pool.submit(_visit_repeatedly, url, visitor, page, started + MEASURE_SECONDS)
            for _ in range(VISITORS)
        ]
        answers = sum(each.result() for each in visits)
        rate = answers / (time.monotonic() - started)
    note = f"{VISITORS} visitors at once for {MEASURE_SECONDS} s, on the same cores"
    return Figure(f"{visitor}: requests a second to {page}", rate, "requests/s", note=note)


def _visit_repeatedly(url: str, visitor: Visitor, page: str, until: float) -> int:
    """Open the page again and again until then. Returns how often."""
    answers = 0
    with requests.Session() as session:
        session.cookies.set(COOKIE, visitor)
        while time.monotonic() < until:
            answer = session.get(url + page, timeout=30, allow_redirects=False)
            assert answer.status_code == 200, answer.status_code
            answers += 1
    return answers


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """Yields the address. The process ends with the block."""
    command = [sys.executable, "-m", "tests.bench.support.rates", str(home)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main(home: str) -> None:
    config = configured(Path(home))
    with closing(open_database(config.database_url)) as database:
        app = create_bench_app(config, database)
        with serve_in_background(app, "127.0.0.1", 0, name="the service", todo="") as port:
            print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201
            threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
