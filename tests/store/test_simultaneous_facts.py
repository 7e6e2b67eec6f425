"""Facts that several transactions record about one member at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.credited import Credited
from bridge.store.database import Database
from bridge.store.learning import awards, credits
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.decisions import open_of
from bridge.store.tables.learning import Credit
from bridge.workflows import withdrawals
from bridge.workflows.awards import assess
from bridge.workflows.corrections.credits import withdraw_credit
from bridge.workflows.corrections.decisions import Correction
from tests.store.sample_members import NOW
from tests.support.sample_curricula import small
from tests.support.waiting import wait_until

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def two_credits() -> tuple[Curriculum]:
    """A curriculum whose first milestone requires two credits."""
    first, second = small().milestones
    both = (Credited("talk", "session"), Credited("camp", "program"))
    return (replace(small(), milestones=(replace(first, requirements=both), second)),)


def insert(session: Session, member: int, kind: str, key: str, source_id: str = "1") -> None:
    credit = Credit(
        member_id=member, curriculum="path", kind=kind, key=key, occurred_on=NOW.date(),
        source=kind, source_id=source_id, evidence={}, recorded_by="x", recorded_at=NOW,
        withdrawn_by="", withdrawn_reason="",
    )  # fmt: skip
    session.add(credit)
    session.flush()


def earned(db: Database, member: int) -> list[str]:
    with db.reading() as session:
        return [each.milestone for each in awards.awards_of(session, member)]


def is_postgresql(db: Database) -> bool:
    return db._engine.dialect.name == "postgresql"


def is_waiting(db: Database) -> bool:
    """Whether another transaction waits for a lock."""
    if not is_postgresql(db):
        return True  # SQLite lets it wait at its first statement
    with db.reading() as session:
        return bool(session.scalar(text(WAITING)))


def test_the_second_transaction_sees_the_facts_of_the_first(
    db: Database, two_members: list[int]
) -> None:
    member, path = two_members[0], two_credits()

    def record_program() -> int:
        with db.transaction() as session:
            insert(session, member, "program", "camp")
            return assess(session, path, [member], NOW)

    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            insert(session, member, "session", "talk")
            assert assess(session, path, [member], NOW) == 0
            second = pool.submit(record_program)
            wait_until(lambda: second.done() or is_waiting(db), "the second transaction")
        assert second.result() == 1
    assert earned(db, member) == ["first"]


def test_two_transactions_that_refer_to_a_member_can_both_lock_it(
    db: Database, two_members: list[int]
) -> None:
    if not is_postgresql(db):
        return
    member, path, inserted = two_members[0], two_credits(), threading.Barrier(2)

    def record(kind: str, key: str) -> int:
        with db.transaction() as session:
            insert(session, member, kind, key)
            inserted.wait()
            return assess(session, path, [member], NOW)

    with ThreadPoolExecutor(2) as pool:
        new = list(pool.map(record, ("session", "program"), ("talk", "camp")))
    assert sorted(new) == [0, 1]
    assert earned(db, member) == ["first"]


@pytest.mark.parametrize("what", ["award", "credit", "record"])
def test_members_are_locked_before_what_belongs_to_them(
    db: Database, two_members: list[int], queries: list[str], what: str
) -> None:
    member, path = two_members[0], two_credits()
    with db.transaction() as session:
        insert(session, member, "session", "talk")
        [(award, _)] = awards.grant(session, [AwardRecord(member, "path", "first", "r", {}, NOW)])
        [credit] = credits.credits_of(session, member)
    queries.clear()
    with db.transaction() as session:
        if what == "award":
            assert withdrawals.withdraw_award(session, path, award, "Wrong", "x", NOW)
        elif what == "credit":
            correction = Correction("x", NOW, "Wrong", "withdraw")
            assert withdraw_credit(session, path, credit, correction)
        else:
            camp = credits.CreditRecord(
                member_id=member, curriculum="path", kind="program", key="camp", source="s",
                occurred_on=NOW.date(), source_id="1", recorded_by="x",
            )  # fmt: skip
            assert credits.record(session, camp, NOW)
    writes = [number for number, each in enumerate(queries) if not each.startswith("SELECT")]
    assert any("FROM member " in each.replace("\n", " ") for each in queries[: writes[0]])
    if is_postgresql(db):
        assert any("FOR NO KEY UPDATE" in each for each in queries[: writes[0]])


def test_two_credits_that_replace_each_other_withdrawn_at_once_leave_a_decision(
    db: Database, two_members: list[int]
) -> None:
    first, second = small().milestones
    talk = replace(first, requirements=(Credited("talk", "session"),))
    path, member = (replace(small(), milestones=(talk, second)),), two_members[0]
    with db.transaction() as session:
        insert(session, member, "session", "talk", "1")
        insert(session, member, "session", "talk", "2")
        assert assess(session, path, [member], NOW) == 1

    def withdraw(session: Session, number: int) -> bool:
        credit = credits.credits_of(session, member)[number]
        return withdraw_credit(session, path, credit, Correction("x", NOW, "Wrong"))

    def withdraw_second() -> bool:
        with db.transaction() as session:
            return withdraw(session, 1)

    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            assert withdraw(session, 0)
            other = pool.submit(withdraw_second)
            wait_until(lambda: other.done() or is_waiting(db), "the second transaction")
        assert other.result()
    with db.reading() as session:
        assert all(each.withdrawn_at for each in credits.credits_of(session, member))
        assert [each.about for each in open_of(session, [member])] == ["session:talk"]
