"""Recording a list of sign-offs once, and undoing it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event

from bridge.store.database import Database, open_database
from bridge.store.learning import awards, decisions, signoff_batches
from bridge.store.learning.credits import credits_of_members
from bridge.store.learning.signoffs import record_signoff
from bridge.store.operations import audit_queries
from bridge.store.operations.audit_queries import AuditFilter
from bridge.workflows.corrections.decisions import Correction, decide
from bridge.workflows.signoffs.recording import find_list, record_list, undo, withdraw_list
from tests.store.sample_members import NOW
from tests.support.waiting import HANG_SECONDS
from tests.workflows.signoffs.sample_list import ACTOR, PATH, TALK, WALK, members, record


def active(db: Database, ids: list[int]) -> list[int]:
    """Who has a sign-off now."""
    with db.reading() as session:
        found = credits_of_members(session, ids)
        return sorted(each.member_id for each in found if each.withdrawn_at is None)


def test_those_without_it_are_signed_off_and_awarded(db: Database) -> None:
    ids = members(db, 4)
    with db.transaction() as session:
        record_signoff(session, ids[0], PATH.key, "walk", "Kim", "", "chair", NOW)
    done = record(db, ids)
    assert list(done.members) == ids[1:]
    assert done.awarded == 3
    with db.reading() as session:
        entries = audit_queries.entries(session, 99, AuditFilter(action="sign-off"))
        [batch] = signoff_batches.recent(session, 5, ACTOR)
        assert signoff_batches.recent(session, 5, "someone@else.example") == []
    assert len(entries) == 4
    assert (batch.count, batch.active, batch.requirement) == (3, 3, "walk")


def test_a_form_sent_twice_records_once(db: Database) -> None:
    ids = members(db, 2)
    first, again = record(db, ids), record(db, ids)
    assert again.repeated
    assert (again.batch_id, list(again.members)) == (first.batch_id, list(first.members))
    assert active(db, ids) == ids


def test_a_form_sent_again_after_an_undo_records_nothing(db: Database) -> None:
    ids = members(db, 2)
    done = record(db, ids, what=TALK)
    with db.transaction() as session:
        assert undo(session, [PATH], done.batch_id, ACTOR, NOW)
    assert record(db, ids, what=TALK).repeated
    assert active(db, ids) == []


def test_two_people_record_the_same_list_at_once(db: Database) -> None:
    ids, start = members(db, 25), Barrier(2)

    def one(key: str) -> list[int]:
        start.wait(HANG_SECONDS)
        return list(record(db, ids, key).members)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, ("one", "two")))
    assert sorted(map(len, found)) == [0, 25]
    assert active(db, ids) == ids


def test_undo_withdraws_what_was_recorded_and_it_can_be_recorded_again(db: Database) -> None:
    ids = members(db, 3)
    done = record(db, ids, what=TALK)
    with db.transaction() as session:
        undone = undo(session, [PATH], done.batch_id, ACTOR, NOW)
        assert undone
        assert undone.can_be_undone
    assert active(db, ids) == []
    with db.transaction() as session:
        again = undo(session, [PATH], done.batch_id, ACTOR, NOW)
        assert again
        assert not again.can_be_undone
    assert list(record(db, ids, "later", TALK).members) == ids


def test_a_list_that_an_award_depends_on_is_corrected_instead(db: Database) -> None:
    ids = members(db, 2)
    done = record(db, ids)
    with db.transaction() as session:
        refused = undo(session, [PATH], done.batch_id, ACTOR, NOW)
        assert refused
        assert set(refused.depending) == set(ids)
    assert active(db, ids) == ids
    with db.transaction() as session:
        assert withdraw_list(session, [PATH], done.batch_id, Correction(ACTOR, NOW, "Wrong day"))
    assert active(db, ids) == []
    with db.reading() as session:
        assert len(awards.current_awards(session, ids)) == 2, "a person decides"
        listed = decisions.list_open(session, 9)
    assert [(each.member_id, each.about, each.reason) for each in listed] == [
        (one, "signoff:walk", "Wrong day") for one in ids
    ]


@pytest.mark.parametrize(("choice", "kept"), [("keep", 1), ("withdraw", 0)])
def test_a_person_decides_once(db: Database, choice: str, kept: int) -> None:
    ids = members(db, 1)
    done = record(db, ids)
    with db.transaction() as session:
        withdraw_list(session, [PATH], done.batch_id, Correction(ACTOR, NOW, "Wrong day"))
        [one] = decisions.list_open(session, 9)
    made = Correction(ACTOR, NOW, "Not earned", choice, "Was there")  # type: ignore[arg-type]
    with db.transaction() as session:
        assert decide(session, [PATH], one.id, made)
        assert not decide(session, [PATH], one.id, made)
        assert len(awards.current_awards(session, ids)) == kept
        assert decisions.count_open(session) == 0
        [stored] = decisions.decisions_of(session, ids[0])
    assert (stored.answer, stored.note) == (choice, "Was there" if kept else "Not earned")


def test_recording_it_again_answers_the_question(db: Database) -> None:
    ids = members(db, 1)
    done = record(db, ids)
    with db.transaction() as session:
        withdraw_list(session, [PATH], done.batch_id, Correction(ACTOR, NOW, "Wrong day"))
    record(db, ids, "again")
    with db.reading() as session:
        assert decisions.count_open(session) == 0
        assert len(awards.current_awards(session, ids)) == 1


def test_a_long_list_takes_as_many_queries(db: Database, queries: list[str]) -> None:
    ids = members(db, 120)
    counts = []
    for some, key in ((ids[:2], "a"), (ids[2:], "b")):
        done, sent = record(db, some, key), []
        with db.transaction() as session:
            del queries[:]
            find_list(session, [PATH], done.batch_id, NOW)
            sent.append(len(queries))
            record_list(session, [PATH], TALK, some, f"{key}2", ACTOR, NOW)
            counts.append([*sent, len(queries)])
    assert counts[0] == counts[1]


def record_and_die(address: str, ids: list[int], last: int) -> None:
    """Record a list, and kill the process before its nth statement."""
    database, left = open_database(address), iter(range(last, -1, -1))

    def count(*_: object) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database._engine, "before_cursor_execute", count)
    event.listen(database._engine, "commit", count)
    with database.transaction() as session:
        record_list(session, [PATH], WALK, ids, "k", ACTOR, NOW)
    os._exit(0)


def test_a_kill_in_the_middle_records_all_or_nothing(db: Database, url: str) -> None:
    ids, killed = members(db, 3), 0
    start: Callable[..., multiprocessing.Process] = multiprocessing.get_context("fork").Process
    for last in (4, 7, 9, 12, 60):
        process = start(target=record_and_die, args=(url, ids, last))
        process.start()
        process.join(HANG_SECONDS)
        killed += process.exitcode == -signal.SIGKILL
        assert active(db, ids) in ([], ids)
        with db.reading() as session:
            complete = len(awards.current_awards(session, ids)) == len(active(db, ids))
        assert complete, "sign-offs and milestones belong together"
    assert killed >= 3
    assert list(record(db, ids).members) == ids, "sending it again finishes it"
