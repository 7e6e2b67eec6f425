"""Emails with a key are queued once, and sent in order."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.store.database import Database
from bridge.store.delivery import email_keys, outbox
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.delivery.failed_emails import failed_emails, retry
from bridge.store.delivery.outbox import MAX_ATTACHMENT_BYTES, Attachment, ClaimedEmail
from bridge.store.persons import changes, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.delivery import OutboxEmail
from tests.store.parallel import WORKERS, run_in_threads
from tests.store.sample_members import LATER, NOW

LEASE = timedelta(minutes=10)
INVITE = Attachment("invite.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR")


def add(session: Session, number: int = 1) -> int:
    record = PersonRecord("Kim", f"kim{number}@example.org")
    return records.find_or_add(session, record, NOW).id


@pytest.fixture
def kim(db: Database) -> int:
    with db.transaction() as session:
        return add(session)


def queue(
    db: Database, person: int, kind: str, revision: int = 1, subject: str = "session:1",
    *supersedes: str,
) -> bool:  # fmt: skip
    with db.transaction() as session:
        return outbox.enqueue(
            session, kind, "typed@example.org", "en", {"n": kind}, NOW,
            key=EmailKey(person, subject, revision), supersedes=supersedes, attachment=INVITE,
        )  # fmt: skip


def claim(db: Database, owner: str = "me", limit: int = 9) -> list[ClaimedEmail]:
    with db.transaction() as session:
        return outbox.claim(session, owner, NOW, LEASE, limit)


def kinds(claimed: list[ClaimedEmail]) -> list[str]:
    return [each.kind for each in claimed]


def settle(db: Database, email: ClaimedEmail, outcome: str = "done") -> None:
    with db.transaction() as session:
        match outcome:
            case "done":
                assert outbox.mark_done(session, email.id, "me", NOW)
            case "failed":
                assert outbox.mark_failed(session, email.id, "me", "no such mailbox")
            case _:
                assert outbox.retry_later(session, email.id, "me", "busy", LATER)


def states(db: Database) -> list[tuple[str, str, str]]:
    with db.reading() as session:
        rows = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id))
        return [(row.kind, row.state, row.reason) for row in rows]


def test_the_same_email_is_queued_once_even_after_it_was_sent(db: Database, kim: int) -> None:
    assert queue(db, kim, "invitation")
    assert not queue(db, kim, "invitation")
    [email] = claim(db)
    settle(db, email)
    assert not queue(db, kim, "invitation")
    assert queue(db, kim, "invitation", 2)
    assert queue(db, kim, "reminder", 2)
    assert queue(db, kim, "invitation", 1, "session:2")
    with db.transaction() as session:
        other = add(session, 2)
    assert queue(db, other, "invitation")


def test_processes_that_queue_the_same_email_queue_it_once(db: Database, kim: int) -> None:
    assert sorted(run_in_threads(lambda _: queue(db, kim, "invitation"))) == (
        [False] * (WORKERS - 1) + [True]
    )
    assert len(states(db)) == 1


def test_what_an_earlier_revision_said_is_not_sent_after_a_later_one(
    db: Database, kim: int
) -> None:
    assert queue(db, kim, "cancellation", 2)
    assert not queue(db, kim, "invitation", 1)
    assert not queue(db, kim, "reminder", 1)


def test_a_later_email_waits_until_the_earlier_one_is_sent(db: Database, kim: int) -> None:
    queue(db, kim, "invitation", 1)
    queue(db, kim, "cancellation", 2)
    queue(db, kim, "other", 1, "session:2")
    with db.transaction() as session:
        outbox.enqueue(session, "sign-in", "kim1@example.org", "en", {}, NOW)
    first, other, neutral = claim(db)
    assert kinds([first, other, neutral]) == ["invitation", "other", "sign-in"]
    assert claim(db, "another") == []
    settle(db, first)
    assert kinds(claim(db)) == ["cancellation"]


@pytest.mark.parametrize("outcome", ["failed", "later"])
def test_an_email_that_is_given_up_holds_up_nothing_and_a_retried_one_does(
    db: Database, kim: int, outcome: str
) -> None:
    queue(db, kim, "invitation", 1)
    queue(db, kim, "cancellation", 2)
    [first] = claim(db)
    settle(db, first, outcome)
    assert kinds(claim(db)) == (["cancellation"] if outcome == "failed" else [])


def test_an_expired_email_holds_up_nothing(db: Database, kim: int) -> None:
    with db.transaction() as session:
        outbox.enqueue(session, "reminder", "", "en", {}, NOW, expires_at=NOW,
                       key=EmailKey(kim, "session:1", 1))  # fmt: skip
        outbox.expire(session, NOW)
    queue(db, kim, "cancellation", 2)
    assert kinds(claim(db)) == ["cancellation"]


def test_a_failed_email_is_not_retried_after_a_later_one(db: Database, kim: int) -> None:
    queue(db, kim, "invitation", 1)
    [first] = claim(db)
    settle(db, first, "failed")
    queue(db, kim, "cancellation", 2)
    with db.transaction() as session:
        assert [each.may_be_retried for each in failed_emails(session, 9)] == [False]
        assert retry(session, NOW) == []
    [second] = claim(db)
    settle(db, second, "failed")
    with db.transaction() as session:
        assert [each.may_be_retried for each in failed_emails(session, 9)] == [True, True]
        assert [each.id for each in retry(session, NOW)] == [first.id, second.id]
    assert kinds(claim(db)) == ["invitation"]


def test_a_later_email_may_supersede_one_that_was_not_sent(db: Database, kim: int) -> None:
    queue(db, kim, "invitation", 1)
    queue(db, kim, "reminder", 1)
    queue(db, kim, "invitation", 2, "session:1", "invitation")
    assert states(db) == [
        ("invitation", "done", "superseded"), ("reminder", "owed", ""), ("invitation", "owed", ""),
    ]  # fmt: skip
    [reminder] = claim(db)
    queue(db, kim, "cancellation", 3, "session:1", "invitation", "reminder")
    assert states(db)[1:] == [
        ("reminder", "owed", ""),
        ("invitation", "done", "superseded"),
        ("cancellation", "owed", ""),
    ]
    settle(db, reminder)
    assert kinds(claim(db)) == ["cancellation"]


def test_an_email_goes_to_the_address_that_the_person_has_now(db: Database, kim: int) -> None:
    queue(db, kim, "invitation")
    with db.transaction() as session:
        changes.correct(session, kim, PersonRecord("Kim", "New@example.org"), "chair", NOW)
    [email] = claim(db)
    assert (email.email, email.person_id, email.attachment) == ("new@example.org", kim, INVITE)
    settle(db, email)
    with db.reading() as session:
        [row] = session.scalars(select(OutboxEmail))
        assert (row.payload, row.attachment) == ({}, None)


def test_an_attachment_may_not_be_too_large() -> None:
    Attachment("a.ics", "text/calendar", b"x" * MAX_ATTACHMENT_BYTES)
    with pytest.raises(ValueError, match="more than 1 MiB"):
        Attachment("a.ics", "text/calendar", b"x" * (MAX_ATTACHMENT_BYTES + 1))


def test_an_email_to_a_person_who_does_not_exist_is_refused(db: Database) -> None:
    with pytest.raises(PersonError):
        queue(db, 999, "invitation")


def test_keys_are_remembered_longer_than_emails(db: Database, kim: int) -> None:
    queue(db, kim, "sent")
    queue(db, kim, "refused", 1, "session:2")
    sent, refused = claim(db)
    settle(db, sent)
    settle(db, refused, "failed")
    with db.transaction() as session:
        outbox.enqueue(session, "sign-in", "a@example.org", "en", {}, NOW, expires_at=NOW)
        outbox.expire(session, NOW)
        outbox.prune(session, LATER, NOW)
        assert failed_emails(session, 9) == []
    assert states(db) == [("sent", "done", ""), ("refused", "done", "given-up")]
    assert not queue(db, kim, "refused", 1, "session:2")
    with db.transaction() as session:
        outbox.prune(session, LATER, LATER)
    assert states(db) == []


def test_a_subject_without_revisions_gets_new_ones(db: Database, kim: int) -> None:
    with db.transaction() as session:
        assert email_keys.next_revision(session, kim, "link") == 1
    queue(db, kim, "confirm", 1, "link")
    with db.transaction() as session:
        assert email_keys.next_revision(session, kim, "link") == 2


def test_an_email_with_only_a_link_is_given_up_when_the_link_ends(db: Database, kim: int) -> None:
    queue(db, kim, "confirm-person", 1, "link:confirm-email:")
    queue(db, kim, "invitation")
    with db.transaction() as session:
        changes.correct(session, kim, PersonRecord("Kim", "new@example.org"), "chair", NOW)
    assert kinds(claim(db)) == ["invitation"]


REVISIONS = range(1, 7)


class Workers:
    """One process that queues, and others that send. Every third attempt fails."""

    def __init__(self, db: Database, people: list[int]) -> None:
        self.db, self.people = db, people
        self.sent: list[tuple[int | None, int]] = []
        self.all_queued = threading.Event()

    def work(self, number: int) -> None:
        if number == 0:
            for revision in REVISIONS:
                for person in self.people:
                    queue(self.db, person, "update", revision)
            self.all_queued.set()
            return
        attempts = 0
        while self.is_something_left():
            for email in claim(self.db, f"worker-{number}", 2):
                attempts += 1
                self.send(email, f"worker-{number}", fails=attempts % 3 == 0)

    def send(self, email: ClaimedEmail, owner: str, *, fails: bool) -> None:
        with self.db.transaction() as session:
            if fails:
                outbox.retry_later(session, email.id, owner, "busy", NOW)
                return
            row = session.get_one(OutboxEmail, email.id)
            self.sent.append((row.person_id, row.revision))
            outbox.mark_done(session, email.id, owner, NOW)

    def is_something_left(self) -> bool:
        finished = self.all_queued.is_set()
        with self.db.reading() as session:
            owed = select(OutboxEmail.id).where(OutboxEmail.state == "owed").limit(1)
            return not finished or session.scalar(owed) is not None


def test_concurrent_workers_send_in_order_and_once(db: Database) -> None:
    with db.transaction() as session:
        people = [add(session, number) for number in range(3)]
    workers = Workers(db, people)
    run_in_threads(workers.work)
    for person in people:
        assert [revision for one, revision in workers.sent if one == person] == list(REVISIONS)
