"""Correcting and merging persons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.store.database import Database
from bridge.store.operations import audit_log
from bridge.store.persons import changes, member_links, personal_links, proof, queries, records
from bridge.store.persons.queries import PersonFilter
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.operations import AuditEntry
from tests.store.parallel import run_in_threads
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add

KIM = PersonRecord("Kim Guest", "kim@example.org", "en")
LEE = PersonRecord("Lee Speaker", "lee@example.org")


def add_person(session: Session, record: PersonRecord) -> int:
    return changes.add(session, record, "chair", NOW).id


def actions(session: Session, person: int) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.person_id == person)
    return list(session.scalars(query.order_by(AuditEntry.id)))


def test_a_new_address_loses_its_proof_and_its_links(db: Database) -> None:
    with db.transaction() as session:
        kim = add_person(session, KIM)
        proof.confirm_email(session, kim, NOW)
        personal_links.issue(session, "t", "p", kim, "", NOW, LATER - NOW)
        assert changes.correct(session, kim, replace(KIM, name="Kim Gast"), "chair", NOW)
        person = records.lock(session, kim)
        assert (person.name_key, person.proof) == ("kim gast", "link")
        assert personal_links.find(session, "t", NOW) is not None
        new = PersonRecord("Kim Gast", "kim@work.example", "en")
        assert changes.correct(session, kim, new, "chair", LATER)
        assert not changes.correct(session, kim, new, "chair", LATER)
        assert (person.email_key, person.proof, person.proved_at) == ("kim@work.example", "", None)
        assert personal_links.find(session, "t", NOW) is None
        assert actions(session, kim) == ["person-added", "person-confirmed", "person", "person"]


def test_an_address_that_someone_else_has_is_refused(db: Database) -> None:
    with db.transaction() as session:
        kim, lee = add_person(session, KIM), add_person(session, LEE)
        with pytest.raises(PersonError, match=rf"someone else has this email address \(ID {lee}\)"):
            changes.correct(session, kim, replace(KIM, email="LEE@example.org"), "chair", NOW)


def test_two_persons_who_get_the_same_address_at_the_same_moment(db: Database) -> None:
    with db.transaction() as session:
        people = [add_person(session, PersonRecord("P", f"p{n}@example.org")) for n in range(4)]

    def work(number: int) -> bool:
        try:
            with db.transaction() as session:
                record = PersonRecord("P", "same@example.org")
                return changes.correct(session, people[number], record, "chair", NOW)
        except PersonError:
            return False

    assert sorted(run_in_threads(work)) == [False, False, False, True]


def test_details_of_a_member_are_corrected_in_the_members_record(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        person = records.person_of_member(session, anna, NOW)
        with pytest.raises(PersonError, match="those of the member"):
            changes.correct(session, person, KIM, "chair", NOW)


def test_merging_keeps_one_entry_with_the_history_of_both(db: Database) -> None:
    moved: list[tuple[int, int]] = []
    with db.transaction() as session:
        kim, lee = add_person(session, KIM), add_person(session, LEE)
        for person, token in ((kim, "kept"), (lee, "removed")):
            personal_links.issue(session, token, "p", person, "", NOW, LATER - NOW)
        audit_log.write(session, "chair", "person-looked", None, {}, {}, NOW, person_id=lee)
        changes.merge(
            session, kim, lee, [lambda _s, gone, kept: moved.append((gone, kept))], "chair", LATER
        )
        assert [each.id for each in queries.list_persons(session, 9)] == [kim]
        assert moved == [(lee, kim)]
        assert actions(session, kim) == [
            "person-added", "person-added", "person-looked", "person-merged",
        ]  # fmt: skip
        assert personal_links.find(session, "removed", NOW) is None
        assert personal_links.find(session, "kept", NOW) is not None
        assert records.lock(session, kim).email == KIM.email


@pytest.mark.parametrize("keep_member", [True, False])
def test_a_merged_entry_has_the_member_of_either(db: Database, keep_member: bool) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        hers, kim = records.person_of_member(session, anna, NOW), add_person(session, KIM)
        proof.confirm_email(session, kim, NOW)
        personal_links.issue(session, "t", "p", kim, "", NOW, LATER - NOW)
        kept, gone = (hers, kim) if keep_member else (kim, hers)
        changes.merge(session, kept, gone, [], "chair", LATER)
        person = records.lock(session, kept)
        assert (person.member_id, person.email, person.name) == (anna, ANNA.email, "Anna Ashevak")
        assert person.proof == "membership"
        assert personal_links.find(session, "t", NOW) is None


def test_a_merged_entry_has_the_address_that_is_proved(db: Database) -> None:
    with db.transaction() as session:
        kim, lee = add_person(session, KIM), add_person(session, LEE)
        proof.confirm_email(session, lee, NOW)
        personal_links.issue(session, "t", "p", kim, "", NOW, LATER - NOW)
        changes.merge(session, kim, lee, [], "chair", LATER)
        person = records.lock(session, kim)
        assert (person.name, person.email_key, person.proof) == (KIM.name, LEE.email, "link")
        assert personal_links.find(session, "t", NOW) is None


def test_entries_of_two_members_are_not_merged(db: Database) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        hers, his = (records.person_of_member(session, one, NOW) for one in (anna, ben))
        with pytest.raises(PersonError, match="different members"):
            changes.merge(session, hers, his, [], "chair", NOW)
        with pytest.raises(PersonError, match="itself"):
            changes.merge(session, hers, hers, [], "chair", NOW)
        with pytest.raises(PersonError, match="no such person"):
            changes.merge(session, hers, 999, [], "chair", NOW)


def test_persons_are_found_by_name_or_email_within_regions(db: Database) -> None:
    with db.transaction() as session:
        anna, _ben = add(session, [ANNA, BEN])
        kim, hers = add_person(session, KIM), records.person_of_member(session, anna, NOW)

        def found(words: str = "", regions: tuple[str, ...] | None = None) -> list[int]:
            wanted = PersonFilter(words, regions)
            return [each.id for each in queries.list_persons(session, 9, 0, wanted)]

        assert found() == [kim, hers]
        assert found("KIM") == found(" kim@EXAMPLE.org ") == [kim]
        assert found("guest") == []
        assert found("", ("north",)) == [hers]
        assert found("kim", ("north",)) == []
        assert [each.id for each in queries.list_persons(session, 1, kim)] == [hers]
        one = queries.get_person(session, hers)
        assert one is not None
        assert (one.region, one.member_id) == ("north", anna)
        assert queries.get_person(session, 999) is None


def test_members_are_locked_before_their_persons(db: Database, queries: list[str]) -> None:
    """As everywhere, so that a merge and a page that is saved never wait for each other."""
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        hers, kim = records.person_of_member(session, anna, NOW), add_person(session, KIM)
        lee = add_person(session, LEE)
    for change in (
        lambda s: changes.merge(s, kim, hers, [], "chair", NOW),
        lambda s: member_links.link_to_member(s, lee, ben, "chair", NOW),
    ):
        queries.clear()
        with db.transaction() as session:
            change(session)
        members = [number for number, each in enumerate(queries) if "FROM member" in each]
        persons = [number for number, each in enumerate(queries) if _locks_a_person(each)]
        assert members[0] < persons[0]


def _locks_a_person(statement: str) -> bool:
    return "FROM person" in statement and "person.proof" in statement
