"""Named locks in the database, so that only one process at a time runs a job; and run records."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bridge.errors import StewardpathError, StoreError
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.operations import locks, runs

LEASE = timedelta(minutes=2)
RENEW_SECONDS = 30.0

Clock = Callable[[], datetime]
Detail = dict[str, object]


class AlreadyRunning(StewardpathError):
    """Another process is running this job."""


def worker_name() -> str:
    """A new unique name for the owner of a lock or claim: host, process and a random part."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


@contextmanager
def run_locked(database: Database, kind: str, clock: Clock) -> Iterator[Detail]:
    """Hold the lock of the job `kind` while this is open, and record the run and its outcome.

    Yields the run's detail, for the caller to fill with counts; an `error` there means that the
    run failed. If the process is killed, the lock is free again when its lease of two minutes
    ends. Raises AlreadyRunning.
    """
    name = worker_name()
    with database.transaction() as session:
        if not locks.acquire(session, kind, name, clock(), LEASE):
            raise AlreadyRunning(
                Message("another process is running this job now (%(kind)s).", kind=kind),
                todo=Message("Wait for it to end. If it was killed, try again in two minutes."),
            )
        run = runs.start_run(session, kind, name, clock())
    stop = threading.Event()
    args = (database, kind, name, run, clock, stop)
    thread = threading.Thread(target=_renew_until, args=args, daemon=True)
    thread.start()
    detail: Detail = {}
    try:
        yield detail
    except BaseException as error:
        detail["error"] = (
            str(error) if isinstance(error, StewardpathError) else type(error).__name__
        )
        raise
    finally:
        stop.set()
        thread.join()
        with database.transaction() as session:
            runs.finish_run(session, run, "error" not in detail, detail, clock())
            locks.release(session, kind, name)


def _renew_until(
    database: Database, kind: str, name: str, run: int, clock: Clock, stop: threading.Event
) -> None:
    """Renew the lease until `stop` is set. If the database can't be reached, try again."""
    while not stop.wait(RENEW_SECONDS):
        try:
            with database.transaction() as session:
                locks.renew(session, kind, name, clock(), LEASE)
                runs.heartbeat(session, run, clock())
        except StoreError:
            continue
