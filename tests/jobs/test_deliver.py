"""Deliveries: each once, by one worker, and again only when that can help."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bridge.errors import (
    ConfigError,
    MailError,
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleRefused,
    MoodleUnavailable,
    StewardpathError,
)
from bridge.jobs import deliver as delivering
from bridge.jobs.deliver import LEASE, LONGEST_BATCH, Line, Outcome, deliver
from bridge.store.deliveries import Claimed

from .conftest import Build
from .house import House, people


class Worker:
    """Notes whom it was given; does with each what `act` says."""

    def __init__(self, house: House, batch: int = 4) -> None:
        self.house = house
        self.seen: list[int] = []
        self.line = Line("welcome", self.handle, needs_account=False, batch=batch)
        self.errors: dict[int, Exception] = {}

    def handle(self, claimed: Sequence[Claimed]) -> Iterator[Sequence[Outcome]]:
        for delivery in claimed:
            self.seen.append(delivery.member_id)
            if error := self.errors.get(delivery.member_id):
                raise error
            yield [Outcome(delivery, "done")]

    def work(self, owner: str = "one", **more: object) -> dict[str, int]:
        clock = self.house.clock
        return dict(deliver(self.house.database, [self.line], owner=owner, clock=clock, **more))  # type: ignore[arg-type]


@pytest.fixture
def worker(house: House) -> Worker:
    house.sign_up(*people(10))
    return Worker(house)


def test_all_that_is_due(worker: Worker) -> None:
    assert worker.work() == {"done": 10}
    assert sorted(worker.seen) == list(range(1, 11))
    assert worker.work() == {}


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (MoodleUnavailable("down"), "owed", "later"),
        (MoodleMaintenance("closed"), "owed", "later"),
        (MailError("busy", again=True), "owed", "later"),
        (MailError("no such address", again=False), "owed", "later"),
        (MoodleRefused("no", code="x"), "owed", "later"),
        (MoodleMisconfigured("token"), "owed", "configuration"),
        (ConfigError("template"), "owed", "configuration"),
    ],
)
def test_what_an_error_of_a_whole_batch_means(
    worker: Worker, error: StewardpathError, state: str, reason: str
) -> None:
    worker.errors = {2: error}
    worker.work()
    rows = worker.house.rows(
        "SELECT member_id, state, reason, last_error FROM delivery WHERE kind = 'welcome'"
    )
    settled = {member: row for member, *row in rows}
    assert settled[1] == ["done", "", ""]
    assert settled[2] == settled[3] == settled[4] == [state, reason, str(error)]


def test_waiting_doubles_up_to_six_hours(house: House) -> None:
    house.sign_up(*people(1))
    worker = Worker(house)
    worker.errors = {1: MoodleUnavailable("down")}
    waits = []
    for _ in range(13):
        worker.work()
        ((due,),) = house.rows("SELECT next_try FROM delivery WHERE kind = 'welcome'")
        next_try = datetime.fromisoformat(due).replace(tzinfo=UTC)
        waits.append((next_try - house.time).total_seconds())
        house.time = next_try
    assert waits == [min(30.0 * 2**n, 21_600.0) for n in range(13)]


def test_as_long_as_the_server_asks(worker: Worker) -> None:
    worker.errors = {1: MoodleUnavailable("closed", after=3_600.0)}
    worker.work()
    worker.house.later(minutes=59)
    worker.errors = {}
    worker.seen.clear()
    worker.work()
    assert 1 not in worker.seen
    worker.house.later(minutes=2)
    worker.work()
    assert 1 in worker.seen


def test_a_stop_gives_back_what_was_not_begun(worker: Worker) -> None:
    worker.work(stopped=lambda: len(worker.seen) >= 2)
    assert len(worker.seen) == 2
    sql = "SELECT DISTINCT attempts, lease_owner FROM delivery WHERE state = 'owed'"
    assert worker.house.rows(sql) == [(0, "")]
    worker.work("two")
    assert sorted(worker.seen) == list(range(1, 11))


def test_an_error_that_nobody_foresaw_counts_as_a_try(worker: Worker) -> None:
    """The effect may have happened: the next try must know that it is the second."""
    worker.errors = {2: RuntimeError("a defect")}
    assert worker.work() == {"done": 9, "later": 1}
    attempts = "SELECT attempts FROM delivery WHERE kind = 'welcome' AND member_id = 2"
    assert worker.house.rows(attempts) == [(1,)]
    worker.errors = {}
    worker.seen.clear()
    worker.work("two")
    assert worker.seen == []
    worker.house.time += LEASE
    worker.work("two")
    assert worker.seen == [2]
    assert worker.house.rows(attempts) == [(2,)]


def test_a_slow_batch_ends_before_its_lease(worker: Worker) -> None:
    def slow(claimed: Sequence[Claimed]) -> Iterator[Sequence[Outcome]]:
        for delivery in claimed:
            worker.seen.append(delivery.member_id)
            worker.house.time += LONGEST_BATCH / 2
            yield [Outcome(delivery, "done")]

    worker.line = Line("welcome", slow, needs_account=False, batch=10)
    worker.work()
    assert len(worker.seen) == 3
    assert worker.house.rows("SELECT sum(attempts) FROM delivery") == [(3,)]
    assert delivering.LONGEST_BATCH + timedelta(minutes=5) < LEASE


def test_two_workers_at_once(house: House, build: Build) -> None:
    """Two threads, each with a client and a database of its own: each effect once."""
    house.apply()
    house.sign_up(*people(24))
    house.deliver()
    for number in range(1, 25):
        house.finish(f"N{number}", "check", 100.0)
    house.pull()
    together = threading.Barrier(2)

    def work(owner: str) -> None:
        twin = House(house.folder, house.site)
        together.wait()
        twin.deliver(owner)
        twin.close()

    threads = [threading.Thread(target=work, args=(owner,)) for owner in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = house.site.faults.calls
    assert calls["core_message_send_instant_messages"] == 24
    assert calls["core_competency_grade_competency"] == 24
    assert house.site.one("SELECT count(*) FROM message") == 24
    assert house.states() == {"done": house.rows("SELECT count(*) FROM delivery")[0][0]}
    assert house.rows("SELECT max(attempts) FROM delivery") == [(1,)]
