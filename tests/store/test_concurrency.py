"""Several workers at the same time, and a worker that is killed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select, text

from bridge.store.database import Database, open_database
from bridge.store.delivery import deliveries, delivery_queries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import locks, webhook_signatures
from bridge.store.tables.learning import Completion
from bridge.store.tables.members import Member, MemberRole
from tests.store.parallel import WORKERS, run_in_threads
from tests.store.sample_members import LATER, NOW, add, many_members, member

LEASE = timedelta(minutes=5)


def enqueue_for(db: Database, count: int) -> list[int]:
    with db.transaction() as session:
        ids = add(session, many_members(count))
        deliveries.enqueue(session, [DeliveryRecord(one, "mail", "m", {}) for one in ids], NOW)
    return ids


def test_no_delivery_is_claimed_twice(db: Database) -> None:
    enqueue_for(db, 120)

    def work(number: int) -> list[int]:
        mine: list[int] = []
        while True:
            with db.transaction() as session:
                taken = deliveries.claim(session, "mail", f"w{number}", NOW, LEASE, 7)
            if not taken:
                return mine
            mine += [one.id for one in taken]

    claimed = Counter(one for mine in run_in_threads(work) for one in mine)
    assert len(claimed) == 120
    assert set(claimed.values()) == {1}


def test_a_worker_does_not_wait_for_the_claim_of_another(db: Database) -> None:
    if db._engine.dialect.name == "sqlite":
        return
    enqueue_for(db, 4)
    with db.transaction() as first, db.transaction() as second:
        one = deliveries.claim(first, "mail", "w1", NOW, LEASE, 2)
        two = deliveries.claim(second, "mail", "w2", NOW, LEASE, 10)
    assert len({claimed.id for claimed in one + two}) == 4


def test_only_one_worker_gets_a_lock(db: Database) -> None:
    def work(number: int) -> bool:
        with db.transaction() as session:
            return locks.acquire(session, "sync", f"w{number}", NOW, LEASE)

    assert sorted(run_in_threads(work)) == [False, False, False, True]


def test_a_signature_is_new_only_once(db: Database) -> None:
    def work(_number: int) -> bool:
        with db.transaction() as session:
            return webhook_signatures.is_replay(session, "abc", NOW)

    assert sorted(run_in_threads(work)) == [False, True, True, True]


def test_simultaneous_imports_create_each_member_once(db: Database) -> None:
    records = [
        *many_members(40),
        member(50, number=None),
        member(51, number=None, moodle_user_id=5),
    ]

    def work(number: int) -> int:
        mine = records[number:] + records[:number]
        with db.transaction() as session:
            written = upsert_members(session, mine, NOW)
        assert written.refused == []
        assert None not in written.ids
        return len(written.created)

    assert sum(run_in_threads(work)) == 42
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 42


def test_simultaneous_changes_of_different_fields_are_all_stored(db: Database) -> None:
    with db.transaction() as session:
        add(session, many_members(60))
    changes = ({"region": "x"}, {"language": "fr"}, {"role": "steward"}, {"last_name": "New"})

    def work(number: int) -> int:
        change = {"last_name": ""} | changes[number]
        records = [member(one, **change) for one in range(1, 61)]
        with db.transaction() as session:
            return len(upsert_members(session, records, LATER).changed)

    assert run_in_threads(work) == [60] * WORKERS
    columns = (Member.region, Member.language, Member.last_name, MemberRole.role)
    with db.reading() as session:
        assert {tuple(row) for row in session.execute(select(*columns).join(MemberRole))} == {
            ("x", "fr", "New", "steward")
        }
        assert session.scalar(select(func.count()).select_from(MemberRole)) == 60


def test_simultaneous_writes_of_completions_and_awards(db: Database) -> None:
    with db.transaction() as session:
        ids = add(session, many_members(50))

    def work(number: int) -> int:
        at = NOW + timedelta(minutes=number)
        mine = ids[::-1] if number % 2 else ids
        with db.transaction() as session:
            rows = [CompletionRecord(one, "p", "q", True, float(number), at) for one in mine]
            upsert_completions(session, rows)
            return len(grant(session, [AwardRecord(m, "p", "q", "r", {}, at) for m in mine]))

    assert sum(run_in_threads(work)) == 50
    with db.reading() as session:
        assert set(session.scalars(select(Completion.grade))) == {3.0}


KILLED_SCRIPT = """
import os, signal, sys
from bridge.store.database import open_database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.operations import cursors
from bridge.store.operations.cursors import Cursor
from datetime import UTC, datetime

now = datetime(2026, 3, 1, tzinfo=UTC)
database = open_database(sys.argv[1])
with database.transaction() as session:
    grant(session, [AwardRecord(int(sys.argv[2]), "p", "m", "r", {}, now)])
    cursors.put(session, "feed", Cursor(99), now)
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_nothing_half_done(url: str) -> None:
    db = open_database(url)
    [first, *_] = enqueue_for(db, 3)
    child = subprocess.run([sys.executable, "-c", KILLED_SCRIPT, url, str(first)], check=False)
    assert child.returncode == -9
    with db.transaction() as session:
        for table in ("award", "cursor"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        assert delivery_queries.count_deliveries(session) == {("mail", "owed"): 3}
        assert len(grant(session, [AwardRecord(first, "p", "m", "r", {}, LATER)])) == 1
    db.close()
