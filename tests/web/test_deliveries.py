"""Deliveries that need a person: shown with reason and advice, tried again by the committee."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.store import backlog, deliveries, logbook
from bridge.store.deliveries import DeliveryRecord

from .cast import Cast, Who

TARGET = "stewardpath:a-path:first"


@pytest.fixture
def stuck(cast: Cast) -> list[int]:
    """A refused mail in the north, a badge in the south that waits for a setting: their ids."""
    wanted = [(cast.member, "mail"), (cast.other_member, "badge")]
    now, ids = cast.clock(), []
    with cast.database.transaction() as session:
        owed = [DeliveryRecord(one, kind, TARGET, {}) for one, kind in wanted]
        deliveries.owe(session, owed, now)
        for _, kind in wanted:
            lease = timedelta(minutes=1)
            [claimed] = deliveries.claim(session, kind, "test", now, lease, 5)
            ids.append(claimed.id)
        deliveries.fail(session, ids[0], "test", "<no such> mailbox")
        deliveries.again(session, ids[1], "test", "badge is off", now, "configuration")
    return ids


def page(cast: Cast, who: Who = "committee", query: str = "") -> str:
    return cast.client(who).get("/committee/deliveries" + query).get_data(as_text=True)


def states(cast: Cast) -> list[tuple[str, str, int]]:
    with cast.database.reading() as session:
        members = (cast.member, cast.other_member)
        found = [each for one in members for each in backlog.deliveries_of(session, one)]
    return [(each.state, each.reason, each.attempts) for each in found]


def test_each_is_shown_with_its_reason_and_what_to_do(cast: Cast, stuck: list[int]) -> None:
    text = page(cast)
    assert "&lt;no such&gt; mailbox" in text
    assert "Correct the e-mail address" in text
    assert "A setting is missing" in text
    assert "badge is off" in text
    assert text.count("Try again:") == 2


def test_a_chair_sees_those_of_their_region_and_no_button(cast: Cast, stuck: list[int]) -> None:
    text = page(cast, "chair")
    assert "mailbox" in text
    assert "badge is off" not in text
    assert "Try again:" not in text


def test_they_are_filtered_by_milestone(cast: Cast, stuck: list[int]) -> None:
    assert "mailbox" in page(cast, query="?milestone=a-path:first")
    assert "Nothing waits for a person." in page(cast, query="?milestone=a-path:second")


def test_one_is_tried_again(cast: Cast, stuck: list[int]) -> None:
    address = f"/committee/deliveries/{stuck[0]}/retry"
    assert cast.client("committee").post(address).status_code == 303
    assert states(cast) == [("owed", "", 0), ("owed", "configuration", 1)]
    assert cast.rung == [None]
    with cast.database.reading() as session:
        [line] = logbook.entries(session, 5)
    assert (line.who, line.action, line.member_id) == (
        "committee@union.example", "retry", cast.member,
    )  # fmt: skip
    assert line.before == {"state": "failed", "reason": "never", "attempts": 1}


def test_all_that_are_shown_are_tried_again(cast: Cast, stuck: list[int]) -> None:
    browser = cast.client("committee")
    browser.post("/committee/deliveries/retry", data={"region": "south"})
    assert states(cast) == [("failed", "never", 1), ("owed", "", 0)]
    browser.post("/committee/deliveries/retry")
    assert states(cast) == [("owed", "", 0), ("owed", "", 0)]
    browser.post("/committee/deliveries/retry")
    assert len(cast.rung) == 2, "nothing was left to wake anybody for"


def test_the_list_as_a_sheet(cast: Cast, stuck: list[int]) -> None:
    text = cast.client("chair").get("/committee/deliveries/list.csv").get_data(as_text=True)
    assert len(text.splitlines()) == 2
    assert "Mail to the member,First,Refused,<no such> mailbox" in text


def test_what_was_tried_many_times_is_shown_with_its_next_try(cast: Cast) -> None:
    now, lease = cast.clock(), timedelta(minutes=1)
    with cast.database.transaction() as session:
        deliveries.owe(session, [DeliveryRecord(cast.member, "plan", TARGET, {})], now)
    for attempt in range(5):
        assert "Learning plan" not in page(cast)
        with cast.database.transaction() as session:
            at = now + timedelta(hours=attempt)
            [claimed] = deliveries.claim(session, "plan", "test", at, lease, 5)
            deliveries.again(session, claimed.id, "test", "HTTP 500", at)
    text = page(cast)
    assert "Learning plan in Moodle" in text
    assert "Retried many times" in text
    assert "It is retried automatically." in text
    assert "5 attempts" in text
    assert "Next try" in text
    cast.client("committee").post(f"/committee/deliveries/{claimed.id}/retry")
    assert "Learning plan" not in page(cast)
    assert states(cast) == [("owed", "", 0)]
