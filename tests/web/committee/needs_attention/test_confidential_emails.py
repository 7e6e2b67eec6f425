"""Emails about something confidential: the committee sees that one failed, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.mail.kinds import CORE_EMAILS, EmailDeclaration, Emails, FeatureEmail
from bridge.messages import Message
from bridge.privacy import export_person, export_person_for_committee
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.persons import proof
from bridge.store.tables.delivery import OutboxEmail
from bridge.workflows.delivery.email_queue import queue_email, queue_email_to_person
from tests.web.sample_site import Clock
from tests.web.signed_in_users import ADDRESSES, SignedInUsers, Who

DECIDED = FeatureEmail("grievance-decided")
EMAILS: Emails = {
    DECIDED: EmailDeclaration(
        "grievances/decided", Message("Grievance decided"), {"name": "Kim"}, needs="grievance-files"
    )
}
HOUR = timedelta(hours=1)
ERROR = "no template grievances/decided"
SECRETS = ("grievance", "Grievance", ADDRESSES["chair"], ERROR)


@pytest.fixture(params=["never", "unknown"])
def failed(request: pytest.FixtureRequest, users: SignedInUsers) -> int:
    """An email that failed, to an address in the configuration; its ID."""
    return fail(users, request.param)


def fail(users: SignedInUsers, reason: str) -> int:
    now = users.clock()
    with users.database.transaction() as session:
        chair = ADDRESSES["chair"]
        queue_email(session, DECIDED, chair, "en", {"name": "Kim"}, now, emails=EMAILS)
        [claimed] = outbox.claim(session, "test", now, HOUR, 9)
        assert outbox.mark_failed(session, claimed.id, "test", ERROR)
        session.get_one(OutboxEmail, claimed.id).reason = reason
    return claimed.id


@pytest.mark.parametrize("who", ["committee", "auditor"])
@pytest.mark.parametrize(
    "address",
    [
        "/committee/failed-emails",
        "/committee/failed-deliveries",
        "/committee/failed-emails/list.csv",
    ],
)
def test_lists_hide_what_it_is_and_to_whom(
    users: SignedInUsers, failed: int, who: Who, address: str
) -> None:
    text = users.client(who).get(address).text
    assert "Confidential email" in text
    assert [each for each in SECRETS if each in text] == []


def test_who_has_the_right_sees_everything(config: Config, database: Database) -> None:
    both = config.model_copy(update={"grievance": (ADDRESSES["committee"],)})
    users = SignedInUsers(both, database, Clock())
    fail(users, "never")
    text = users.client("committee").get("/committee/failed-emails").text
    assert "grievance-decided" in text
    assert ADDRESSES["chair"] in text
    assert ERROR in text


def test_the_committee_can_retry_it_without_seeing_it(users: SignedInUsers, failed: int) -> None:
    address = f"/committee/failed-emails/{failed}/retry"
    assert users.client("committee").post(address).status_code == 303
    assert users.rung == [None]
    assert_hidden_in_the_log(users)


def test_the_committee_can_treat_it_as_sent_without_seeing_it(users: SignedInUsers) -> None:
    fail(users, "unknown")
    users.client("committee").post("/committee/failed-emails/1/sent")
    assert_hidden_in_the_log(users)


def assert_hidden_in_the_log(users: SignedInUsers) -> None:
    log = users.client("committee").get("/committee/audit").text
    assert "Grievance files that a member sent" in log  # what it takes to see the entry
    assert DECIDED not in log


def test_the_committees_export_of_a_person_leaves_it_out(users: SignedInUsers) -> None:
    now = users.clock()
    with users.database.transaction() as session:
        proof.confirm_email(session, users.guest, now)
        queue_email_to_person(
            session, DECIDED, EmailKey(users.guest, "grievance:1", 1), "en", {"name": "Kim"}, now,
            emails=EMAILS,
        )  # fmt: skip
        everything = export_person(session, users.guest)
        shown = export_person_for_committee(session, users.guest)
    assert "grievance:1" in json.dumps(everything)
    assert "grievance" not in json.dumps(shown)
    assert shown["left_out"] == 1


def test_one_email_can_be_confidential_although_its_kind_is_not(users: SignedInUsers) -> None:
    words: Mapping[str, object] = {"contact": "x@example.org"}
    with users.database.transaction() as session:
        queue_email(
            session, "shared-address", "a@b.example", "en", words, users.clock(), needs="claims"
        )
        assert session.scalars(select(OutboxEmail.needs)).all() == ["claims"]
    assert all(each.needs is None for each in CORE_EMAILS.values())
