"""Persons who typed an address and never confirmed it are erased after a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.jobs.cleanup import delete_expired
from bridge.jobs.unconfirmed_persons import erase_unconfirmed_persons
from bridge.privacy import merge_persons
from bridge.store.database import Database, open_database
from bridge.store.persons import (
    changes,
    mailings,
    member_links,
    personal_links,
    proof,
    records,
    unconfirmed,
)
from bridge.store.persons.records import PersonRecord
from bridge.store.persons.unconfirmed import RETENTION
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person
from tests.store.filled_tables import all_rows_as_text
from tests.store.migrations.test_migrations import migrate_to
from tests.store.sample_members import ANNA, NOW, add
from tests.store.test_person_privacy import QUINN, TRACES, use_features
from tests.support.databases import write_ahead_log

OVER = NOW + RETENTION + timedelta(seconds=1)
CONTACT = PersonRecord("Lee Speaker", "lee@example.org")


def typed(session: Session, record: PersonRecord = QUINN) -> int:
    return records.find_or_add(session, record, NOW).id


def left(db: Database) -> list[int]:
    with db.reading() as session:
        return list(session.scalars(select(Person.id).order_by(Person.id)))


def source_of(session: Session, person: int) -> str:
    return records.lock(session, person).source


def test_the_nightly_job_erases_them_with_everything_they_left(db: Database) -> None:
    with db.transaction() as session:
        person = typed(session)
        use_features(session, person, QUINN.name)
    delete_expired(db, OVER - timedelta(seconds=1))
    assert left(db) == [person]
    delete_expired(db, OVER)
    assert write_ahead_log(db) == b""
    text = all_rows_as_text(db)
    assert [trace for trace in TRACES if trace in text] == []
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.person_id == person)).all()[-1]
    assert (entry.action, entry.actor) == ("person-erased", "retention")


def test_who_was_named_by_someone_else_or_has_confirmed_stays(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        stay = [
            changes.add(session, CONTACT, "chair", NOW).id,
            records.find_or_add(session, PersonRecord("C", "c@example.org"), NOW, "settings").id,
            records.person_of_member(session, anna, NOW),
            typed(session),
        ]
        proof.confirm_email(session, stay[-1], NOW)
    assert erase_unconfirmed_persons(db, OVER) == 0
    assert left(db) == stay


def test_a_valid_link_keeps_them_until_it_expires(db: Database) -> None:
    with db.transaction() as session:
        person = typed(session)
        personal_links.issue(session, "t", "form", person, "", OVER, timedelta(days=2))
    assert erase_unconfirmed_persons(db, OVER + timedelta(days=1)) == 0
    assert erase_unconfirmed_persons(db, OVER + timedelta(days=2)) == 1


def test_unsubscribing_is_remembered_until_they_subscribe_again(db: Database) -> None:
    with db.transaction() as session:
        person = typed(session)
        mailings.subscribe(session, person, "news", NOW)
        token = mailings.subscribe(session, person, "digest", NOW).token
        mailings.set_active(session, token, False, NOW)
    assert erase_unconfirmed_persons(db, OVER) == 0
    with db.transaction() as session:
        assert typed(session) == person
        assert not mailings.subscribe(session, person, "digest", OVER).active
        mailings.set_active(session, token, True, OVER)
    assert erase_unconfirmed_persons(db, OVER) == 1


def test_someone_who_confirms_at_the_same_moment_stays(db: Database) -> None:
    with db.transaction() as session:
        person = typed(session)
        assert unconfirmed.list_expired(session, OVER) == [person]
        proof.confirm_email(session, person, OVER)
        assert not unconfirmed.lock_expired(session, person, OVER)


def test_the_committee_keeps_those_it_adds_again(db: Database) -> None:
    with db.transaction() as session:
        person = typed(session)
        assert not records.find_or_add(session, QUINN, NOW).kept
        assert source_of(session, person) == "self"
        found = changes.add(session, QUINN, "chair", NOW)
        assert (found.id, found.added, found.kept) == (person, False, True)
        assert source_of(session, person) == "committee"
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.person_id == person))
        assert (entry.actor, entry.after) == ("chair", {"source": "committee"})
        assert not changes.add(session, QUINN, "chair", NOW).kept
    assert erase_unconfirmed_persons(db, OVER) == 0


def test_the_committee_keeps_those_whose_address_it_corrects_or_unlinks(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        corrected, unlinked = typed(session), typed(session, PersonRecord("Anna", ANNA.email))
        changes.correct(session, corrected, PersonRecord("Q", "q@example.org"), "chair", NOW)
        member_links.link_to_member(session, unlinked, anna, "chair", NOW)
        member_links.unlink(session, unlinked, (), "chair", NOW)
        assert [source_of(session, one) for one in (corrected, unlinked)] == ["committee"] * 2
    assert erase_unconfirmed_persons(db, OVER) == 0


@pytest.mark.parametrize("confirmed", [False, True])
def test_who_gets_back_rows_of_a_removed_link_stays(db: Database, confirmed: bool) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person = typed(session)
        if confirmed:
            proof.confirm_email(session, person, NOW)
        member_links.link_to_member(session, person, anna, "chair", NOW)
        again = typed(session)
        assert again != person
        assert member_links.unlink(session, person, (), "chair", NOW) == again
        assert bool(records.lock(session, again).proof) == confirmed
    assert erase_unconfirmed_persons(db, OVER) == 0
    assert left(db) == [again]


@pytest.mark.parametrize("kept", [0, 1])
def test_a_merged_entry_stays_if_one_of_the_two_was_named(db: Database, kept: int) -> None:
    with db.transaction() as session:
        both = [typed(session), changes.add(session, CONTACT, "chair", NOW).id]
        merge_persons(session, both[kept], both[1 - kept], "chair", NOW)
        assert source_of(session, both[kept]) == "committee"
    assert erase_unconfirmed_persons(db, OVER) == 0


OLD = (
    "INSERT INTO person (id, name, name_key, email, email_key, language, proof, member_id, link,"
    " created_at, updated_at)"
    " VALUES (:id, 'P', 'p', :email, :email, '', :proof, :member, '', :at, :at)"
)
MEMBER = (
    "INSERT INTO member (id, email, email_key, first_name, last_name, region, language, source,"
    " created_at, updated_at) VALUES (1, 'a@b.c', 'a@b.c', 'A', 'B', '', '', 'csv', :at, :at)"
)
ADDED = (
    "INSERT INTO audit (at, actor, action, person_id, before, after)"
    " VALUES (:at, 'me', 'person-added', 2, '{}', '{}')"
)
NAMED = (
    "INSERT INTO mailing_subscription (person_id, mailing, token, created_at)"
    " VALUES (3, 'digest', 't', :at)"
)


def test_the_migration_finds_out_who_gave_each_address(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0025")
    with database.transaction() as session:
        session.execute(sa.text(MEMBER), {"at": NOW})
        for person, proved in enumerate(("membership", "", "", "", "link"), 1):
            member = 1 if person == 1 else None
            values = {"id": person, "email": f"p{person}@b.c", "proof": proved, "member": member}
            session.execute(sa.text(OLD), {**values, "at": NOW})
        for row in (ADDED, NAMED):
            session.execute(sa.text(row), {"at": NOW})
    migrate_to(database, "head")
    with database.reading() as session:
        found = session.scalars(select(Person.source).order_by(Person.id)).all()
    assert list(found) == ["member", "committee", "settings", "self", ""]
    migrate_to(database, "0025")
    database.close()
