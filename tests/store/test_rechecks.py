"""Members who want their results now, and where Moodle keeps what they do next."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bridge.store.curricula import course_modules
from bridge.store.database import Database
from bridge.store.learning import refresh_requests
from tests.store.sample_members import LATER, NOW, add, crowd

from .test_concurrency import together

LEASE = timedelta(minutes=2)


def wanted(db: Database, count: int) -> list[int]:
    with db.transaction() as session:
        ids = add(session, crowd(count))
        for one in ids:
            refresh_requests.request(session, one, NOW)
    return ids


def outcome(db: Database, member: int) -> str:
    with db.reading() as session:
        found = refresh_requests.last(session, member)
    assert found is not None
    return found.outcome


def test_of_many_workers_each_has_members_of_its_own(db: Database) -> None:
    ids = wanted(db, 60)

    def work(number: int) -> list[int]:
        mine: list[int] = []
        while True:
            with db.transaction() as session:
                taken = refresh_requests.claim(session, f"w{number}", NOW, LEASE, 7)
            if not taken:
                return mine
            mine += taken

    taken = Counter(one for mine in together(work) for one in mine)
    assert sorted(taken) == sorted(ids)
    assert set(taken.values()) == {1}


def test_whoever_waits_longest_comes_first(db: Database) -> None:
    first, second, third = wanted(db, 3)
    with db.transaction() as session:
        refresh_requests.request(session, first, LATER)
        assert refresh_requests.claim(session, "w", LATER, LEASE, 2) == [second, third]
        assert refresh_requests.claim(session, "w", LATER, LEASE, 2) == [first]


def test_a_lease_ends_and_its_late_answer_does_not_count(db: Database) -> None:
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


def test_asking_again_begins_anew(db: Database) -> None:
    [member] = wanted(db, 1)
    with db.transaction() as session:
        refresh_requests.claim(session, "w", NOW, LEASE, 9)
        refresh_requests.finish(session, member, "w", "done", NOW)
        assert refresh_requests.claim(session, "w", NOW + 2 * LEASE, LEASE, 9) == []
        refresh_requests.request(session, member, LATER)
        refresh_requests.finish(session, member, "w", "done", LATER)
    assert outcome(db, member) == ""


def test_what_was_answered_is_forgotten_in_time_and_what_waits_is_not(db: Database) -> None:
    old, waiting = wanted(db, 2)
    with db.transaction() as session:
        refresh_requests.claim(session, "w", NOW, LEASE, 1)
        refresh_requests.finish(session, old, "w", "done", NOW)
        refresh_requests.prune(session, LATER)
        assert refresh_requests.last(session, old) is None
        assert refresh_requests.last(session, waiting) is not None


def test_places_are_replaced_a_curriculum_at_a_time(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        course_modules.replace_all(session, "path", {"quiz": 7, "page": 8})
        course_modules.replace_all(session, "other", {"quiz": 9})
        course_modules.replace_all(session, "path", {"quiz": 17})
    with db.reading() as session:
        assert course_modules.cmids_of(session) == {("path", "quiz"): 17, ("other", "quiz"): 9}
    queries.clear()
    with db.transaction() as session:
        course_modules.replace_all(session, "path", {"quiz": 17})
    assert [query.split()[0] for query in queries] == ["SELECT"]
    with db.transaction() as session:
        course_modules.replace_all(session, "path", {})
        assert course_modules.cmids_of(session) == {("other", "quiz"): 9}
