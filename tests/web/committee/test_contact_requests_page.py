"""Contact requests: shown to the region's chair and the committee, and marked as done."""

from __future__ import annotations

import pytest

from bridge.store.delivery import outbox
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.operations import audit_log, audit_queries
from tests.support.query_lists import added, listed
from tests.web.query_counter import counted
from tests.web.signed_in_users import SignedInUsers, Who

KIM = ContactMessage("Kim", "kim@union.example", "555", "north", "a-path:first", "Call\n<me>", "en")
LEE = ContactMessage("Lee", "lee@union.example", "", "", "a-path:second", "=Now", "fr")


@pytest.fixture
def request_ids(users: SignedInUsers) -> list[int]:
    """The IDs of Kim's request in the north and Lee's request without a region."""
    with users.database.transaction() as session:
        return [contact_requests.add_request(session, each, users.clock()) for each in (KIM, LEE)]


def page(users: SignedInUsers, who: Who = "committee", query: str = "") -> str:
    return users.client(who).get("/committee/contact-requests" + query).get_data(as_text=True)


def test_open_requests_are_shown_with_their_messages(
    users: SignedInUsers, request_ids: list[int]
) -> None:
    text = page(users)
    for word in ("Kim", "kim@union.example", "555", "Call<br>&lt;me&gt;", "First", "North", "Lee"):
        assert word in text


def test_a_chair_sees_only_requests_of_their_region(
    users: SignedInUsers, request_ids: list[int]
) -> None:
    assert "Kim" in page(users, "chair")
    assert "Lee" not in page(users, "chair")
    assert "There are no open requests." in page(users, "other_chair")


def test_requests_are_filtered_by_milestone_and_region(
    users: SignedInUsers, request_ids: list[int]
) -> None:
    assert "Kim" not in page(users, query="?milestone=a-path:second")
    assert "Lee" in page(users, query="?milestone=a-path:second")
    assert "Lee" not in page(users, query="?region=north")


@pytest.mark.parametrize("who", ["committee", "chair"])
def test_a_request_is_marked_as_done_once_and_the_log_has_no_names(
    users: SignedInUsers, request_ids: list[int], who: Who
) -> None:
    address = f"/committee/contact-requests/{request_ids[0]}/handled"
    browser = users.client(who)
    assert browser.post(address).status_code == 303
    again = browser.post(address, follow_redirects=True)
    assert "Someone has already marked it as done." in again.text
    assert "kim@" not in page(users)
    handled = page(users, query="?handled=1")
    assert "kim@union.example" in handled
    assert f"{who}@union.example" in handled
    with users.database.reading() as session:
        [line] = audit_queries.entries(session, 9)
    assert (line.action, line.actor, line.member_id) == ("contact", f"{who}@union.example", None)
    assert (line.before, line.after) == (
        {"handled": False}, {"request": request_ids[0], "handled": True},
    )  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("other_chair", 404), ("auditor", 403)])
def test_other_users_cannot_mark_a_request_as_done(
    users: SignedInUsers, request_ids: list[int], who: Who, status: int
) -> None:
    answer = users.client(who).post(f"/committee/contact-requests/{request_ids[0]}/handled")
    assert answer.status_code == status
    assert "kim@" in page(users)
    assert f"/committee/contact-requests/{request_ids[0]}/handled" not in page(users, who)


def test_a_chair_cannot_mark_a_request_without_region(
    users: SignedInUsers, request_ids: list[int]
) -> None:
    assert (
        users.client("chair")
        .post(f"/committee/contact-requests/{request_ids[1]}/handled")
        .status_code
        == 404
    )


@pytest.mark.parametrize(
    "address",
    [
        "/committee/contact-requests",
        "/committee/failed-emails",
        "/committee/failed-deliveries",
        "/committee/audit?region=north&milestone=a-path:first",
    ],
)
def test_queries_do_not_grow_with_the_list(users: SignedInUsers, address: str) -> None:
    now, found = users.clock(), []
    for _ in range(2):
        with users.database.transaction() as session:
            for _ in range(20):
                contact_requests.add_request(session, KIM, now)
                outbox.enqueue(session, "sign-in", "a@u.example", "en", {}, now, expires_at=now)
                audit_log.write(session, "test", "looked", users.member, {}, {}, now)
            outbox.expire(session, now)
        browser = users.client("committee")
        with counted(users.database) as statements:
            browser.get(address)
        found.append([each for each in statements if each.startswith("SELECT")])
    few, many = found
    assert len(few) == len(many), added(few, many)
    assert len(few) <= 8, listed(few)


def test_the_list_is_paginated_and_its_csv_has_no_formulas(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        for _ in range(30):
            contact_requests.add_request(session, LEE, users.clock())
    assert page(users).count('<th scope="row"') == 25
    assert page(users, query="?after=25").count('<th scope="row"') == 5
    text = (
        users.client("auditor").get("/committee/contact-requests/list.csv").get_data(as_text=True)
    )
    assert len(text.splitlines()) == 31
    assert "Second,'=Now," in text
