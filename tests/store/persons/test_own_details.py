"""An export has nobody else's name or address, also after a wrong link or a wrong merge."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bridge.privacy import (
    export_member,
    export_person,
    export_person_for_committee,
    link_person,
    merge_persons,
    unlink_person,
)
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.operations import audit_queries
from bridge.store.persons import changes, proof, records
from bridge.store.persons.own_details import OwnDetails, own_audit_entry
from bridge.store.persons.records import PersonRecord
from tests.store.sample_members import ANNA, LATER, NOW, add

KIM = PersonRecord("Kim Stranger", "Kim@stranger.example", "fr")
LEE = PersonRecord("Lee Speaker", "lee@speaker.example")
TRACES = {"kim": ("kim@stranger", "Kim Stranger"), "lee": ("lee@speaker", "Lee Speaker"),
          "anna": ("anna@example", "Anna Ashevak")}  # fmt: skip


def add_person(session: Session, record: PersonRecord) -> int:
    """A person with a confirmed address."""
    person = changes.add(session, record, "chair", NOW).id
    proof.confirm_email(session, person, NOW)
    return person


def send(session: Session, person: int, subject: str) -> None:
    to, key = records.lock(session, person), EmailKey(person, subject, 1)
    outbox.enqueue(session, "confirm", to.email, "en", {"name": to.name}, NOW, key=key)


def named(everything: object, *people: str) -> list[str]:
    text = json.dumps(everything, ensure_ascii=False).lower()
    return [each for each in people if any(one.lower() in text for one in TRACES[each])]


@pytest.mark.parametrize("linked_by", ["link", "merge"])
def test_after_a_wrong_link_neither_export_names_the_other(db: Database, linked_by: str) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        kim = add_person(session, KIM)
        send(session, kim, "first")
        if linked_by == "link":
            link_person(session, kim, anna, "chair", NOW)
        else:
            own = records.person_of_member(session, anna, NOW)
            merge_persons(session, kim, own, "chair", NOW)
        send(session, kim, "second")
        assert named(export_member(session, anna), "kim") == []
        unlink_person(session, kim, "chair", LATER)
        assert named(export_member(session, anna), "anna", "kim") == ["anna"]
        for export in (export_person, export_person_for_committee):
            everything = export(session, kim)
            assert named(everything, "anna", "kim") == ["kim"]
            assert len(everything["letter"]) == 2  # type: ignore[arg-type]


def test_a_member_who_got_a_strangers_entry_by_merging(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        own = records.person_of_member(session, anna, NOW)
        merge_persons(session, own, add_person(session, KIM), "chair", NOW)
        assert named(export_member(session, anna), "kim") == []
        unlink_person(session, own, "chair", LATER)
        assert named(export_member(session, anna), "kim") == []


def test_two_guests_who_were_merged_by_mistake(db: Database) -> None:
    with db.transaction() as session:
        kim, lee = add_person(session, KIM), add_person(session, LEE)
        merge_persons(session, lee, kim, "chair", NOW)
        assert named(export_person(session, lee), "kim", "lee") == ["lee"]


def test_a_name_that_a_stranger_typed_isnt_the_members(db: Database) -> None:
    """Someone typed the member's address with another name, and the member's person took over."""
    typed = PersonRecord("Kim Stranger", ANNA.email)
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        records.find_or_add(session, typed, NOW)
        records.person_of_member(session, anna, NOW)
        assert named(export_member(session, anna), "kim") == []


def test_the_activity_log_keeps_what_was_linked(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        link_person(session, add_person(session, KIM), anna, "chair", NOW)
        [entry] = audit_queries.entries(session, 1)
    assert entry.before["email"] == KIM.email
    assert entry.after["name"] == "Anna Ashevak"


def test_own_details_stay(db: Database) -> None:
    with db.transaction() as session:
        kim = add_person(session, KIM)
        changes.correct(session, kim, replace(KIM, language="en"), "chair", NOW)
        entries = {each["action"]: each for each in export_person(session, kim)["audit"]}  # type: ignore[attr-defined]
    assert entries["person-added"]["after"] == {"name": KIM.name, "email": KIM.email}
    assert entries["person"]["before"] == {"language": "fr"}


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"name": "Kim", "email": "KIM@x.example"}, {"name": "Kim", "email": "KIM@x.example"}),
        ({"name": "Kim", "email": "lee@x.example"}, {"name": "…", "email": "…"}),
        ({"name": "Lee", "email": "kim@x.example"}, {"name": "…", "email": "kim@x.example"}),
        ({"name": "Lee"}, {"name": "…"}),
        ({"email": "lee@x.example", "language": "fr"}, {"email": "…", "language": "…"}),
        ({"id": 3, "member_id": 4, "language": "fr"}, {"id": 3, "member_id": 4, "language": "fr"}),
        ({}, {}),
    ],
)
def test_which_values_are_shown(values: dict[str, object], shown: dict[str, object]) -> None:
    own = OwnDetails({"Kim"}, {"kim@x.example"})
    entry = {"action": "person-merged", "before": values, "after": {}}
    assert own_audit_entry(entry, own)["before"] == shown
    other = {"action": "file-read", "before": {}, "after": {"name": "Lee"}}
    assert own_audit_entry(other, own) == other
