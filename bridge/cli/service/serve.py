"""`serve` and `preview`."""

from __future__ import annotations

import logging
import secrets
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
from pydantic import SecretStr

from bridge.cli.common import configured, curricula, database, echo, example, library, moodle, now
from bridge.config import Config
from bridge.wsgi.secret_key import FILE, kept_key
from bridge.wsgi.server import serve_in_background

if TYPE_CHECKING:
    from bridge.curriculum.library.reloading import Library
    from bridge.moodle.client.client import Moodle
    from bridge.store.database import Database
    from bridge.web.common.metrics import Metrics


log = logging.getLogger(__name__)


@click.command(
    epilog=example("stewardpath serve", "stewardpath serve --config /etc/stewardpath.yaml")
)
@click.option("--jobs/--no-jobs", default=True, show_default=True, help="Also run the jobs.")
@configured
def serve(config: Config, jobs: bool) -> None:
    """Run the service: pages, the webhook for the membership system, and the jobs.

    Without `moodle.url` it also serves the sandbox. Ctrl-C or SIGTERM stops it: work in progress
    is finished, the rest is released.
    """
    with ExitStack() as stack:
        wait_for_signal = stack.enter_context(handle_stop_signals())
        running = stack.enter_context(start_service(config))
        if jobs:
            stack.enter_context(start_jobs(config, running))
        for name, address in running.addresses.items():
            echo(f"{name}: {address}")
        wait_for_signal()
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
    """A running service: its addresses, and what its jobs need."""

    addresses: Mapping[str, str]
    database: Database
    curricula: Library
    metrics: Metrics
    trigger_job: JobTrigger


def with_secret_key(config: Config) -> tuple[Config, str]:
    """The configuration with a key for forms, and why that key can't be kept, or ''.

    A key that isn't kept makes open forms invalid at the next start.
    """
    if config.secret_key is not None:
        return config, ""
    try:
        key, error = kept_key(config.path(FILE)), ""
    except OSError as problem:
        key, error = secrets.token_hex(32), str(problem.strerror)
    return config.model_copy(update={"secret_key": SecretStr(key)}), error


@contextmanager
def start_service(config: Config) -> Iterator[RunningService]:
    """Serve the pages, and the sandbox if no Moodle is configured, while this is open."""
    from bridge.logs import configure, event, secrets_of
    from bridge.moodle.sandbox.server import serve_sandbox
    from bridge.web.app import MAX_BODY, create_app
    from bridge.web.common.metrics import Metrics
    from bridge.web.files.uploads import MAX_UPLOAD_BODY

    config, key_error = with_secret_key(config)
    configure(sys.stderr, secrets=secrets_of(config))
    if key_error:
        event(log, "secret-key-not-kept", level=logging.WARNING, reason=key_error)
    available = library(config, keep=True)
    available.check()
    if available.problems:
        event(log, "curricula-invalid", level=logging.ERROR, reason=available.problems)
    addresses = {}
    with ExitStack() as stack:
        store = stack.enter_context(database(config))
        if config.moodle is None:
            state, sandbox = config.path(config.sandbox.state), config.sandbox
            address = stack.enter_context(serve_sandbox(state, sandbox.host, sandbox.port))
            addresses["Sandbox (a stand-in for Moodle)"] = address
        metrics, trigger_job = Metrics(), JobTrigger()
        app = create_app(
            config, store, available, now=now, metrics=metrics, trigger_job=trigger_job
        )
        host, port = config.service.host, config.service.port
        todo = "Stop the program that uses that port, or set `service.port`."
        # A body that is only slightly too large gets an error page instead of a closed connection.
        served = serve_in_background(
            app, host, port, name="the service", todo=todo, largest=MAX_UPLOAD_BODY + MAX_BODY,
            behind_proxy=config.service.behind_proxy,
        )  # fmt: skip
        addresses["Stewardpath"] = f"http://{host}:{stack.enter_context(served)}"
        yield RunningService(addresses, store, available, metrics, trigger_job)


@contextmanager
def start_jobs(config: Config, running: RunningService) -> Iterator[None]:
    """Run the jobs of a service while this is open; work in progress is finished at the end."""
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
def handle_stop_signals() -> Iterator[Callable[[], object]]:
    """Yield a function that waits for Ctrl-C or SIGTERM; neither ends the process meanwhile.

    A signal writes a byte to a socket, so one that arrives just before the wait isn't lost. With
    an Event it could be lost or block its own thread, because handlers run in between.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        former_fd = signal.set_wakeup_fd(writer.fileno())
        former_handlers = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield lambda: reader.recv(1)
        finally:
            for number, handler in former_handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(former_fd)


@click.command(epilog=example("stewardpath preview", "stewardpath preview --port 8095"))
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8091,
    show_default=True,
    help="Port on this machine; 0 for any free port.",
)
@configured
def preview(config: Config, port: int) -> None:
    """Show the curricula as learners will see them, and all emails with example data.

    It uses a temporary sandbox. Nothing is changed in Moodle or the database, and no email is
    sent.
    """
    from bridge.cli.service.email_preview import blueprint
    from bridge.moodle.client.client import Moodle
    from bridge.moodle.sandbox.server import TOKEN, serve_sandbox
    from bridge.moodle.site.connection import connect
    from bridge.workflows.site_sync import apply

    shown = curricula(config)
    blueprints = [blueprint(config, shown)]
    with (
        TemporaryDirectory(prefix="stewardpath-") as folder,
        handle_stop_signals() as wait_for_signal,
    ):
        state = Path(folder) / "preview.db"
        with (
            serve_sandbox(state, config.sandbox.host, port, blueprints) as url,
            Moodle(url, TOKEN) as client,
        ):
            site = connect(client)
            for curriculum in shown:
                apply(site, curriculum, max_share=1.0)
            echo(f"Open {url}/preview to read the courses and take quizzes. Press Ctrl-C to stop.")
            echo(f"Emails: {url}/emails")
            wait_for_signal()
