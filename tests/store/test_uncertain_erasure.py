"""Erasing a member takes nothing from someone who may be another person."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.foundations.files.tables import STORED, StoredFile
from bridge.foundations.forms import submissions
from bridge.foundations.owners import Owner
from bridge.member_records import MemberRecord
from bridge.privacy import erase_member, export_person, link_person, merge_persons
from bridge.store.database import Database
from bridge.store.persons import proof, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.persons import Person
from tests.store.filled_tables import all_rows_as_text
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add
from tests.store.test_person_privacy import QUINN, TRACES, fill

ANNAS_ADDRESS = PersonRecord("Sam", ANNA.email)
BENS_TWIN: MemberRecord = replace(BEN, email=ANNA.email)
"""A member who shares Anna's address."""


def has_everything(session: Session, person: int) -> bool:
    """Whether a person still has what `fill` stored as theirs, with the file."""
    held = export_person(session, person)
    state = session.scalar(select(StoredFile.state).where(StoredFile.person_id == person))
    sent = submissions.of_owner(session, Owner(person_id=person))
    rows = {"form_draft", "form_submission", "session_registration", "due"}
    return state == STORED and len(sent) == 1 and rows <= set(held)


def test_someone_with_an_address_that_members_share_stays(db: Database) -> None:
    with db.transaction() as session:
        anna, _ = add(session, [ANNA, BENS_TWIN])
        guest = fill(session, ANNAS_ADDRESS)
        assert erase_member(session, anna, "cli", LATER) is None
        assert has_everything(session, guest)


def test_someone_with_a_members_own_address_is_erased(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        records.find_or_add(session, ANNAS_ADDRESS, NOW)
        assert erase_member(session, anna, "cli", LATER) is None
        assert session.scalars(select(Person)).all() == []


def test_a_guest_whom_the_committee_linked_gets_back_their_address(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        quinn = fill(session)
        link_person(session, quinn, anna, "chair", NOW)
        assert erase_member(session, anna, "chair", LATER) == quinn
        found = session.get_one(Person, quinn)
        assert (found.name, found.email, found.proof) == (QUINN.name, QUINN.email, "link")
        assert (found.member_id, found.link) == (None, "")
        assert has_everything(session, quinn)
    assert "ashevak" not in all_rows_as_text(db)
    assert ANNA.email not in all_rows_as_text(db)


def test_a_guest_who_came_back_meanwhile_has_one_entry(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        quinn = fill(session)
        link_person(session, quinn, anna, "chair", NOW)
        back = records.find_or_add(session, QUINN, LATER).id
        assert erase_member(session, anna, "chair", LATER) == back != quinn
        assert has_everything(session, back)


def test_a_link_that_the_address_no_longer_proves_erases_nothing(db: Database) -> None:
    """The entry stays at the shared address, without the name of the member who is erased."""
    with db.transaction() as session:
        guest = fill(session, ANNAS_ADDRESS)
        [anna] = add(session, [ANNA])
        proof.link_by_email(session, [ANNA.email], NOW)
        add(session, [BENS_TWIN])
        assert erase_member(session, anna, "chair", LATER) == guest
        found = session.get_one(Person, guest)
        assert (found.name, found.email, found.link) == (ANNA.email, ANNA.email, records.REMOVED)
        assert has_everything(session, guest)
    assert "ashevak" not in all_rows_as_text(db)


def test_a_members_own_entry_is_erased_also_if_the_address_is_shared(db: Database) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BENS_TWIN])
        records.person_of_member(session, anna, NOW)
        bens = records.person_of_member(session, ben, NOW)
        assert erase_member(session, anna, "chair", LATER) is None
        assert session.scalars(select(Person.id)).all() == [bens]


def test_what_was_merged_with_a_members_own_entry_is_no_ones_again(db: Database) -> None:
    """Not the rows of a guest who typed their address, by the source of the other entry."""
    with db.transaction() as session:
        anna, _ = add(session, [ANNA, BENS_TWIN])
        guest = records.find_or_add(session, ANNAS_ADDRESS, NOW).id
        own = records.person_of_member(session, anna, NOW)
        merge_persons(session, guest, own, "chair", NOW)
        assert session.get_one(Person, guest).source == "committee"
        assert erase_member(session, anna, "chair", LATER) == guest


def test_nothing_confidential_goes_to_the_address_of_another_entry(db: Database) -> None:
    """The committee can merge a member's entry into one of its own, and waits."""
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        own = records.person_of_member(session, anna, NOW)
        other = records.find_or_add(session, QUINN, NOW, "committee").id
        file = StoredFile(
            person_id=own, purpose="grievance-forms", subject="s", name="a.pdf", type="pdf",
            size=1, sha256="0" * 64, disk_name="0" * 32, state=STORED, keep_until=None,
            created_at=NOW,
        )  # fmt: skip
        session.add(file)
        session.flush()
        merge_persons(session, other, own, "chair", NOW)
        assert erase_member(session, anna, "member:1", LATER) is None
        assert session.scalars(select(Person)).all() == []
    left = all_rows_as_text(db)
    assert [trace for trace in TRACES if trace in left] == []
