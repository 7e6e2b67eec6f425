"""Who writes next to an SQLite database: the one that has waited longest.

SQLite has one writer at a time, and the others look now and then whether it's their turn. A job
that writes again right after its commit takes the turn of a visitor who has waited for seconds.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NEXT_SUFFIX = "-next"
POLL_SECONDS = 0.01
SLICE_SECONDS = 0.25


class WaitedTooLong(Exception):
    """The turn didn't come in time."""


class WriteQueue:
    """The writers of one database, first come, first served.

    Threads of this process wait in order. Of several processes, one at a time may wait for SQLite
    itself: it holds a lock on the file `<database>-next`, so the process that writes now can't
    begin again before it. A process whose threads wait keeps that lock for SLICE_SECONDS, so that
    many visitors don't each wait for another part of an import. SQLite's own lock keeps the data
    safe, also where these don't work.
    """

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(database.name + NEXT_SUFFIX)
        self._threads = FifoLock(self._let_go)
        self._descriptor: int | None = None
        self._since = 0.0

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Hold this process's turn. Raises WaitedTooLong after waiting for so long."""
        if not self._threads.acquire(seconds):
            raise WaitedTooLong
        try:
            yield
        finally:
            self._threads.release()

    @contextmanager
    def next_process(self, seconds: float) -> Iterator[None]:
        """Be the only process that waits for SQLite, or wait with others after so long.

        Call it while holding the turn.
        """
        if self._descriptor is None:
            # In a folder that can't be written, SQLite says what is wrong.
            with suppress(OSError):
                self._descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
                _lock(self._descriptor, seconds)
            self._since = time.monotonic()
        try:
            yield
        finally:
            passed = time.monotonic() - self._since
            if passed >= SLICE_SECONDS or not self._threads.has_waiting():
                self._let_go()

    def _let_go(self) -> None:
        """Let another process be next, if this one was."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class FifoLock:
    """A lock that threads get in the order in which they asked for it.

    `on_idle` is called when it's released and no thread waits for it.
    """

    def __init__(self, on_idle: Callable[[], None] = lambda: None) -> None:
        self._on_idle = on_idle
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, seconds: float) -> bool:
        """Wait for the lock. False if it wasn't free within so many seconds."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=seconds):
            return True
        with self._guard, suppress(ValueError):
            self._waiting.remove(turn)
            return False
        return True  # it was handed over at the last moment

    def has_waiting(self) -> bool:
        """Whether a thread waits for the lock."""
        return bool(self._waiting)

    def release(self) -> None:
        """Hand the lock to the thread that has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._on_idle()
                self._held = False


def _lock(descriptor: int, seconds: float) -> None:
    """Lock the file, which closing it unlocks. Gives up after so many seconds."""
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return
            time.sleep(POLL_SECONDS)
        except OSError:  # a file system without locks
            return
        else:
            return
