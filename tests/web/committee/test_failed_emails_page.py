"""Failed emails: shown with reason and advice, and retried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.store.delivery import outbox
from bridge.store.operations import audit_queries
from tests.web.signed_in_users import SignedInUsers, Who

STRANGER = "stranger@union.example"
WORDS = {"link": "https://path.example/secret"}


@pytest.fixture
def failed_ids(users: SignedInUsers) -> list[int]:
    """A rejected confirmation, a contact request without its setting, and an expired link."""
    now, hour = users.clock(), timedelta(hours=1)
    owed = (("confirm", STRANGER, None), ("contact", "chair@union.example", None),
            ("sign-in", STRANGER, now))  # fmt: skip
    with users.database.transaction() as session:
        for kind, email, end in owed:
            outbox.enqueue(session, kind, email, "en", WORDS, now, expires_at=end)
        outbox.expire(session, now)
        one, two = outbox.claim(session, "test", now, hour, 9)
        assert outbox.mark_failed(session, one.id, "test", "refused (550 <5.1.1>)")
        assert outbox.retry_later(
            session, two.id, "test", "no password", now + hour, "configuration"
        )
    return [one.id, two.id, two.id + 1]


def page(
    users: SignedInUsers, who: Who = "committee", address: str = "/committee/failed-emails"
) -> str:
    return users.client(who).get(address).get_data(as_text=True)


@pytest.mark.parametrize("address", ["/committee/failed-emails", "/committee/failed-deliveries"])
def test_a_failed_email_is_shown_with_reason_and_without_unknown_recipients(
    users: SignedInUsers, failed_ids: list[int], address: str
) -> None:
    text = page(users, address=address)
    for word in ("Sign-up confirmation", "refused (550 &lt;5.1.1&gt;)", "mistyped",
                 "Contact request", "Setting missing or wrong", "no password",
                 "chair@union.example", "Sign-in link", "Expired"):  # fmt: skip
        assert word in text
    assert STRANGER not in text
    assert "secret" not in text
    assert text.count("Retry:") == 2


def test_auditors_see_failed_emails_without_buttons_and_chairs_do_not(
    users: SignedInUsers, failed_ids: list[int]
) -> None:
    assert "mistyped" in page(users, "auditor")
    assert "Retry:" not in page(users, "auditor")
    assert "mistyped" not in page(users, "chair", "/committee/failed-deliveries")


def test_an_email_is_retried_with_its_full_content(
    users: SignedInUsers, failed_ids: list[int]
) -> None:
    address = f"/committee/failed-emails/{failed_ids[0]}/retry"
    assert users.client("committee").post(address).status_code == 303
    assert users.rung == [None]
    with users.database.transaction() as session:
        [again] = outbox.claim(session, "test", users.clock(), timedelta(hours=1), 9)
        [line] = audit_queries.entries(session, 5)
    assert (again.id, again.payload) == (failed_ids[0], WORDS)
    assert (line.action, line.member_id) == ("retry", None)
    assert line.before == {"state": "failed", "reason": "never", "attempts": 1}
    again = users.client("committee").post(address, follow_redirects=True)
    assert "There was nothing left to retry." in again.text


def test_an_expired_email_is_not_retried(users: SignedInUsers, failed_ids: list[int]) -> None:
    answer = users.client("committee").post(f"/committee/failed-emails/{failed_ids[2]}/retry")
    assert answer.status_code == 303
    assert users.rung == []


def test_the_list_is_paginated_and_exported_as_csv(users: SignedInUsers) -> None:
    now = users.clock()
    with users.database.transaction() as session:
        for _ in range(30):
            outbox.enqueue(session, "sign-in", STRANGER, "en", WORDS, now, expires_at=now)
        outbox.expire(session, now)
    first, second = page(users), page(users, address="/committee/failed-emails?after=25")
    assert (first.count('<th scope="row"'), second.count('<th scope="row"')) == (25, 5)
    assert page(users, address="/committee/failed-deliveries").count('<th scope="row"') == 5
    text = page(users, "auditor", "/committee/failed-emails/list.csv")
    assert len(text.splitlines()) == 31
    assert STRANGER not in text


@pytest.mark.parametrize(
    ("kind", "email", "advice"),
    [
        ("sign-in", "chair@union.example", "If the address is wrong in the configuration"),
        ("digest", "chair@union.example", "If the address is wrong in the configuration"),
        ("contact", "chair@union.example", "still listed under “Contact requests”"),
        ("sign-in", STRANGER, "they can request the email again"),
    ],
)
def test_the_advice_for_a_rejected_email_is_about_its_kind(
    users: SignedInUsers, kind: str, email: str, advice: str
) -> None:
    now = users.clock()
    with users.database.transaction() as session:
        outbox.enqueue(session, kind, email, "en", WORDS, now)
        [one] = outbox.claim(session, "test", now, timedelta(hours=1), 9)
        assert outbox.mark_failed(session, one.id, "test", "refused")
    address = "/committee/failed-emails"
    for text in (page(users), page(users, address=f"{address}/list.csv")):
        assert advice in text
        assert ("Contact requests”" in text) == (kind == "contact")
