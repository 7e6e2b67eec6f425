"""Two entries of one person, and the emails of both when they are merged."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bridge.features import FEATURES
from bridge.features.registers import all_emails
from bridge.foundations.forms.feature import CLOSING
from bridge.privacy import merge_persons
from bridge.store.database import Database
from bridge.store.delivery.failed_emails import retry
from bridge.store.tables.delivery import OutboxEmail
from bridge.workflows.delivery.email_queue import queue_email
from tests.store.delivery.test_email_keys import add, claim, kinds, queue, settle, states
from tests.store.delivery.test_email_keys import kim as kim
from tests.store.sample_members import NOW

EMAILS = all_emails(FEATURES)


def test_a_merged_person_has_the_emails_of_both_once(db: Database, kim: int) -> None:
    with db.transaction() as session:
        other = add(session, 2)
    for person in (kim, other):
        queue(db, person, "invitation")
    queue(db, other, "reminder")
    with db.transaction() as session:
        merge_persons(session, kim, other, "chair", NOW)
    assert [kind for kind, _, _ in states(db)] == ["invitation", "reminder"]
    [email] = claim(db)
    assert (email.kind, email.email) == ("invitation", "kim1@example.org")


@pytest.mark.parametrize(
    ("kept", "removed", "left"),
    [
        (("owed", ""), ("done", ""), ("done", "")),
        (("done", ""), ("owed", ""), ("done", "")),
        (("done", "superseded"), ("owed", ""), ("owed", "")),
        (("failed", "never"), ("owed", ""), ("owed", "")),
        (("owed", ""), ("failed", "unknown"), ("failed", "unknown")),
        (("done", "given-up"), ("failed", "never"), ("failed", "never")),
    ],
)
def test_of_two_emails_with_one_key_the_sent_one_stays_else_one_to_send(
    db: Database, kim: int, kept: tuple[str, str], removed: tuple[str, str], left: tuple[str, str]
) -> None:
    with db.transaction() as session:
        other = add(session, 2)
    for person, (state, reason) in ((kim, kept), (other, removed)):
        queue(db, person, "invitation")
        with db.transaction() as session:
            theirs = update(OutboxEmail).where(OutboxEmail.person_id == person)
            session.execute(theirs.values(state=state, reason=reason))
    with db.transaction() as session:
        merge_persons(session, kim, other, "chair", NOW)
    assert states(db) == [("invitation", *left)]


def test_an_email_with_a_link_of_the_removed_entry_hides_none_of_the_kept_one(
    db: Database, kim: int
) -> None:
    with db.transaction() as session:
        other = add(session, 2)
    queue(db, other, "confirm-person", 1, "link:confirm-email:")
    settle(db, claim(db)[0])
    queue(db, kim, "confirm-person", 1, "link:confirm-email:")
    with db.transaction() as session:
        merge_persons(session, kim, other, "chair", NOW)
    assert kinds(claim(db)) == ["confirm-person"]


def test_merging_does_not_send_an_earlier_revision_after_a_later_one(
    db: Database, kim: int
) -> None:
    with db.transaction() as session:
        other = add(session, 2)
    for subject in ("session:1", "session:2"):
        queue(db, other, "cancellation", 2, subject)
        queue(db, kim, "invitation", 1, subject)
    with db.transaction() as session:
        session.execute(update(OutboxEmail).where(OutboxEmail.id == 1).values(state="done"))
        merge_persons(session, kim, other, "chair", NOW)
    assert states(db)[1] == ("invitation", "done", "superseded")
    [first] = claim(db)
    assert first.kind == "invitation"
    settle(db, first)
    assert kinds(claim(db)) == ["cancellation"]


def test_emails_of_a_mailing_are_independent_of_each_other(db: Database, kim: int) -> None:
    """Each entry has one about a form. Merging keeps both; one that failed can be retried."""
    with db.transaction() as session:
        add(session, 2)
        for number in (1, 2):
            email = f"kim{number}@example.org"
            variables = {**EMAILS[CLOSING].variables, "title": f"form {number}", "link": "x"}
            queue_email(session, CLOSING, email, "en", variables, NOW, emails=EMAILS)
        merge_persons(session, kim, kim + 1, "chair", NOW)
    one, two = claim(db)
    settle(db, one, "failed")
    settle(db, two)
    with db.transaction() as session:
        assert [each.id for each in retry(session, NOW)] == [one.id]
