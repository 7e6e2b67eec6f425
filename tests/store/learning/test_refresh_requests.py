"""Members' requests to read their results now."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bridge.store.database import Database
from bridge.store.learning import refresh_requests
from tests.store.parallel import run_in_threads
from tests.store.sample_members import LATER, NOW, add, many_members

LEASE = timedelta(minutes=2)


def wanted(db: Database, count: int) -> list[int]:
    with db.transaction() as session:
        ids = add(session, many_members(count))
        for one in ids:
            refresh_requests.request(session, one, NOW)
    return ids


def outcome(db: Database, member: int) -> str:
    with db.reading() as session:
        found = refresh_requests.latest_request(session, member)
    assert found is not None
    return found.outcome


def test_two_workers_never_claim_the_same_member(db: Database) -> None:
    ids = wanted(db, 60)

    def work(number: int) -> list[int]:
        mine: list[int] = []
        while True:
            with db.transaction() as session:
                taken = refresh_requests.claim(session, f"w{number}", NOW, LEASE, 7)
            if not taken:
                return mine
            mine += taken

    taken = Counter(one for mine in run_in_threads(work) for one in mine)
    assert sorted(taken) == sorted(ids)
    assert set(taken.values()) == {1}


def test_the_oldest_request_is_claimed_first(db: Database) -> None:
    first, second, third = wanted(db, 3)
    with db.transaction() as session:
        refresh_requests.request(session, first, LATER)
        assert refresh_requests.claim(session, "w", LATER, LEASE, 2) == [second, third]
        assert refresh_requests.claim(session, "w", LATER, LEASE, 2) == [first]


def test_an_outcome_after_the_lease_does_not_count(db: Database) -> None:
    [member] = wanted(db, 1)
    with db.transaction() as session:
        assert refresh_requests.claim(session, "slow", NOW, LEASE, 9) == [member]
        assert refresh_requests.claim(session, "other", NOW, LEASE, 9) == []
        assert refresh_requests.claim(session, "other", NOW + LEASE, LEASE, 9) == [member]
        refresh_requests.finish(session, member, "slow", "failed", NOW + LEASE)
    assert outcome(db, member) == ""
    with db.transaction() as session:
        refresh_requests.finish(session, member, "other", "done", NOW + LEASE)
        refresh_requests.finish(session, member, "other", "failed", NOW + LEASE)
    assert outcome(db, member) == "done"


def test_a_new_request_replaces_the_former_one(db: Database) -> None:
    [member] = wanted(db, 1)
    with db.transaction() as session:
        refresh_requests.claim(session, "w", NOW, LEASE, 9)
        refresh_requests.finish(session, member, "w", "done", NOW)
        assert refresh_requests.claim(session, "w", NOW + 2 * LEASE, LEASE, 9) == []
        refresh_requests.request(session, member, LATER)
        refresh_requests.finish(session, member, "w", "done", LATER)
    assert outcome(db, member) == ""


def test_finished_requests_are_deleted_and_open_ones_are_not(db: Database) -> None:
    old, waiting = wanted(db, 2)
    with db.transaction() as session:
        refresh_requests.claim(session, "w", NOW, LEASE, 1)
        refresh_requests.finish(session, old, "w", "done", NOW)
        refresh_requests.prune(session, LATER)
        assert refresh_requests.latest_request(session, old) is None
        assert refresh_requests.latest_request(session, waiting) is not None
