"""Recording a list of roles once, and undoing it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import event

from bridge.curriculum.requirements.role import HasRole
from bridge.membership.roles import HeldRole
from bridge.store.batches import batches
from bridge.store.database import Database, open_database
from bridge.store.learning import awards, decisions
from bridge.store.members.roles import give_role, roles_of
from bridge.workflows.corrections.decisions import Correction
from bridge.workflows.people_lists.people import People
from bridge.workflows.role_lists.preview import preview
from bridge.workflows.role_lists.recording import Recorded, find_roles, record_roles, undo_roles
from bridge.workflows.role_lists.request import RoleRequest
from tests.store.sample_members import NOW, add, many_members
from tests.support.sample_curricula import curriculum, milestone, section
from tests.support.waiting import HANG_SECONDS

PATH = curriculum(milestone("steward", section("a"), requirements=[HasRole("steward")]))
TODAY = NOW.date()
GIVE = RoleRequest("give", HeldRole("steward", since=TODAY), "Elected")
END = RoleRequest("end", HeldRole("steward", until=TODAY))
ACTOR = "committee@union.example"


def members(db: Database, count: int) -> list[int]:
    with db.transaction() as session:
        return sorted(add(session, many_members(count)))


def record(db: Database, ids: list[int], request: RoleRequest = GIVE, key: str = "k") -> Recorded:
    with db.transaction() as session:
        return record_roles(session, [PATH], request, ids, key, ACTOR, NOW)


def undo(db: Database, batch: int, reason: str = "") -> None:
    with db.transaction() as session:
        assert undo_roles(session, [PATH], batch, Correction(ACTOR, NOW, reason))


def held(db: Database, ids: list[int]) -> dict[int, list[HeldRole]]:
    with db.reading() as session:
        return {m: [each.held for each in found] for m, found in roles_of(session, ids).items()}


def test_a_role_is_given_and_earns_milestones(db: Database) -> None:
    ids = members(db, 3)
    done = record(db, ids)
    assert (list(done.members), done.awarded) == (ids, 3)
    assert held(db, ids) == {one: [GIVE.role] for one in ids}
    with db.reading() as session:
        [listed] = batches.recent(session, ["roles-given"], 9)
        assert batches.recent(session, ["roles-ended"], 9) == []
    assert (listed.members, listed.recorded_by, listed.undone_at) == (3, ACTOR, None)


def test_a_form_sent_twice_records_once_also_after_an_undo(db: Database) -> None:
    ids = members(db, 2)
    done = record(db, ids, END)
    assert record(db, ids, END).batch_id == done.batch_id
    first = record(db, ids, GIVE, "g")
    undo(db, first.batch_id, "Wrong")
    assert record(db, ids, GIVE, "g").repeated
    assert held(db, ids) == {}


def test_two_people_record_the_same_list_at_once(db: Database) -> None:
    ids, start = members(db, 25), Barrier(2)

    def one(key: str) -> list[int]:
        start.wait(HANG_SECONDS)
        return list(record(db, ids, key=key).members)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, ("one", "two")))
    assert sorted(map(len, found)) == [0, 25]
    assert all(len(each) == 1 for each in held(db, ids).values())


def test_undoing_an_end_restores_days_and_source(db: Database) -> None:
    [one] = members(db, 1)
    with db.transaction() as session:
        give_role(session, one, HeldRole("steward", "north", until=TODAY), ACTOR, NOW)
        give_role(session, one, HeldRole("steward"), ACTOR, NOW)
    before = held(db, [one])
    yesterday = TODAY - timedelta(days=1)
    done = record(db, [one], RoleRequest("end", HeldRole("steward", until=yesterday)))
    assert {each.until for each in held(db, [one])[one]} == {yesterday}
    undo(db, done.batch_id)
    assert held(db, [one]) == before
    undo(db, done.batch_id)
    assert held(db, [one]) == before


def test_a_role_given_again_since_is_kept(db: Database) -> None:
    [one] = members(db, 1)
    with db.transaction() as session:
        give_role(session, one, HeldRole("steward"), ACTOR, NOW)
    done = record(db, [one], END)
    later = HeldRole("steward", since=TODAY + timedelta(days=9))
    with db.transaction() as session:
        give_role(session, one, later, ACTOR, NOW)
    undo(db, done.batch_id)
    assert held(db, [one])[one] == [HeldRole("steward", until=TODAY), later]
    with db.reading() as session:
        found = find_roles(session, done.batch_id, NOW)
    assert found
    assert (len(found.to_undo), len(found.changed_since)) == (0, 1)


def test_a_milestone_that_would_lack_the_role_needs_a_reason(db: Database) -> None:
    [one] = members(db, 1)
    done = record(db, [one])
    undo(db, done.batch_id)
    assert held(db, [one]) == {one: [GIVE.role]}
    undo(db, done.batch_id, "Not elected")
    assert held(db, [one]) == {}
    with db.reading() as session:
        assert decisions.count_open(session) == 1
        assert len(awards.current_awards(session, [one])) == 1


def test_an_end_before_a_milestone_was_earned_is_a_question(db: Database) -> None:
    [one] = members(db, 1)
    with db.transaction() as session:
        give_role(session, one, HeldRole("steward"), ACTOR, NOW)
    record(db, [one], RoleRequest("give", HeldRole("trustee")), "t")
    with db.reading() as session:
        assert len(awards.current_awards(session, [one])) == 1
    past = TODAY - timedelta(days=30)
    record(db, [one], RoleRequest("end", HeldRole("steward", until=past), "Resigned"), "e")
    with db.reading() as session:
        assert decisions.count_open(session) == 1


def record_and_die(address: str, ids: list[int], last: int) -> None:
    """Record a list, and kill the process before its nth statement."""
    database, left = open_database(address), iter(range(last, -1, -1))

    def count(*_: object) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database._engine, "before_cursor_execute", count)
    event.listen(database._engine, "commit", count)
    with database.transaction() as session:
        record_roles(session, [PATH], GIVE, ids, "k", ACTOR, NOW)
    os._exit(0)


def test_a_kill_in_the_middle_records_all_or_nothing(db: Database, url: str) -> None:
    ids, killed = members(db, 3), 0
    start: Callable[..., multiprocessing.Process] = multiprocessing.get_context("fork").Process
    for last in (4, 7, 9, 12, 60):
        process = start(target=record_and_die, args=(url, ids, last))
        process.start()
        process.join(HANG_SECONDS)
        killed += process.exitcode == -signal.SIGKILL
        assert sorted(held(db, ids)) in ([], ids)
    assert killed >= 3
    assert list(record(db, ids).members) == ids, "sending it again finishes it"


@pytest.mark.parametrize("action", ["give", "end"])
def test_many_take_as_many_queries(db: Database, queries: list[str], action: str) -> None:
    ids, trustee = members(db, 120), HeldRole("trustee", since=TODAY, until=TODAY)
    request = RoleRequest("give", trustee)
    if action == "end":
        record(db, ids, RoleRequest("give", HeldRole("trustee")), "before")
        request = RoleRequest("end", trustee)
    counts: list[int] = []
    for key, some in (("a", ids[:1]), ("b", ids[1:])):
        del queries[:]
        done = record(db, some, request, key)
        with db.transaction() as session:
            undo_roles(session, [], done.batch_id, Correction(ACTOR, NOW, "Wrong"))
        with db.reading() as session:
            preview(session, request, People("\n".join(map(str, range(1, len(some) + 1)))))
        counts.append(len(queries))
    assert counts[0] == counts[1]
