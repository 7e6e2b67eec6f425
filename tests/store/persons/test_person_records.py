"""Finding and adding persons: one entry for each address, or for each member."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.store.database import Database
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.persons import Person
from tests.store.parallel import WORKERS, run_in_threads
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add

KIM = PersonRecord("Kim Guest", "Kim@Example.org", "en")


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Person)) or 0


def test_an_address_is_one_person_however_it_is_written(db: Database) -> None:
    with db.transaction() as session:
        first = records.find_or_add(session, KIM, NOW)
        again = records.find_or_add(session, PersonRecord("Mallory", " kim@EXAMPLE.org "), LATER)
        person = records.lock(session, first.id)
        assert (first.added, again.added, again.id) == (True, False, first.id)
        assert (person.name, person.email, person.proof) == ("Kim Guest", "Kim@Example.org", "")


def test_processes_that_add_the_same_address_get_the_same_person(db: Database) -> None:
    def work(number: int) -> int:
        with db.transaction() as session:
            return records.find_or_add(session, replace(KIM, name=f"Kim {number}"), NOW).id

    assert len(set(run_in_threads(work))) == 1
    assert WORKERS > 1
    with db.reading() as session:
        assert count(session) == 1


@pytest.mark.parametrize(
    ("name", "email"),
    [("", "a@example.org"), ("  ", "a@example.org"), ("N" * 202, "a@example.org"), ("A", ""),
     ("A", "no address"), ("A\nBcc: b", "a@example.org"), ("A", "a@example.org\nb"),
     ("A", "a" * 250 + "@example.org"), ("A\0", "a@example.org")],
)  # fmt: skip
def test_what_is_no_name_or_address_is_refused(name: str, email: str) -> None:
    with pytest.raises(PersonError, match=r"name|email"):
        PersonRecord(name, email)


def test_a_members_person_has_the_members_details_and_follows_them(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person_id = records.person_of_member(session, anna, NOW)
        person = records.lock(session, person_id)
        assert (person.name, person.email, person.language) == (
            "Anna Ashevak", "anna@example.org", "iu",
        )  # fmt: skip
        assert (person.proof, person.proved_at, person.link) == ("membership", NOW, "email")
        add(session, [replace(ANNA, email="new@example.org", last_name="Nowak")])
        assert records.person_of_member(session, anna, LATER) == person_id
        session.refresh(person)
        assert (person.name, person.email_key) == ("Anna Nowak", "new@example.org")
        assert person.proved_at == LATER


def test_a_guest_with_a_members_address_becomes_that_members_person(db: Database) -> None:
    """A stranger who typed the address gets nothing: the name is the member's too."""
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        typed = records.find_or_add(session, PersonRecord("Mallory", ANNA.email), NOW)
        assert records.person_of_member(session, anna, LATER) == typed.id
        person = records.lock(session, typed.id)
        assert (person.name, person.proof, person.member_id) == (
            "Anna Ashevak", "membership", anna,
        )  # fmt: skip
        assert records.find_or_add(session, KIM, NOW).added


def test_members_who_share_an_address_are_different_persons(db: Database) -> None:
    shared = replace(BEN, email=ANNA.email)
    with db.transaction() as session:
        guest = records.find_or_add(session, PersonRecord("Someone", ANNA.email), NOW).id
        anna, ben = add(session, [ANNA, shared])
        first, second = (records.person_of_member(session, one, NOW) for one in (anna, ben))
        assert len({guest, first, second}) == 3
        assert records.find_or_add(session, PersonRecord("Someone", ANNA.email), NOW).id == guest
        with pytest.raises(PersonError, match="several persons"):
            records.find(session, ANNA.email)
        found = records.find(session, str(second))
        assert found is not None
        assert found.name == "Ben Bouchard"


def test_a_member_who_signed_up_alone_proved_the_address_by_a_link(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, number=None, source="form")])
        person = records.lock(session, records.person_of_member(session, anna, NOW))
        assert person.proof == "link"


def test_there_is_no_person_of_a_member_who_does_not_exist(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(PersonError, match="member 999: there is no such member"):
            records.person_of_member(session, 999, NOW)
        assert records.find(session, "7") is None
        assert records.find(session, "9" * 30) is None
        assert records.find(session, "nobody@example.org") is None
