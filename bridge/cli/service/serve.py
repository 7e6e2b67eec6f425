"""`serve` and `preview`."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, curricula, database, echo, example, library, moodle, now
from bridge.config import Config
from bridge.wsgi_server import serve_in_background

if TYPE_CHECKING:
    from bridge.curriculum.library import Library
    from bridge.moodle.client.client import Moodle
    from bridge.store.database import Database
    from bridge.web.common.metrics import Metrics


@click.command(
    epilog=example("stewardpath serve", "stewardpath serve --config /etc/stewardpath.yaml")
)
@click.option("--jobs/--no-jobs", default=True, show_default=True, help="Run the jobs too.")
@configured
def serve(config: Config, jobs: bool) -> None:
    """Run the service: pages, the hook for the membership system, and the jobs beside them.

    Without `moodle.url` the sandbox is served too. Ctrl-C or SIGTERM stops it: work in hand is
    finished, the rest released.
    """
    with ExitStack() as stack:
        wait_for_the_end = stack.enter_context(stopping())
        running = stack.enter_context(service(config))
        if jobs:
            stack.enter_context(scheduled(config, running))
        for name, address in running.addresses.items():
            echo(f"{name}: {address}")
        wait_for_the_end()
        echo("Stopping.")


class JobTrigger:
    """Runs a job when a page calls it. Does nothing while no jobs run in this process."""

    def __init__(self) -> None:
        self.handler: Callable[[str], None] = _ignore

    def __call__(self, job: str = "outbox") -> None:
        self.handler(job)


def _ignore(job: str) -> None:
    """No jobs run here: another process runs it, or this one when its jobs start again."""


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service that is up: what it serves and where, and what its jobs work with."""

    addresses: Mapping[str, str]
    database: Database
    curricula: Library
    metrics: Metrics
    trigger_job: JobTrigger


@contextmanager
def service(config: Config) -> Iterator[RunningService]:
    """The pages, and the sandbox where no Moodle is configured, while this is open."""
    from bridge.logs import configure, secrets_of
    from bridge.moodle.sandbox.server import serve_sandbox
    from bridge.web.app import MAX_BODY, create_app
    from bridge.web.common.metrics import Metrics

    configure(sys.stderr, secrets=secrets_of(config))
    shelf = library(config)
    shelf.check()
    addresses = {}
    with ExitStack() as stack:
        store = stack.enter_context(database(config))
        if config.moodle is None:
            state, sandbox = config.path(config.sandbox.state), config.sandbox
            address = stack.enter_context(serve_sandbox(state, sandbox.host, sandbox.port))
            addresses["Sandbox (a stand-in for Moodle)"] = address
        metrics, trigger_job = Metrics(), JobTrigger()
        app = create_app(config, store, shelf, now=now, metrics=metrics, trigger_job=trigger_job)
        host, port = config.service.host, config.service.port
        todo = "Stop what uses that port, or set `service.port`."
        # What is only somewhat too large is answered by a page, in words.
        served = serve_in_background(
            app, host, port, name="the service", todo=todo, largest=2 * MAX_BODY,
            behind_proxy=config.service.behind_proxy,
        )  # fmt: skip
        addresses["Stewardpath"] = f"http://{host}:{stack.enter_context(served)}"
        yield RunningService(addresses, store, shelf, metrics, trigger_job)


@contextmanager
def scheduled(config: Config, running: RunningService) -> Iterator[None]:
    """The jobs of a running service while this is open; at the end, work in hand is finished."""
    from bridge.jobs.scheduler import Scheduler

    def connect() -> AbstractContextManager[Moodle]:
        return moodle(config, running.metrics.moodle_call)

    scheduler = Scheduler(config, running.database, running.curricula, connect, now)
    scheduler.start()
    running.trigger_job.handler = scheduler.trigger
    try:
        yield
    finally:
        running.trigger_job.handler = _ignore
        scheduler.stop()


@contextmanager
def stopping() -> Iterator[Callable[[], object]]:
    """A function that waits for Ctrl-C or SIGTERM; neither ends the process while this is open.

    A signal is a byte in a socket: one that comes just before the waiting begins is there when
    it does. An Event would be lost or hold its own thread up, because handlers run in between.
    """
    near, far = socket.socketpair()
    with near, far:
        far.setblocking(False)
        waker = signal.set_wakeup_fd(far.fileno())
        former = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield lambda: near.recv(1)
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(waker)


@click.command(epilog=example("stewardpath preview", "stewardpath preview --port 8095"))
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8091,
    show_default=True,
    help="Where to listen on this machine; 0 is any free port.",
)
@configured
def preview(config: Config, port: int) -> None:
    """Show the curricula as learners will see them, in a sandbox that is thrown away after, and
    every mail in both languages, with example data.

    Nothing reaches Moodle, the database or anybody's mailbox.
    """
    from bridge.cli.service.email_preview import blueprint
    from bridge.moodle.client.client import Moodle
    from bridge.moodle.sandbox.server import TOKEN, serve_sandbox
    from bridge.moodle.site.connection import connect
    from bridge.workflows.site_sync import apply

    shelf = curricula(config)
    rooms = [blueprint(config, shelf)]
    with TemporaryDirectory(prefix="stewardpath-") as folder, stopping() as wait_for_the_end:
        state = Path(folder) / "preview.db"
        with (
            serve_sandbox(state, config.sandbox.host, port, rooms) as url,
            Moodle(url, TOKEN) as client,
        ):
            site = connect(client)
            for curriculum in shelf:
                apply(site, curriculum, max_share=1.0)
            echo(f"Open {url}/preview to read and try everything. Ctrl-C ends it.")
            echo(f"The mails: {url}/mails")
            wait_for_the_end()
