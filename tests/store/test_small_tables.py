"""Awards, enrolments, cursors, guards, runs and signatures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, awards_of, counts, grant
from bridge.store.learning.enrolments import mark_enrolled, request_enrolments
from bridge.store.operations import cursors, locks, runs, webhook_signatures
from bridge.store.operations.cursors import Cursor
from bridge.store.tables.learning import Enrolment
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add, crowd

HOUR = timedelta(hours=1)


@pytest.fixture
def two(db: Database) -> list[int]:
    with db.transaction() as session:
        return add(session, [ANNA, BEN])


def test_a_milestone_is_awarded_once_and_stays_as_it_was(db: Database, two: list[int]) -> None:
    first = AwardRecord(two[0], "path", "welcome", "r1", {"activities": ["quiz"]}, NOW)
    later = AwardRecord(two[0], "path", "welcome", "r2", {}, LATER)
    other = AwardRecord(two[1], "path", "welcome", "r2", {}, LATER)
    with db.transaction() as session:
        [(number, record)] = grant(session, [first, later])
        assert record is first
        assert [record for _, record in grant(session, [later, other])] == [other]
        assert grant(session, []) == []
        assert counts(session) == {("path", "welcome"): 2}
        [award] = awards_of(session, two[0])
    assert (award.id, award.revision, award.evidence) == (number, "r1", {"activities": ["quiz"]})


def test_awards_cost_one_query(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        ids = add(session, crowd(500))
        queries.clear()
        new = grant(session, [AwardRecord(one, "p", "m", "r", {}, NOW) for one in ids])
    assert sorted(record.member_id for _, record in new) == sorted(ids)
    assert len(queries) == 1


def test_enrolments_are_wanted_once_then_made(db: Database, two: list[int]) -> None:
    anna, ben = two
    with db.transaction() as session:
        assert request_enrolments(session, [(anna, "path", "a"), (ben, "path", "a")], NOW) == [
            (anna, "path", "a"), (ben, "path", "a"),
        ]  # fmt: skip
        assert request_enrolments(session, [(anna, "path", "a"), (anna, "path", "b")], LATER) == [
            (anna, "path", "b")
        ]
        assert request_enrolments(session, [], NOW) == []
        assert mark_enrolled(session, [anna], "path", "a", LATER) == 1
        assert mark_enrolled(session, [anna], "path", "a", LATER) == 0
        assert mark_enrolled(session, [anna], "path", "never", LATER) == 0
        kept = session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
        assert {e.milestone for e in kept if e.enrolled_at and e.member_id == anna} == {"a"}
        assert [e for e in kept if e.enrolled_at and e.member_id == ben] == []
        assert [(e.milestone, e.enrolled_at) for e in kept if e.member_id == anna] == [
            ("a", LATER), ("b", None),
        ]  # fmt: skip


def test_a_cursor_begins_at_nothing_and_keeps_what_it_missed(db: Database) -> None:
    there = Cursor(7, "feed-1", ((3, NOW), (5, LATER)))
    with db.transaction() as session:
        assert cursors.get(session, "feed") == Cursor(0, "", ())
        cursors.put(session, "feed", Cursor(1, "feed-1"), NOW)
        cursors.put(session, "feed", there, LATER)
    with db.reading() as session:
        assert cursors.get(session, "feed") == there


def test_a_guard_has_one_holder(db: Database) -> None:
    with db.transaction() as session:
        assert locks.acquire(session, "sync", "a", NOW, HOUR)
        assert not locks.acquire(session, "sync", "a", NOW, HOUR), "not even the same owner twice"
        assert not locks.acquire(session, "sync", "b", NOW, HOUR)
        assert locks.acquire(session, "pull", "b", NOW, HOUR)
        locks.release(session, "sync", "b")
        assert not locks.acquire(session, "sync", "b", NOW, HOUR)
        locks.release(session, "sync", "a")
        assert locks.acquire(session, "sync", "b", NOW, HOUR)


def test_a_guard_passes_on_when_its_holder_has_died(db: Database) -> None:
    with db.transaction() as session:
        locks.acquire(session, "sync", "a", NOW, HOUR)
        assert locks.renew(session, "sync", "a", NOW + HOUR / 2, HOUR)
        assert not locks.acquire(session, "sync", "b", NOW + HOUR, HOUR)
        assert locks.acquire(session, "sync", "b", NOW + 2 * HOUR, HOUR)
        assert not locks.renew(session, "sync", "a", NOW + 2 * HOUR, HOUR)


def test_runs_are_remembered(db: Database) -> None:
    with db.transaction() as session:
        assert runs.last_run(session, "pull") is None
        good = runs.start_run(session, "pull", "me", NOW)
        runs.finish_run(session, good, True, {"changes": 3}, LATER)
        bad = runs.start_run(session, "pull", "me", LATER)
        runs.heartbeat(session, bad, LATER + HOUR)
        running = runs.last_run(session, "pull")
        assert running is not None
        assert (running.id, running.ok, running.heartbeat_at) == (bad, None, LATER + HOUR)
        runs.finish_run(session, bad, False, {"error": "no answer"}, LATER)
        last, last_good = (runs.last_run(session, "pull", ok_only=ok) for ok in (False, True))
    assert last is not None
    assert last_good is not None
    assert (last.id, last.ok, last.detail) == (bad, False, {"error": "no answer"})
    assert (last_good.id, last_good.finished_at) == (good, LATER)


def test_a_signature_is_accepted_once(db: Database) -> None:
    with db.transaction() as session:
        assert not webhook_signatures.is_replay(session, "abc", NOW)
        assert webhook_signatures.is_replay(session, "abc", LATER)
        assert not webhook_signatures.is_replay(session, "def", LATER)
        assert webhook_signatures.prune(session, LATER) == 1
        assert not webhook_signatures.is_replay(session, "abc", LATER)
