"""Needs attention: deliveries with reason and advice, and retrying them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.store.delivery import deliveries, delivery_queries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.operations import audit_queries
from tests.web.signed_in_users import SignedInUsers, Who

TARGET = "stewardpath:a-path:first"


@pytest.fixture
def failed_ids(users: SignedInUsers) -> list[int]:
    """The IDs of a rejected email in the north and of a badge in the south without its setting."""
    wanted = [(users.member, "mail"), (users.other_member, "badge")]
    now, ids = users.clock(), []
    with users.database.transaction() as session:
        owed = [DeliveryRecord(one, kind, TARGET, {}) for one, kind in wanted]
        deliveries.enqueue(session, owed, now)
        for _, kind in wanted:
            lease = timedelta(minutes=1)
            [claimed] = deliveries.claim(session, kind, "test", now, lease, 5)
            ids.append(claimed.id)
        deliveries.mark_failed(session, ids[0], "test", "<no such> mailbox")
        deliveries.retry_later(session, ids[1], "test", "badge is off", now, "configuration")
    return ids


def page(users: SignedInUsers, who: Who = "committee", query: str = "") -> str:
    return users.client(who).get("/committee/failed-deliveries" + query).get_data(as_text=True)


def states(users: SignedInUsers) -> list[tuple[str, str, int]]:
    with users.database.reading() as session:
        members = (users.member, users.other_member)
        found = [each for one in members for each in delivery_queries.deliveries_of(session, one)]
    return [(each.state, each.reason, each.attempts) for each in found]


def test_a_failed_delivery_is_shown_with_reason_and_advice(
    users: SignedInUsers, failed_ids: list[int]
) -> None:
    text = page(users)
    assert "&lt;no such&gt; mailbox" in text
    assert "Correct the email address" in text
    assert "Setting missing or wrong" in text
    assert "badge is off" in text
    assert text.count("Retry:") == 2


def test_a_chair_sees_deliveries_of_their_region_without_buttons(
    users: SignedInUsers, failed_ids: list[int]
) -> None:
    text = page(users, "chair")
    assert "mailbox" in text
    assert "badge is off" not in text
    assert "Retry:" not in text


def test_deliveries_are_filtered_by_milestone(users: SignedInUsers, failed_ids: list[int]) -> None:
    assert "mailbox" in page(users, query="?milestone=a-path:first")
    assert "Nothing needs your attention." in page(users, query="?milestone=a-path:second")


def test_one_delivery_is_retried(users: SignedInUsers, failed_ids: list[int]) -> None:
    address = f"/committee/failed-deliveries/{failed_ids[0]}/retry"
    assert users.client("committee").post(address).status_code == 303
    assert states(users) == [("owed", "", 0), ("owed", "configuration", 1)]
    assert users.rung == [None]
    with users.database.reading() as session:
        [line] = audit_queries.entries(session, 5)
    assert (line.actor, line.action, line.member_id) == (
        "committee@union.example", "retry", users.member,
    )  # fmt: skip
    assert line.before == {"state": "failed", "reason": "never", "attempts": 1}


def test_all_listed_deliveries_are_retried(users: SignedInUsers, failed_ids: list[int]) -> None:
    browser = users.client("committee")
    browser.post("/committee/failed-deliveries/retry", data={"region": "south"})
    assert states(users) == [("failed", "never", 1), ("owed", "", 0)]
    browser.post("/committee/failed-deliveries/retry")
    assert states(users) == [("owed", "", 0), ("owed", "", 0)]
    browser.post("/committee/failed-deliveries/retry")
    assert len(users.rung) == 2, "nothing was left to wake anybody for"


def test_the_list_as_csv(users: SignedInUsers, failed_ids: list[int]) -> None:
    text = users.client("chair").get("/committee/failed-deliveries/list.csv").get_data(as_text=True)
    assert len(text.splitlines()) == 2
    assert "Email to the member,First,Rejected,<no such> mailbox" in text


def test_a_delivery_that_fails_repeatedly_shows_its_next_attempt(users: SignedInUsers) -> None:
    now, lease = users.clock(), timedelta(minutes=1)
    with users.database.transaction() as session:
        deliveries.enqueue(session, [DeliveryRecord(users.member, "plan", TARGET, {})], now)
    for attempt in range(5):
        assert "Learning plan" not in page(users)
        with users.database.transaction() as session:
            at = now + timedelta(hours=attempt)
            [claimed] = deliveries.claim(session, "plan", "test", at, lease, 5)
            deliveries.retry_later(session, claimed.id, "test", "HTTP 500", at)
    text = page(users)
    assert "Learning plan in Moodle" in text
    assert "Failing repeatedly" in text
    assert "This is retried automatically." in text
    assert "5 attempts" in text
    assert "Next attempt" in text
    users.client("committee").post(f"/committee/failed-deliveries/{claimed.id}/retry")
    assert "Learning plan" not in page(users)
    assert states(users) == [("owed", "", 0)]
