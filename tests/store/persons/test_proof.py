"""Only a confirmed address, or a person of the committee, links a person to a member."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.store.auth import email_change
from bridge.store.database import Database
from bridge.store.members import profile
from bridge.store.persons import member_links, personal_links, proof, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person
from bridge.workflows.signup import sign_up
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add

TYPED = PersonRecord("Mallory", ANNA.email)
WEEK = LATER - NOW


def guest(session: Session, record: PersonRecord = TYPED) -> Person:
    return records.lock(session, records.find_or_add(session, record, NOW).id)


def member_of(session: Session, person: Person) -> int | None:
    session.refresh(person)
    return person.member_id


def test_a_typed_address_links_nobody(db: Database) -> None:
    with db.transaction() as session:
        add(session, [ANNA])
        person = guest(session)
        proof.link_by_email(session, [ANNA.email], NOW)
        assert (member_of(session, person), person.proof) == (None, "")


def test_a_confirmed_address_links_the_only_member_who_has_it(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person = guest(session)
        proof.confirm_email(session, person.id, LATER)
        assert member_of(session, person) == anna
        assert (person.proof, person.proved_at, person.link) == ("link", LATER, "email")
        assert person.name == "Anna Ashevak"
        assert proof.certain_member(session, person) == anna
        lines = session.scalars(select(AuditEntry).where(AuditEntry.person_id == person.id)).all()
        assert [(line.action, line.actor, line.member_id) for line in lines] == [
            ("person-confirmed", f"person:{person.id}", None), ("person-linked", "members", anna),
        ]  # fmt: skip


def test_someone_who_becomes_a_member_later_is_linked_then(db: Database) -> None:
    with db.transaction() as session:
        proved, typed = guest(session), guest(session, PersonRecord("B", BEN.email))
        proof.confirm_email(session, proved.id, NOW)
        anna, _ben = add(session, [ANNA, BEN])
        proof.link_by_email(session, [ANNA.email, BEN.email], LATER)
        assert member_of(session, proved) == anna
        assert member_of(session, typed) is None


def test_a_shared_address_links_nobody(db: Database) -> None:
    with db.transaction() as session:
        add(session, [ANNA, replace(BEN, email=ANNA.email.upper())])
        person = guest(session)
        proof.confirm_email(session, person.id, NOW)
        assert (member_of(session, person), person.proof) == (None, "link")


def test_a_link_by_address_is_not_certain_once_the_address_is_shared_or_changed(
    db: Database,
) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person = guest(session)
        proof.confirm_email(session, person.id, NOW)
        add(session, [replace(BEN, email=ANNA.email)])
        assert proof.certain_member(session, person) is None
        add(session, [BEN])
        assert proof.certain_member(session, person) == anna
        add(session, [replace(ANNA, email="other@example.org")])
        assert proof.certain_member(session, person) is None
        member_links.link_to_member(session, person.id, anna, "chair", LATER)
        assert proof.certain_member(session, person) == anna


def test_a_member_with_another_person_is_left_to_the_committee(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person = guest(session, PersonRecord("Anna", "old@example.org"))
        member_links.link_to_member(session, person.id, anna, "chair", NOW)
        assert (person.email, person.link, person.proof) == (ANNA.email, "committee", "membership")
        assert not member_links.link_to_member(session, person.id, anna, "chair", NOW)
        other = guest(session, PersonRecord("Anna", "second@example.org"))
        with pytest.raises(PersonError, match=rf"another entry .*ID {person.id}"):
            member_links.link_to_member(session, other.id, anna, "chair", NOW)
        with pytest.raises(PersonError, match="no such member"):
            member_links.link_to_member(session, other.id, 999, "chair", NOW)


def test_removing_a_link_removes_the_proof_too(db: Database) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        person = guest(session)
        proof.confirm_email(session, person.id, NOW)
        personal_links.issue(session, "t", "p", person.id, "", NOW, WEEK)
        with pytest.raises(PersonError, match="linked to another member"):
            member_links.link_to_member(session, person.id, ben, "chair", NOW)
        assert member_links.unlink(session, person.id, (), "chair", LATER)
        assert (member_of(session, person), person.proof) == (None, "")
        assert personal_links.find(session, "t", NOW) is None
        assert not member_links.unlink(session, person.id, (), "chair", LATER)
        proof.link_by_email(session, [ANNA.email], LATER)
        assert member_of(session, person) is None
        assert anna != ben


def test_a_person_follows_what_any_source_says_about_the_member(db: Database) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        hers, his = (records.person_of_member(session, one, NOW) for one in (anna, ben))
        for token, person in (("hers", hers), ("his", his)):
            personal_links.issue(session, token, "p", person, "", NOW, WEEK)
        moved = [replace(ANNA, last_name="Ng", email="ng@work.example"), replace(BEN, region="x")]
        sign_up(session, (), moved, regions={}, actor="webhook", now=NOW)
        person = records.lock(session, hers)
        assert (person.name, person.name_key) == ("Anna Ng", "anna ng")
        assert (person.email, person.email_key) == ("ng@work.example", "ng@work.example")
        assert personal_links.find(session, "hers", NOW) is None
        assert personal_links.find(session, "his", NOW) is not None
        assert records.lock(session, his).email == BEN.email
        query = select(AuditEntry.person_id).where(AuditEntry.action == "person")
        assert list(session.scalars(query)) == [hers]


def test_a_new_address_that_a_member_confirmed_is_their_persons_too(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person = guest(session)
        proof.confirm_email(session, person.id, NOW)
        personal_links.issue(session, "t", "p", person.id, "", NOW, WEEK)
        email_change.request(session, "token", anna, "new@example.org", NOW)
        assert profile.change_email(session, anna, "new@example.org", LATER)
        proof.follow_members(session, [anna], LATER, proof="link")
        assert (person.email_key, person.proved_at) == ("new@example.org", LATER)
        assert proof.certain_member(session, person) == anna
        assert personal_links.find(session, "t", NOW) is None
