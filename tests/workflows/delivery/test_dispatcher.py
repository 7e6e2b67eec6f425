"""Each delivery is carried out once, by one worker, and retried only if that can help."""

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
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.delivery import dispatcher as delivering
from bridge.workflows.delivery.dispatcher import (
    LEASE,
    MAX_BATCH_DURATION,
    DeliveryKind,
    Outcome,
    deliver,
)
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment


class Worker:
    """Records the members that it was given. `act` decides the outcome of each."""

    def __init__(self, env: JobEnvironment, batch: int = 4) -> None:
        self.env = env
        self.seen: list[int] = []
        self.line = DeliveryKind("notice", self.handle, needs_account=False, batch=batch)
        self.errors: dict[int, Exception] = {}

    def handle(self, claimed: Sequence[ClaimedDelivery]) -> Iterator[Sequence[Outcome]]:
        for delivery in claimed:
            self.seen.append(delivery.member_id)
            if error := self.errors.get(delivery.member_id):
                raise error
            yield [Outcome(delivery, "done")]

    def work(self, owner: str = "one", **more: object) -> dict[str, int]:
        clock = self.env.clock
        return dict(deliver(self.env.database, [self.line], owner=owner, clock=clock, **more))  # type: ignore[arg-type]


@pytest.fixture
def worker(env: JobEnvironment) -> Worker:
    env.sign_up(*people(10))
    return Worker(env)


def test_all_due_deliveries_are_carried_out(worker: Worker) -> None:
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
def test_an_error_of_a_whole_batch(
    worker: Worker, error: StewardpathError, state: str, reason: str
) -> None:
    worker.errors = {2: error}
    worker.work()
    rows = worker.env.rows(
        "SELECT member_id, state, reason, last_error FROM delivery WHERE kind = 'notice'"
    )
    settled = {member: row for member, *row in rows}
    assert settled[1] == ["done", "", ""]
    assert settled[2] == settled[3] == settled[4] == [state, reason, str(error)]


def test_the_retry_delay_doubles_up_to_six_hours(env: JobEnvironment) -> None:
    env.sign_up(*people(1))
    worker = Worker(env)
    worker.errors = {1: MoodleUnavailable("down")}
    waits = []
    for _ in range(13):
        worker.work()
        ((due,),) = env.rows("SELECT next_try FROM delivery WHERE kind = 'notice'")
        next_try = datetime.fromisoformat(due).replace(tzinfo=UTC)
        waits.append((next_try - env.time).total_seconds())
        env.time = next_try
    assert waits == [min(30.0 * 2**n, 21_600.0) for n in range(13)]


def test_the_retry_delay_is_at_least_what_the_server_asks(worker: Worker) -> None:
    worker.errors = {1: MoodleUnavailable("closed", after=3_600.0)}
    worker.work()
    worker.env.advance_time(minutes=59)
    worker.errors = {}
    worker.seen.clear()
    worker.work()
    assert 1 not in worker.seen
    worker.env.advance_time(minutes=2)
    worker.work()
    assert 1 in worker.seen


def test_a_stop_releases_what_was_not_begun(worker: Worker) -> None:
    worker.work(stopped=lambda: len(worker.seen) >= 2)
    assert len(worker.seen) == 2
    sql = "SELECT DISTINCT attempts, lease_owner FROM delivery WHERE state = 'owed'"
    assert worker.env.rows(sql) == [(0, "")]
    worker.work("two")
    assert sorted(worker.seen) == list(range(1, 11))


def test_an_unexpected_error_counts_as_an_attempt(worker: Worker) -> None:
    """It may have been done, so the next attempt must know that it is the second."""
    worker.errors = {2: RuntimeError("a defect")}
    assert worker.work() == {"done": 9, "later": 1}
    attempts = "SELECT attempts FROM delivery WHERE kind = 'notice' AND member_id = 2"
    assert worker.env.rows(attempts) == [(1,)]
    worker.errors = {}
    worker.seen.clear()
    worker.work("two")
    assert worker.seen == []
    worker.env.time += LEASE
    worker.work("two")
    assert worker.seen == [2]
    assert worker.env.rows(attempts) == [(2,)]


def test_a_slow_batch_ends_before_its_lease(worker: Worker) -> None:
    def slow(claimed: Sequence[ClaimedDelivery]) -> Iterator[Sequence[Outcome]]:
        for delivery in claimed:
            worker.seen.append(delivery.member_id)
            worker.env.time += MAX_BATCH_DURATION / 2
            yield [Outcome(delivery, "done")]

    worker.line = DeliveryKind("notice", slow, needs_account=False, batch=10)
    worker.work()
    assert len(worker.seen) == 3
    assert worker.env.rows("SELECT sum(attempts) FROM delivery") == [(3,)]
    assert delivering.MAX_BATCH_DURATION + timedelta(minutes=5) < LEASE


def test_two_workers_never_carry_out_the_same_delivery(
    env: JobEnvironment, build: BuildEnvironment
) -> None:
    """Two threads, each with its own client and database."""
    env.apply()
    env.sign_up(*people(24))
    env.deliver()
    for number in range(1, 25):
        env.finish(f"N{number}", "check", 100.0)
    env.pull()
    together = threading.Barrier(2)

    def work(owner: str) -> None:
        twin = JobEnvironment(env.folder, env.site)
        together.wait()
        twin.deliver(owner)
        twin.close()

    threads = [threading.Thread(target=work, args=(owner,)) for owner in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = env.site.faults.calls
    assert calls["core_message_send_instant_messages"] == 24
    assert calls["core_competency_grade_competency"] == 24
    assert env.site.one("SELECT count(*) FROM message") == 24
    assert env.states() == {"done": env.rows("SELECT count(*) FROM delivery")[0][0]}
    assert env.rows("SELECT max(attempts) FROM delivery") == [(1,)]
