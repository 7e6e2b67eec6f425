"""Unsubscribing from a type of email, for good."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bridge.privacy import erase_person, export_person, merge_persons
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.persons import mailings, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.persons import FormerMailingToken, MailingSubscription
from tests.store.parallel import run_in_threads
from tests.store.sample_members import ANNA, LATER, NOW, add


def person(db: Database, name: str = "kim") -> int:
    with db.transaction() as session:
        return records.find_or_add(session, PersonRecord(name, f"{name}@example.org"), NOW).id


def subscribe(db: Database, one: int, mailing: str = "digest") -> str:
    with db.transaction() as session:
        return mailings.subscribe(session, one, mailing, NOW).token


def active(db: Database, one: int) -> dict[str, bool]:
    with db.reading() as session:
        return {each.mailing: each.active for each in mailings.subscriptions_of(session, one)}


def test_each_person_and_type_has_its_own_lasting_token(db: Database) -> None:
    kim, lee = person(db), person(db, "lee")
    tokens = [subscribe(db, kim), subscribe(db, kim, "news"), subscribe(db, lee)]
    assert len(set(tokens)) == 3
    assert subscribe(db, kim) == tokens[0]
    assert len(set(run_in_threads(lambda _: subscribe(db, lee, "news")))) == 1
    with db.reading() as session:
        found = mailings.find(session, tokens[1])
        assert found is not None
        assert (found.person_id, found.mailing, found.active) == (kim, "news", True)
        assert mailings.find(session, "unknown") is None


def test_who_unsubscribed_stays_so_until_they_subscribe_again(db: Database) -> None:
    kim = person(db)
    token = subscribe(db, kim)
    subscribe(db, kim, "news")
    for _ in range(2):
        with db.transaction() as session:
            mailings.set_active(session, token, False, NOW)
    assert subscribe(db, kim) == token
    assert active(db, kim) == {"digest": False, "news": True}
    with db.transaction() as session:
        mailings.set_active(session, token, True, LATER)
    assert active(db, kim) == {"digest": True, "news": True}


def test_emails_queued_before_someone_unsubscribed_are_not_sent(db: Database) -> None:
    kim, lee = person(db), person(db, "lee")
    tokens = {one: subscribe(db, one) for one in (kim, lee)}
    with db.transaction() as session:
        for one, kind in ((kim, "digest"), (kim, "invitation"), (lee, "digest")):
            outbox.enqueue(session, kind, "x@example.org", "en", {}, NOW,
                           key=EmailKey(one, kind, 1))  # fmt: skip
        outbox.enqueue(session, "digest", "kim@example.org", "en", {}, NOW)
        mailings.set_active(session, tokens[kim], False, NOW)
        outbox.skip_unsubscribed(session, {"digest": "digest", "other": "news"}, NOW)
        claimed = outbox.claim(session, "me", NOW, timedelta(minutes=1), 9)
        assert [(each.kind, each.person_id) for each in claimed] == [
            ("invitation", kim), ("digest", lee), ("digest", None),
        ]  # fmt: skip
        row = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)).first()
        assert row is not None
        assert (row.state, row.reason) == ("done", "unsubscribed")


def test_a_member_has_the_subscriptions_of_their_person(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        one = records.person_of_member(session, anna, NOW)
        mailings.subscribe(session, one, "digest", NOW)
        found = mailings.subscriptions_of_member(session, anna)
        assert [each.mailing for each in found] == ["digest"]
        assert mailings.subscriptions_of_member(session, 999) == []


def test_unsubscribing_from_one_entry_counts_after_merging(db: Database) -> None:
    kim, lee = person(db), person(db, "lee")
    for one in (kim, lee):
        subscribe(db, one)
    left, only = subscribe(db, lee), subscribe(db, lee, "news")
    with db.transaction() as session:
        mailings.set_active(session, left, False, NOW)
        merge_persons(session, kim, lee, "chair", NOW)
        assert mailings.find(session, only) is not None
    assert active(db, kim) == {"digest": False, "news": True}


def test_links_in_emails_to_merged_entries_go_on_working(db: Database) -> None:
    entries = [person(db), person(db, "lee"), person(db, "ann")]
    tokens = [subscribe(db, each) for each in entries]
    with db.transaction() as session:
        merge_persons(session, entries[1], entries[2], "chair", NOW)
        merge_persons(session, entries[0], entries[1], "chair", NOW)
    for token in tokens:
        for wanted in (False, True):
            with db.transaction() as session:
                mailings.set_active(session, token, wanted, NOW)
                found = mailings.find(session, token)
                assert found is not None
                assert (found.person_id, found.token) == (entries[0], tokens[0])
            assert active(db, entries[0]) == {"digest": wanted}


def test_subscriptions_are_exported_without_token_and_erased(db: Database) -> None:
    kim = person(db)
    token = subscribe(db, kim)
    with db.transaction() as session:
        session.add(FormerMailingToken(token="former", person_id=kim, mailing="digest"))
        held = export_person(session, kim)
        assert held["mailing_subscription"][0]["mailing"] == "digest"  # type: ignore[index]
        assert token not in str(held)
        assert held["former_mailing_token"] == [{"person_id": kim, "mailing": "digest"}]
        erase_person(session, kim, "chair", NOW)
        assert session.scalars(select(MailingSubscription.mailing)).all() == []
