"""Emails that may have been sent: the committee sends them again or treats them as sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.store.delivery import deliveries, outbox
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.operations import audit_queries
from tests.web.signed_in_users import SignedInUsers

DELIVERIES, EMAILS = "/committee/failed-deliveries", "/committee/failed-emails"


@pytest.fixture
def unknown_ids(users: SignedInUsers) -> tuple[int, int]:
    """A welcome email and a confirmation, sent twice without a reply."""
    now, hour = users.clock(), timedelta(hours=1)
    with users.database.transaction() as session:
        deliveries.enqueue(session, [DeliveryRecord(users.member, "welcome", "", {})], now)
        outbox.enqueue(session, "confirm", "kim@member.example", "en", {}, now)
        for _ in range(2):
            [one] = deliveries.claim(session, "welcome", "test", now, hour, 5)
            deliveries.begin_sending(session, [one.id], "test", now + hour)
            deliveries.record_unknown(session, one.id, "test", "no reply came", now)
            [two] = outbox.claim(session, "test", now, hour, 5)
            outbox.begin_sending(session, two.id, "test", now + hour)
            outbox.record_unknown(session, two.id, "test", "no reply came", now)
    return one.id, two.id


def page(users: SignedInUsers, address: str) -> str:
    return users.client("committee").get(address).get_data(as_text=True)


def test_a_page_says_that_an_email_may_have_been_sent(
    users: SignedInUsers, unknown_ids: tuple[int, int]
) -> None:
    for address in (DELIVERIES, EMAILS):
        text = page(users, address)
        for words in ("May have been sent", "no reply came", "Ask the recipient", "Send again",
                      "Treat as sent"):  # fmt: skip
            assert words in text
        assert "Retry:" not in text


def test_an_email_is_treated_as_sent(users: SignedInUsers, unknown_ids: tuple[int, int]) -> None:
    browser = users.client("committee")
    for address, number in zip((DELIVERIES, EMAILS), unknown_ids, strict=True):
        browser.post(f"{address}/{number}/sent")
        assert "Treated as sent." in browser.get(address).get_data(as_text=True)
        browser.post(f"{address}/{number}/sent")
        assert "has decided already" in browser.get(address).get_data(as_text=True)
    with users.database.reading() as session:
        lines = audit_queries.entries(session, 5)
    assert [line.action for line in lines] == ["treat-as-sent", "treat-as-sent"]


def test_only_the_button_of_the_email_sends_it_again(
    users: SignedInUsers, unknown_ids: tuple[int, int]
) -> None:
    browser = users.client("committee")
    browser.post(f"{DELIVERIES}/retry")
    assert "May have been sent" in page(users, DELIVERIES)
    for address, number in zip((DELIVERIES, EMAILS), unknown_ids, strict=True):
        browser.post(f"{address}/{number}/retry")
    assert "May have been sent" not in page(users, DELIVERIES)
    now = users.clock()
    with users.database.transaction() as session:
        assert deliveries.claim(session, "welcome", "test", now, timedelta(1), 5)
        assert outbox.claim(session, "test", now, timedelta(1), 5)
