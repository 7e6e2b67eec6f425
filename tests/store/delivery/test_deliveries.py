"""The queue of deliveries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.store.database import Database
from bridge.store.delivery import deliveries, delivery_queries, failed_deliveries
from bridge.store.delivery.deliveries import ClaimedDelivery, DeliveryRecord
from bridge.store.learning.awards import AwardRecord, grant
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add, many_members

LEASE = timedelta(minutes=5)


@pytest.fixture
def two_members(db: Database) -> list[int]:
    """The IDs of Anna, who has a Moodle account, and Ben, who has none."""
    with db.transaction() as session:
        return add(session, [replace(ANNA, moodle_user_id=7), BEN])


def enqueue(db: Database, members: Collection[int], kind: str = "mail", target: str = "t") -> int:
    with db.transaction() as session:
        records = [DeliveryRecord(member, kind, target, {"a": 1}) for member in members]
        return deliveries.enqueue(session, records, NOW)


def claim(
    db: Database, owner: str = "w1", minutes: int = 0, limit: int = 10, *, account: bool = False
) -> list[ClaimedDelivery]:
    now = NOW + timedelta(minutes=minutes)
    with db.transaction() as session:
        return deliveries.claim(session, "mail", owner, now, LEASE, limit, needs_account=account)


def counts(db: Database) -> dict[tuple[str, str], int]:
    with db.reading() as session:
        return delivery_queries.count_deliveries(session)


def test_a_delivery_is_queued_once(db: Database, two_members: list[int]) -> None:
    assert enqueue(db, [*two_members, two_members[0]]) == 2
    assert enqueue(db, two_members) == 0
    assert enqueue(db, two_members, target="another") == 2
    assert enqueue(db, []) == 0
    assert counts(db) == {("mail", "owed"): 4}


def test_a_claimed_delivery_has_its_member(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        [(award, _)] = grant(session, [AwardRecord(two_members[0], "p", "m", "r", {}, NOW)])
        deliveries.enqueue(
            session, [DeliveryRecord(two_members[0], "mail", "m", {"b": [1]}, award)], NOW
        )
    [one] = claim(db)
    assert one == ClaimedDelivery(one.id, two_members[0], award, "mail", "m", {"b": [1]}, 1, "1001",
                          "anna@example.org", "Anna", "Ashevak", "north", "iu", 7,
                          owner=one.owner)  # fmt: skip


def test_no_other_worker_gets_a_delivery_until_the_lease_ends(
    db: Database, two_members: list[int]
) -> None:
    enqueue(db, two_members)
    assert len(claim(db, limit=1)) == 1
    assert len(claim(db, "w2")) == 1
    assert claim(db, "w3", minutes=4) == []
    again = claim(db, "w3", minutes=5)
    assert [one.attempts for one in again] == [2, 2]


def test_only_due_deliveries_of_the_kind_are_claimed(db: Database, two_members: list[int]) -> None:
    enqueue(db, two_members)
    enqueue(db, two_members, kind="badge")
    assert claim(db, minutes=-1) == []
    assert [one.member_id for one in claim(db, account=True)] == [two_members[0]]
    assert [one.member_id for one in claim(db)] == [two_members[1]]


def test_a_delivery_that_is_done_is_not_claimed_again(db: Database, two_members: list[int]) -> None:
    enqueue(db, two_members)
    ids = [one.id for one in claim(db)]
    with db.transaction() as session:
        assert deliveries.mark_done(session, ids, "w1", LATER) == 2
        assert deliveries.mark_done(session, ids, "w1", LATER) == 0
        [row] = delivery_queries.deliveries_of(session, two_members[0])
    assert (row.state, row.done_at, row.lease_until, row.lease_owner) == ("done", LATER, None, "")
    assert claim(db, minutes=90) == []


def test_only_the_holder_of_the_lease_records_the_outcome(
    db: Database, two_members: list[int]
) -> None:
    enqueue(db, two_members[:1])
    [one] = claim(db, "slow")
    [other] = claim(db, "quick", minutes=6)
    with db.transaction() as session:
        assert deliveries.mark_done(session, [one.id], "slow", LATER) == 0
        assert deliveries.retry_later(session, one.id, "slow", "no", LATER) == 0
        assert deliveries.mark_failed(session, one.id, "slow", "no") == 0
        assert deliveries.mark_done(session, [one.id], "", LATER) == 0
        assert deliveries.mark_done(session, [other.id], "quick", LATER) == 1


def test_a_delivery_is_retried_later_or_after_a_setting_is_corrected(
    db: Database, two_members: list[int]
) -> None:
    enqueue(db, two_members)
    first, second = claim(db)
    with db.transaction() as session:
        assert deliveries.retry_later(session, first.id, "w1", "busy\0", NOW + 9 * LEASE) == 1
        error = "no token " * 200
        deliveries.retry_later(session, second.id, "w1", error, NOW + 9 * LEASE, "configuration")
    assert claim(db, minutes=44) == []
    with db.transaction() as session:
        [waiting] = failed_deliveries.list_failed_deliveries(session, 10)
        [row] = delivery_queries.deliveries_of(session, first.member_id)
        assert delivery_queries.retry(session, NOW, [first.id]) == 0, "it comes by itself"
        assert delivery_queries.retry(session, NOW) == 1
    assert (row.reason, row.last_error) == ("later", "busy")
    assert (waiting.reason, waiting.number, len(waiting.last_error)) == ("configuration", "1002",
                                                                         1000)  # fmt: skip
    assert [(one.id, one.attempts) for one in claim(db)] == [(second.id, 1)]


def test_a_failed_delivery_waits_until_someone_retries_it(
    db: Database, two_members: list[int]
) -> None:
    enqueue(db, two_members)
    with db.transaction() as session:
        for one in deliveries.claim(session, "mail", "w1", NOW, LEASE, 10):
            deliveries.mark_failed(session, one.id, "w1", "no such mailbox")
    assert counts(db) == {("mail", "failed"): 2}
    with db.transaction() as session:
        first, second = failed_deliveries.list_failed_deliveries(session, 10)
        assert [
            one.id for one in failed_deliveries.list_failed_deliveries(session, 1, after=first.id)
        ] == [second.id]
        assert (first.state, first.reason, first.last_error) == (
            "failed", "never", "no such mailbox",
        )  # fmt: skip
        assert delivery_queries.retry(session, NOW, [first.id]) == 1
    assert [one.id for one in claim(db)] == [first.id]


def test_a_released_delivery_counts_no_attempt(db: Database, two_members: list[int]) -> None:
    enqueue(db, two_members)
    claim(db, "w1", limit=1)
    claim(db, "w2")
    with db.transaction() as session:
        assert deliveries.release(session, "w1") == 1
    assert [one.attempts for one in claim(db, "w3")] == [1]


def test_many_deliveries_need_no_more_queries(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        ids = add(session, many_members(500))
    costs = []
    for count in (10, 500):
        queries.clear()
        enqueue(db, ids[:count], target=str(count))
        claimed = claim(db, limit=count)
        with db.transaction() as session:
            deliveries.mark_done(session, [one.id for one in claimed], "w1", NOW)
        costs.append((len(claimed), len(queries)))
    assert costs == [(10, 4), (500, 4)]
