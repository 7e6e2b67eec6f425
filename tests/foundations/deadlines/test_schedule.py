"""Deadlines are scheduled, moved and cancelled; each member has their own."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.deadlines.tables import Deadline
from bridge.foundations.owners import Owner, owner_of_member
from bridge.privacy import erase_member, export_member, merge_persons
from bridge.store.persons.records import PersonRecord, find_or_add, person_of_member
from bridge.store.tables.persons import Person
from tests.foundations.deadlines.environment import AT, DUE, Environment
from tests.foundations.deadlines.test_local_time import local


def test_scheduling_again_changes_nothing(env: Environment) -> None:
    assert env.schedule("close", "round:1")
    assert not env.schedule("close", "round:1")
    env.run(hours=1)
    assert not env.schedule("close", "round:1")
    assert env.run(hours=1) == {}
    assert env.schedule("close", "round:2")
    assert env.schedule("remind", "round:1")


def test_each_member_has_deadlines_of_their_own(env: Environment, two_members: list[int]) -> None:
    for member in two_members:
        assert env.schedule("close", "form", owner=Owner(member))
        assert not env.schedule("close", "form", owner=Owner(member))
    assert env.schedule("close", "form")
    assert not env.schedule("close", "form")
    assert env.run(hours=1) == {"done": 3}


def test_a_person_has_deadlines_too_and_keeps_them_as_a_member(
    env: Environment, two_members: list[int]
) -> None:
    with env.db.transaction() as session:
        guest = find_or_add(session, PersonRecord("Kim", "kim@guest.example"), AT).id
        anna = person_of_member(session, two_members[0], AT)
    for person in (guest, anna):
        assert env.schedule("close", "form", owner=Owner(person_id=person))
    with env.db.reading() as session:
        member = owner_of_member(session, two_members[0])
    assert not env.schedule("close", "form", owner=member)
    assert env.schedule("close", "form", "2026-03-03 17:00", owner=member)
    assert env.schedule("close", "other", owner=member)
    assert not env.schedule("close", "other", owner=Owner(two_members[0]))
    assert env.cancel("close", "form", member)
    assert env.run(hours=1) == {"done": 2}
    assert env.owners == [Owner(person_id=guest), Owner(two_members[0])]


@pytest.fixture
def linked(env: Environment, two_members: list[int]) -> Owner:
    """Anna, who got the same deadline as a person and as a member before they were linked."""
    with env.db.transaction() as session:
        anna = person_of_member(session, two_members[0], AT)
    env.schedule("close", "form", owner=Owner(person_id=anna))
    env.schedule("close", "form", owner=Owner(two_members[0]))
    return Owner(two_members[0], anna)


def test_cancelling_cancels_what_they_got_as_a_person_too(env: Environment, linked: Owner) -> None:
    assert env.cancel("close", "form", linked)
    assert env.run(hours=1) == {}


def test_moving_leaves_nothing_at_the_former_time(env: Environment, linked: Owner) -> None:
    assert env.schedule("close", "form", "2026-03-03 17:00", owner=linked)
    assert env.run(hours=1) == {}
    assert env.run(days=1) == {"done": 1}
    assert not env.schedule("close", "form", "2026-03-03 17:00", owner=linked)


@pytest.mark.parametrize(
    ("as_person", "as_member", "ran"),
    [
        (("pending", 3), ("pending", 3), [("member", 3)]),
        (("pending", 3), ("pending", 4), [("member", 4)]),
        (("pending", 4), ("pending", 3), [("member", 3)]),
        (("done", 3), ("pending", 3), []),
        (("pending", 3), ("done", 3), []),
        (("done", 3), ("pending", 4), [("member", 4)]),
        (("pending", 4), ("done", 3), [("person", 4)]),
        (("cancelled", 3), ("pending", 3), [("member", 3)]),
        (("pending", 3), ("cancelled", 3), [("person", 3)]),
    ],
)
def test_whoever_got_it_as_a_person_and_as_a_member_has_it_once(
    env: Environment,
    linked: Owner,
    as_person: tuple[str, int],
    as_member: tuple[str, int],
    ran: list[tuple[str, int]],
) -> None:
    mine = (Deadline.person_id == linked.person_id, Deadline.member_id == linked.member_id)
    for is_mine, (state, day) in zip(mine, (as_person, as_member), strict=True):
        values = {"state": state, "local_time": local(f"2026-03-0{day} 17:00").at}
        with env.db.transaction() as session:
            session.execute(update(Deadline).where(is_mine).values(values))
    found = []
    for day in range(2, 6):
        env.run(days=1)
        found += [("member" if each.member_id else "person", day) for each in env.owners]
        env.owners.clear()
    assert found == ran
    assert "pending" not in env.rows()


def test_someone_who_may_be_another_person_keeps_their_deadline(
    env: Environment, linked: Owner
) -> None:
    with env.db.transaction() as session:
        mine = update(Person).where(Person.id == linked.person_id)
        session.execute(
            mine.values(link="email", email="a@else.example", email_key="a@else.example")
        )
    assert env.run(hours=1) == {"done": 2}


@pytest.mark.parametrize(
    ("kept", "removed", "left"),
    [
        (("cancelled", 3), ("pending", 4), ("pending", 4)),
        (("pending", 3), ("cancelled", 4), ("pending", 3)),
        (("done", 3), ("pending", 4), ("pending", 4)),
        (("pending", 4), ("done", 3), ("pending", 4)),
        (("done", 3), ("pending", 3), ("done", 3)),
        (("pending", 3), ("done", 3), ("done", 3)),
        (("cancelled", 3), ("done", 3), ("done", 3)),
        (("pending", 3), ("pending", 4), ("pending", 3)),
    ],
)
def test_a_merged_person_keeps_the_deadline_that_is_to_run(
    env: Environment, kept: tuple[str, int], removed: tuple[str, int], left: tuple[str, int]
) -> None:
    with env.db.transaction() as session:
        people = [
            find_or_add(session, PersonRecord("Kim", f"kim{n}@guest.example"), AT).id
            for n in (1, 2)
        ]
    for person, (state, day) in zip(people, (kept, removed), strict=True):
        env.schedule("close", "round:1", f"2026-03-0{day} 17:00", owner=Owner(person_id=person))
        with env.db.transaction() as session:
            theirs = update(Deadline).where(Deadline.person_id == person)
            session.execute(theirs.values(state=state))
    with env.db.transaction() as session:
        merge_persons(session, *people, "chair", AT)
        [row] = session.scalars(select(Deadline))
        assert (row.state, row.local_time.day, row.person_id) == (*left, people[0])


def test_a_moved_deadline_runs_at_its_new_time(env: Environment) -> None:
    env.schedule("close", "round:1")
    assert env.schedule("close", "round:1", "2026-03-03 17:00")
    assert env.run(hours=1) == {}
    assert env.run(days=1) == {"done": 1}
    assert env.schedule("close", "round:1", "2026-03-05 17:00")
    assert env.run() == {}
    assert env.run(days=2) == {"done": 1}


def test_a_cancelled_deadline_does_not_run(env: Environment) -> None:
    env.schedule("close", "round:1")
    assert env.cancel("close", "round:1")
    assert not env.cancel("close", "round:1")
    assert not env.cancel("close", "round:2")
    assert env.run(hours=1) == {}
    assert env.schedule("close", "round:1")
    assert env.run() == {"done": 1}
    assert not env.cancel("close", "round:1")
    assert env.rows() == ["done"]


def test_a_handler_may_schedule_the_next_deadline(env: Environment) -> None:
    env.schedule("close", "round:1")
    env.during = [
        lambda session: schedule(session, "close", "round:2", local(DUE), env.now),
    ]
    assert env.run(hours=1) == {"done": 2}
    assert env.ran() == ["round:1", "round:2"]


def test_deadlines_about_a_member_are_exported_and_erased(
    env: Environment, two_members: list[int]
) -> None:
    for member in two_members:
        env.schedule("close", "form", owner=Owner(member))
    with env.db.transaction() as session:
        [exported] = export_member(session, two_members[0])["due"]  # type: ignore[misc]
        assert exported["local_time"] == "2026-03-02T17:00:00"
        erase_member(session, two_members[0], "chair", AT)
        assert list(session.scalars(select(Deadline.member_id))) == [two_members[1]]
