"""An email to many members: each gets it once, in their language, or nobody if the list changed."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from sqlalchemy import select, update

from bridge.errors import MemberError
from bridge.mail.mailings import COMMITTEE
from bridge.privacy import erase_member
from bridge.store.database import Database, open_database
from bridge.store.delivery import member_emails
from bridge.store.persons import mailings, records
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person
from bridge.workflows.member_emails import drafts, handing_over
from bridge.workflows.member_emails.drafts import Content
from bridge.workflows.member_emails.texts import Written
from tests.store.conftest import db as db
from tests.store.conftest import queries as queries
from tests.store.conftest import two_members as two_members
from tests.store.conftest import url as url
from tests.store.sample_members import NOW, add, many_members, member
from tests.workflows.member_emails.outgoing import ACTOR, CONFIG, ENGLISH, FRENCH, Outgoing


def unsubscribe(db: Database, member_id: int) -> None:
    with db.transaction() as session:
        person = records.person_of_member(session, member_id, NOW)
        token = mailings.subscribe(session, person, COMMITTEE.key, NOW).token
        mailings.set_active(session, token, active=False, now=NOW)


def set_member(db: Database, member_id: int, **values: object) -> None:
    with db.transaction() as session:
        session.execute(update(Member).where(Member.id == member_id).values(values))


def test_an_address_that_is_unsubscribed_gets_nothing_by_another_record(
    db: Database, two_members: list[int]
) -> None:
    """Also if the address becomes the same only after the list was fixed."""
    anna, ben = two_members
    unsubscribe(db, anna)
    with db.transaction() as session:
        email, key = session.execute(
            select(Member.email, Member.email_key).where(Member.id == anna)
        ).one()
        records.person_of_member(session, ben, NOW)
    outgoing = Outgoing(db).write()
    outgoing.send()
    with db.transaction() as session:
        for table, mine in ((Member, Member.id == ben), (Person, Person.member_id == ben)):
            session.execute(update(table).where(mine).values(email=email, email_key=key))
    outgoing.hand_over()
    assert outgoing.emails() == []
    assert [each.outcome for each in outgoing.audience().everyone] == ["unsubscribed"] * 2


@pytest.mark.parametrize("batch", [1, 100])
def test_two_records_that_got_one_address_since_get_one_email(
    db: Database, two_members: list[int], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "BATCH_SIZE", batch)
    outgoing = Outgoing(db).write()
    outgoing.send()
    with db.transaction() as session:
        for each in two_members:
            records.person_of_member(session, each, NOW)
        anna = select(Person.email, Person.email_key).where(Person.member_id == two_members[0])
        email, key = session.execute(anna).one()
        ben = update(Person).where(Person.member_id == two_members[1])
        session.execute(ben.values(email=email, email_key=key))
    for _ in range(3):
        outgoing.hand_over()
    assert [each.email for each in outgoing.emails()] == [key]
    assert (outgoing.progress().skipped, outgoing.state()) == (1, "sent")


def test_everyone_gets_it_once_in_their_language(db: Database, two_members: list[int]) -> None:
    outgoing = Outgoing(db).write(Content({"en": ENGLISH, "fr": FRENCH}, "lee@example.org"))
    assert outgoing.send() == "sent"
    assert outgoing.hand_over() == 2
    anna, ben = outgoing.emails()
    assert (anna.email, anna.language, ben.email, ben.language) == (
        "anna@example.org", "en", "ben@example.org", "fr",
    )  # fmt: skip
    assert anna.payload == {"subject": ENGLISH.subject, "text": ENGLISH.text,
                            "reply_to": "lee@example.org"}  # fmt: skip
    assert ben.payload["subject"] == FRENCH.subject
    assert outgoing.hand_over() == 0
    assert (outgoing.state(), outgoing.progress().queued) == ("sent", 2)
    assert outgoing.audited() == ["sending"]


def test_the_one_text_that_is_written_goes_to_everyone(
    db: Database, two_members: list[int]
) -> None:
    outgoing = Outgoing(db).write(Content({"fr": FRENCH}))
    assert outgoing.audience().by_language == {"fr": 2}
    assert outgoing.audience().in_another_language == 1
    outgoing.send()
    outgoing.hand_over()
    assert [each.language for each in outgoing.emails()] == ["fr", "fr"]


def test_the_preview_says_who_does_not_get_it(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        _, third, fourth, last = add(session, [member(n) for n in (3, 4, 5, 6)])
        first, second = two_members
    set_member(db, second, status="left")
    set_member(db, third, email="", email_key="")
    set_member(db, fourth, email="Anna@example.org", email_key="anna@example.org")
    unsubscribe(db, last)
    found = Outgoing(db).write().audience()
    assert found.counts == {
        "gets": 2, "no-address": 1, "unsubscribed": 1, "inactive": 1, "same-address": 1,
    }  # fmt: skip
    assert [each.id for each in found.of("inactive")] == [second]
    assert first in [each.id for each in found.getting]


def test_only_members_of_the_filter_get_it(db: Database, two_members: list[int]) -> None:
    for filters in ({"region": "north"}, {"words": "ashevak"}):
        outgoing = Outgoing(db).write(**filters)
        assert [each.first_name for each in outgoing.audience().getting] == ["Anna"]
        outgoing.send()
        outgoing.hand_over()
    assert [each.email for each in outgoing.emails()] == ["anna@example.org"] * 2


def test_search_words_are_forgotten_once_it_is_sent(db: Database, two_members: list[int]) -> None:
    outgoing = Outgoing(db).write(words="anna", region="north")
    outgoing.send()
    with db.reading() as session:
        row = member_emails.find(session, outgoing.number)
        assert row
        assert row.filters == {"region": "north", "searched": True}
        assert row.previewed == {}


def test_a_list_that_changed_since_the_preview_is_not_sent(
    db: Database, two_members: list[int]
) -> None:
    outgoing = Outgoing(db).write()
    seen = outgoing.seen()
    with db.transaction() as session:
        add(session, [member(9)])
    assert outgoing.send(seen) == "changed"
    assert (outgoing.state(), outgoing.hand_over()) == ("draft", 0)
    assert outgoing.send() == "sent"


def test_a_text_that_changed_since_the_preview_is_not_sent(
    db: Database, two_members: list[int]
) -> None:
    outgoing = Outgoing(db).write()
    seen = outgoing.seen()
    with db.transaction() as session:
        drafts.save(session, outgoing.number, Content({"en": ENGLISH}), 2, NOW)
    assert outgoing.send(seen) == "changed"


def test_the_button_twice_sends_once(db: Database, two_members: list[int]) -> None:
    outgoing = Outgoing(db).write()
    seen = outgoing.seen()
    assert [outgoing.send(seen), outgoing.send(seen)] == ["sent", "before"]
    outgoing.hand_over()
    outgoing.hand_over()
    assert len(outgoing.emails()) == 2


def test_two_people_at_once_send_once(db: Database, url: str, two_members: list[int]) -> None:
    outgoing = Outgoing(db).write()
    seen, results = outgoing.seen(), []
    begin = threading.Barrier(2)

    def press() -> None:
        own = open_database(url)
        begin.wait()
        results.append(Outgoing(own, outgoing.number).send(seen))
        for _ in range(3):
            handing_over.hand_over(own, CONFIG, NOW)
        own.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(results) == ["before", "sent"]
    assert sorted(each.email for each in outgoing.emails()) == [
        "anna@example.org", "ben@example.org",
    ]  # fmt: skip


def test_nobody_to_send_to_is_an_error(db: Database, two_members: list[int]) -> None:
    with pytest.raises(MemberError, match="nobody"):
        Outgoing(db).write(region="west").send()


def test_an_unfinished_text_is_not_sent(db: Database, two_members: list[int]) -> None:
    with pytest.raises(MemberError, match=r"text is missing \(French\)"):
        Outgoing(db).write(Content({"en": ENGLISH, "fr": Written("Bonjour")})).send()


def test_who_unsubscribed_or_left_since_gets_none(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        add(session, [member(9)])
    outgoing = Outgoing(db).write()
    outgoing.send()
    unsubscribe(db, two_members[0])
    set_member(db, two_members[1], status="left")
    outgoing.hand_over()
    assert [each.email for each in outgoing.emails()] == ["m9@example.org"]
    assert (outgoing.progress().skipped, outgoing.progress().queued) == (2, 1)


def test_an_erased_member_gets_none(db: Database, two_members: list[int]) -> None:
    outgoing = Outgoing(db).write()
    outgoing.send()
    with db.transaction() as session:
        erase_member(session, two_members[0], ACTOR, NOW)
    outgoing.hand_over()
    assert [each.email for each in outgoing.emails()] == ["ben@example.org"]


def test_only_a_few_are_in_the_outbox_at_a_time(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "BATCH_SIZE", 4)
    monkeypatch.setattr(handing_over, "FEW", 2)
    with db.transaction() as session:
        add(session, many_members(10))
    outgoing = Outgoing(db).write()
    outgoing.send()
    assert [outgoing.hand_over() for _ in range(3)] == [4, 0, 0]
    settle(db, "done")
    assert [outgoing.hand_over() for _ in range(2)] == [4, 0]
    settle(db, "done")
    assert outgoing.hand_over() == 2
    settle(db, "done")
    assert outgoing.progress().sent == 10
    assert Counter(each.email for each in outgoing.emails()).most_common(1)[0][1] == 1


def settle(db: Database, state: str, reason: str = "") -> None:
    with db.transaction() as session:
        owed = update(OutboxEmail).where(OutboxEmail.state == "owed")
        session.execute(owed.values(state=state, reason=reason))


def test_stopping_keeps_the_rest_and_going_on_sends_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "BATCH_SIZE", 4)
    with db.transaction() as session:
        add(session, many_members(10))
    outgoing = Outgoing(db).write()
    outgoing.send()
    outgoing.hand_over()
    settle(db, "done")
    outgoing.hand_over()
    assert outgoing.stop() == 6
    assert (outgoing.state(), outgoing.hand_over(), outgoing.progress().sent) == ("stopped", 0, 4)
    outgoing.resume()
    for _ in range(3):
        outgoing.hand_over()
        settle(db, "done")
    assert (outgoing.progress().sent, outgoing.state()) == (10, "sent")
    assert len({each.email for each in outgoing.emails()}) == len(outgoing.emails()) == 10
    assert outgoing.audited() == ["sending", "stopped", "sending"]


def test_an_email_that_may_have_been_sent_stays_when_stopping(
    db: Database, two_members: list[int]
) -> None:
    outgoing = Outgoing(db).write()
    outgoing.send()
    outgoing.hand_over()
    with db.transaction() as session:
        anna = update(OutboxEmail).where(OutboxEmail.email == "anna@example.org")
        session.execute(anna.values(unknown_outcomes=1))
    assert outgoing.stop() == 1
    assert [each.email for each in outgoing.emails()] == ["anna@example.org"]


def test_what_failed_is_retried(db: Database, two_members: list[int]) -> None:
    outgoing = Outgoing(db).write()
    outgoing.send()
    outgoing.hand_over()
    settle(db, "failed", "never")
    assert outgoing.progress().failed == 2
    assert outgoing.retry() == 2
    assert outgoing.progress().queued == 2
    settle(db, "failed", "unknown")
    assert (outgoing.retry(), outgoing.progress().unknown) == (0, 2)
    assert outgoing.audited() == ["sending", "retried"]


def test_a_batch_takes_the_same_queries_for_any_number(db: Database, queries: list[str]) -> None:
    counts = []
    for number in (2, 20):
        with db.transaction() as session:
            ids = add(session, many_members(number, 100 * number))
            for each in ids:
                records.person_of_member(session, each, NOW)
        outgoing = Outgoing(db).write()
        queries.clear()
        outgoing.audience()
        outgoing.send()
        outgoing.hand_over()
        outgoing.progress()
        counts.append(len(queries))
        settle(db, "done")
    assert counts[0] == counts[1]
