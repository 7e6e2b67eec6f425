"""Sign-ups by several people at once, on SQLite, while the jobs of the service are busy."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import requests
from sqlalchemy import func, select

from bridge.jobs.scheduler import Scheduler
from bridge.store.database import Database, open_database
from bridge.store.members import pending_signups
from bridge.store.members.pending_signups import PendingSignupData
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member
from bridge.wsgi.server import serve_in_background
from tests.bench.site import client, curriculum, fresh, served
from tests.bench.support import many_members
from tests.bench.support.app_factory import configured, create_bench_app, now
from tests.bench.support.stored_members import fill_store
from tests.bench.support.subprocess_run import ROOT
from tests.bench.support.targets import Figure

CLIENTS = 8
MEASURE_SECONDS = 20
MEMBERS, NEW_CHANGES, IMPORTED = 40_000, 5_000, 20_000
PREPARED = 4_000
"""Sign-ups whose link each is opened once: more than the clients can confirm."""
MAX_SECONDS = 1
FORM = {"first_name": "New", "last_name": "Hire", "region": "north", "language": "en",
        "consent": "y"}  # fmt: skip


def run() -> list[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        config = configured(folder)
        state = fresh(folder)
        feed = many_members.fill_site(state, MEMBERS, NEW_CHANGES)
        file = Path(config.database_url.removeprefix("sqlite:///"))
        fill_store(file, MEMBERS, feed)
        many_members.write_csv(folder / "members.csv", IMPORTED)
        with closing(open_database(config.database_url)) as database:
            _prepare(database)
            with served(state) as site, _service(folder, site) as url, _import(folder):
                times = _measure(url)
            return [*_figures(times), *_work_done(database)]


def _figures(times: dict[str, list[float]]) -> Iterator[Figure]:
    for name, found in times.items():
        p95 = quantiles(found, n=20)[-1]
        note = f"{len(found)} in {MEASURE_SECONDS} s, longest {max(found):.2f} s"
        yield Figure(f"{name}: 95th percentile", p95, "s", MAX_SECONDS, note)


def _work_done(database: Database) -> Iterator[Figure]:
    """What the jobs did meanwhile, so that a quick sign-up isn't one that stopped the jobs."""
    with database.reading() as session:
        count, imported = func.count(), (Member.source == "csv", Member.id > MEMBERS)
        for name, query in {
            "deliveries done": select(count).select_from(Delivery).where(Delivery.state == "done"),
            "awards": select(count).select_from(Award),
            "members imported": select(count).select_from(Member).where(*imported),
        }.items():
            yield Figure(f"{name} meanwhile", session.scalar(query) or 0, "")


def _prepare(database: Database) -> None:
    """Sign-ups that only have to be confirmed."""
    with database.transaction() as session:
        for n in range(PREPARED):
            data = PendingSignupData(
                f"c{n}@union.example", "New", "Hire", "", "north", "en", "I agree."
            )
            pending_signups.add_pending_signup(session, f"prepared-{n}", data, now())


def _measure(url: str) -> dict[str, list[float]]:
    """The seconds that each request took, by its kind."""
    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [
            pool.submit(_sign_up, url, number, started + MEASURE_SECONDS)
            for number in range(CLIENTS)
        ]
        found = [each.result() for each in clients]
    return {name: [t for each in found for t in each[name]] for name in found[0]}


def _sign_up(url: str, number: int, until: float) -> dict[str, list[float]]:
    """Send the form, and open the link of another sign-up, again and again until then."""
    times: dict[str, list[float]] = {"send the form": [], "confirm": []}
    links = iter(range(number, PREPARED, CLIENTS))
    with requests.Session() as session:
        while time.monotonic() < until:
            n = next(links)
            form = FORM | {"email": f"s{n}@union.example"}
            times["send the form"].append(_timed(session, f"{url}/signup", form))
            times["confirm"].append(_timed(session, f"{url}/signup/prepared-{n}", {}))
    return times


def _timed(session: requests.Session, address: str, form: dict[str, str]) -> float:
    started = time.perf_counter()
    answer = session.post(address, form, timeout=60, allow_redirects=False)
    assert answer.status_code == 303, (address, answer.status_code)
    return time.perf_counter() - started


@contextmanager
def _service(home: Path, site: str) -> Iterator[str]:
    """The service with its jobs, in its own process. Yields the address."""
    command = [sys.executable, "-m", "tests.bench.signups", str(home), site]
    pipe = subprocess.PIPE
    with (home / "service.log").open("w") as log, subprocess.Popen(
        command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=log, text=True
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            address = process.stdout.readline().strip()
            assert address, (home / "service.log").read_text()
            yield address
        finally:
            process.kill()


@contextmanager
def _import(folder: Path) -> Iterator[None]:
    """An import by another process, meanwhile."""
    module = "tests.bench.support.subprocess_run"
    command = [sys.executable, "-m", module, "enrol:import_members", json.dumps([str(folder)])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


def main(home: str, site: str) -> None:
    config = configured(Path(home))
    paths = [curriculum()]
    with closing(open_database(config.database_url)) as database:
        scheduler = Scheduler(config, database, paths, lambda: client(site), now)
        app = create_bench_app(config, database, scheduler.trigger)
        with serve_in_background(app, "127.0.0.1", 0, name="the service", todo="") as port:
            scheduler.start()
            print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201
            threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
