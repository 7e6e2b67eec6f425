"""Writers of SQLite get their turn in the order in which they ask."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bridge.errors import StoreError
from bridge.store import write_queue
from bridge.store.database import Database, open_database
from bridge.store.write_queue import NEXT_SUFFIX, FifoLock
from tests.support.waiting import HANG_SECONDS, wait_until


@pytest.fixture
def store(sqlite_template: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{sqlite_template}")) as database:
        yield database


def write(database: Database, name: str, order: list[str]) -> threading.Thread:
    """Start a writer that adds its name to `order` when it has its turn."""

    def run() -> None:
        with database.transaction() as session:
            session.execute(text("DELETE FROM run"))
            order.append(name)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def waiting(lock: FifoLock) -> int:
    return len(lock._waiting)


def test_threads_write_in_the_order_in_which_they_ask(store: Database) -> None:
    order: list[str] = []
    assert store._queue
    lock = store._queue._threads
    threads = []
    with store.transaction():
        for count in range(1, 6):
            threads.append(write(store, f"thread {count}", order))
            wait_until(lambda count=count: waiting(lock) == count)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert order == [f"thread {count}" for count in range(1, 6)]


def is_locked(file: Path) -> bool:
    with file.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_a_process_that_writes_again_waits_for_one_that_waited(
    sqlite_template: Path, store: Database
) -> None:
    """Each database stands for a process: the locks belong to the open file."""
    order: list[str] = []
    file = sqlite_template.with_name(sqlite_template.name + NEXT_SUFFIX)
    with (
        closing(open_database(f"sqlite:///{sqlite_template}")) as other,
        closing(sqlite3.connect(sqlite_template, isolation_level=None)) as writing,
    ):
        writing.execute("BEGIN IMMEDIATE")
        waited = write(store, "waited", order)
        wait_until(lambda: is_locked(file), "waiting for SQLite")
        again = write(other, "again", order)
        assert other._queue
        wait_until(lambda: other._queue._threads._held, "asking")  # type: ignore[union-attr]
        writing.execute("COMMIT")
        waited.join()
        again.join()
    assert order == ["waited", "again"]
    assert not is_locked(file), "Nobody waits, so the file must not be locked."


@pytest.mark.parametrize(("seconds", "kept"), [(HANG_SECONDS, True), (0, False)])
def test_a_process_whose_threads_wait_stays_next_for_a_while(
    sqlite_template: Path,
    store: Database,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    kept: bool,
) -> None:
    monkeypatch.setattr(write_queue, "SLICE_SECONDS", seconds)
    file = sqlite_template.with_name(sqlite_template.name + NEXT_SUFFIX)
    assert store._queue
    lock, found = store._queue._threads, list[bool]()

    def run() -> None:
        with store.transaction():
            found.append(is_locked(file))

    threads = [threading.Thread(target=run) for _ in range(2)]
    with store.transaction():
        for count, thread in enumerate(threads, start=1):
            thread.start()
            wait_until(lambda count=count: waiting(lock) == count)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert found == [kept, False]
    assert not is_locked(file)


def test_a_turn_that_does_not_come_is_an_error(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.store.database.BUSY_TIMEOUT_SECONDS", 0.05)
    with store.transaction(), pytest.raises(StoreError, match="busy"), store.transaction():
        pass
    with store.transaction() as session:
        session.execute(text("DELETE FROM run"))


def test_a_lock_handed_over_after_the_wait_ended_is_not_lost() -> None:
    lock = FifoLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    assert waiting(lock) == 0
    lock.release()
    assert lock.acquire(0)


def test_a_lock_file_that_stays_locked_stops_nobody(
    sqlite_template: Path, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.store.database.NEXT_PROCESS_SECONDS", 0.05)
    with sqlite_template.with_name(sqlite_template.name + NEXT_SUFFIX).open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        order: list[str] = []
        write(store, "writer", order).join()
    assert order == ["writer"]
