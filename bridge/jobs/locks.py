"""One process at a time: a named lock in the database, kept alive, and a record of the run."""

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
    """Another process is doing this now."""


def worker_name() -> str:
    """A name for this piece of work that nobody else has."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


@contextmanager
def run_locked(database: Database, kind: str, clock: Clock) -> Iterator[Detail]:
    """Do a job of `kind` unless another process is at it, and record how it went.

    Gives the run's detail, to be filled with counts. After a kill, the lock is free again when
    its lease of two minutes ends. Raises Busy.
    """
    name = worker_name()
    with database.transaction() as session:
        if not locks.acquire(session, kind, name, clock(), LEASE):
            raise AlreadyRunning(
                Message("another process is doing this now (%(kind)s).", kind=kind),
                todo=Message("Wait for it to end; a killed one is given up after two minutes."),
            )
        run = runs.start_run(session, kind, name, clock())
    stop = threading.Event()
    args = (database, kind, name, run, clock, stop)
    thread = threading.Thread(target=_keep, args=args, daemon=True)
    thread.start()
    detail: Detail = {}
    ok = False
    try:
        yield detail
        ok = True
    except BaseException as error:
        detail["error"] = (
            str(error) if isinstance(error, StewardpathError) else type(error).__name__
        )
        raise
    finally:
        stop.set()
        thread.join()
        with database.transaction() as session:
            runs.finish_run(session, run, ok, detail, clock())
            locks.release(session, kind, name)


def _keep(
    database: Database, kind: str, name: str, run: int, clock: Clock, stop: threading.Event
) -> None:
    """Renew the lease until the job ends. A store that cannot be reached is tried again."""
    while not stop.wait(RENEW_SECONDS):
        try:
            with database.transaction() as session:
                locks.renew(session, kind, name, clock(), LEASE)
                runs.heartbeat(session, run, clock())
        except StoreError:
            continue
