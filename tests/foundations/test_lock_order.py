"""Members are locked first, then persons, then what is theirs: nothing waits in a circle."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.owners import Owner
from bridge.privacy import merge_persons
from bridge.store.database import Database
from bridge.store.members.locking import lock_members
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from tests.foundations.deadlines.environment import AT, Environment
from tests.store.test_simultaneous_facts import WAITING, is_postgresql
from tests.support.waiting import wait_until

Setting = tuple[Environment, int, int, int]


@pytest.fixture
def setting(db: Database, two_members: list[int]) -> Setting:
    """A member with a person, and a guest who has a deadline."""
    env = Environment(db)
    with db.transaction() as session:
        person = records.person_of_member(session, two_members[0], AT)
        guest = records.find_or_add(session, PersonRecord("Kim", "kim@guest.example"), AT).id
    env.schedule("close", "form", owner=Owner(person_id=guest))
    return env, two_members[0], person, guest


def wait_for_lock(db: Database, first: Callable[[Session], object], other: Callable[[], object],
                  then: Callable[[Session], object]) -> object:  # fmt: skip
    """Let `other` wait for a lock of `first`, in whose transaction `then` locks more."""

    def is_waiting() -> bool:
        with db.reading() as session:
            return bool(session.scalar(text(WAITING)))

    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            first(session)
            running = pool.submit(other)
            wait_until(lambda: running.done() or is_waiting(), "the other transaction")
            then(session)
        return running.result()


@pytest.mark.parametrize("kept_first", [True, False])
def test_merging_while_a_member_saves_something(setting: Setting, kept_first: bool) -> None:
    env, member, person, guest = setting
    kept, removed = (person, guest) if kept_first else (guest, person)
    if not is_postgresql(env.db):
        return

    def merge() -> None:
        with env.db.transaction() as session:
            merge_persons(session, kept, removed, "chair", AT)

    wait_for_lock(
        env.db, lambda session: lock_members(session, [member]), merge,
        lambda session: records.lock(session, person),
    )  # fmt: skip
    with env.db.reading() as session:
        assert records.find(session, removed) is None
        left = records.find(session, kept)
        assert left is not None
        assert left.member_id == member


def test_a_deadline_that_runs_while_its_person_saves_something(setting: Setting) -> None:
    env, _, _, guest = setting
    if not is_postgresql(env.db):
        return

    def run(session: Session, due: DueDeadline, _late: object) -> None:
        records.lock(session, due.owner.person_id or 0)

    env.handle = run  # type: ignore[method-assign]
    outcome = wait_for_lock(
        env.db, lambda session: records.lock(session, guest), lambda: env.run(hours=1),
        lambda session: session.execute(text("UPDATE due SET subject = 'form'")),
    )  # fmt: skip
    assert outcome == {"done": 1}
