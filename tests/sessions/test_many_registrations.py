"""500 people register for 40 seats at the same time, from 8 threads in 2 processes."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from bridge.sessions.tables import Registration, RegistrationChange
from bridge.store.database import Database, open_database
from bridge.store.tables.persons import Person

from .environment import DATA, NOW, Union

PEOPLE, SEATS, THREADS, PROCESSES = 500, 40, 4, 2
SPAWN = multiprocessing.get_context("spawn")
MAX_SECONDS = 300


def work(url: str, what: str, number: int, people: Sequence[int]) -> None:
    """What one process does: everything for its people, in threads that begin together."""
    database = open_database(url)
    union, barrier = Union(database), threading.Barrier(THREADS)
    act: Callable[[int, int], object] = getattr(union, what)

    def one(mine: Sequence[int]) -> None:
        barrier.wait()
        for person in mine:
            act(number, person)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, [people[start::THREADS] for start in range(THREADS)]))
    database.close()


def in_two_processes(url: str, what: str, number: int, people: Sequence[int]) -> None:
    shares = [people[start::PROCESSES] for start in range(PROCESSES)]
    processes = [SPAWN.Process(target=work, args=(url, what, number, each)) for each in shares]
    for each in processes:
        each.start()
    for each in processes:
        each.join(MAX_SECONDS)
        assert each.exitcode == 0


@pytest.fixture
def people(db: Database) -> list[int]:
    rows = [
        {"name": f"P{n}", "name_key": f"p{n}", "email": f"p{n}@people.example",
         "email_key": f"p{n}@people.example", "language": "en", "proof": "link", "proved_at": NOW,
         "member_id": None, "link": "", "source": "self", "created_at": NOW, "updated_at": NOW}
        for n in range(PEOPLE)
    ]  # fmt: skip
    with db.transaction() as session:
        session.execute(insert(Person), rows)
        return list(session.scalars(select(Person.id).order_by(Person.id)))


def waiting(db: Database, number: int) -> list[int]:
    """The waiting list, in order."""
    with db.reading() as session:
        mine = (Registration.session_id == number, Registration.state == "waiting")
        queue = select(Registration.person_id).where(*mine).order_by(Registration.position)
        return list(session.scalars(queue))


def test_seats_are_never_oversold(db: Database, url: str, people: list[int]) -> None:
    union = Union(db)
    number = union.schedule(replace(DATA, seats_online=SEATS))
    in_two_processes(url, "register", number, people)
    states = union.states(number)
    assert set(states) == set(people)
    assert Counter(states.values()) == {"seated": SEATS, "waiting": PEOPLE - SEATS}
    queue = waiting(db, number)
    with db.reading() as session:
        order = select(Registration.person_id).where(Registration.session_id == number)
        came = list(session.scalars(order.order_by(Registration.id)))
    assert came[SEATS:] == queue
    seated = [person for person, state in states.items() if state == "seated"]
    in_two_processes(url, "leave", number, seated)
    after = union.states(number)
    assert [person for person in queue if after[person] == "seated"] == queue[:SEATS]
    assert waiting(db, number) == queue[SEATS:]
    with db.reading() as session:
        steps = select(RegistrationChange.registration_id, func.count())
        counts = dict(session.execute(steps.group_by(RegistrationChange.registration_id)).all())
    assert Counter(counts.values()) == {1: PEOPLE - 2 * SEATS, 2: 2 * SEATS}
    told = Counter(str(each.payload["news"]) for each in union.emails())
    assert told == {"seated": SEATS, "waiting": PEOPLE - SEATS, "left": SEATS, "promoted": SEATS}
