"""Two persons who are merged, both registered for a session: the more advanced state stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bridge.features import FEATURES
from bridge.privacy import merge_persons
from bridge.sessions.feature import _advance
from bridge.sessions.rules import RegistrationState
from bridge.sessions.tables import Registration, RegistrationChange
from bridge.store.database import Database
from tests.sessions.environment import DATA, Union

SEATS = {"seated", "confirming"}


def state_of(union: Union, number: int, person: int, state: RegistrationState) -> None:
    union.register(number, person)
    with union.db.transaction() as session:
        mine = (Registration.session_id == number, Registration.person_id == person)
        session.scalars(select(Registration).where(*mine)).one().state = state


def merged(union: Union, kept: int, removed: int) -> None:
    with union.db.transaction() as session:
        merge_persons(session, kept, removed, "committee", union.now, features=FEATURES)


def reasons(union: Union, person: int) -> list[str]:
    with union.db.reading() as session:
        query = select(RegistrationChange.reason).join(Registration)
        mine = query.where(Registration.person_id == person)
        return list(session.scalars(mine.order_by(RegistrationChange.id)))


@pytest.mark.parametrize(
    ("own", "theirs", "stays"),
    [
        ("waiting", "seated", "seated"),
        ("seated", "waiting", "seated"),
        ("cancelled", "waiting", "waiting"),
        ("waiting", "cancelled", "waiting"),
        ("cancelled", "confirming", "confirming"),
        ("pending", "waiting", "waiting"),
        ("seated", "seated", "seated"),
        ("confirming", "seated", "seated"),
    ],
)
def test_the_more_advanced_state_stays(
    db: Database, own: RegistrationState, theirs: RegistrationState, stays: str
) -> None:
    union = Union(db)
    number = union.schedule(replace(DATA, seats_online=9))
    kept, removed = union.people(2)
    state_of(union, number, kept, own)
    state_of(union, number, removed, theirs)
    merged(union, kept, removed)
    assert union.states(number) == {kept: stays}
    assert ("merged" in reasons(union, kept)) is ({own, theirs} <= SEATS)


def test_of_two_seats_one_becomes_free_for_those_who_wait(db: Database) -> None:
    union = Union(db)
    number, other = union.schedule(), union.schedule(replace(DATA, seats_online=9))
    kept, removed, third = union.people(3)
    for person in (kept, removed, third):
        union.register(number, person)
    union.register(other, removed)
    assert union.states(number)[third] == "waiting"
    merged(union, kept, removed)
    _advance(union.config, union.curricula, union.db, union.now)
    assert union.states(number) == {kept: "seated", third: "seated"}
    assert union.states(other) == {kept: "seated"}
    assert reasons(union, kept) == ["registered", "registered", "merged"]
