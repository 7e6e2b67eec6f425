"""How many emails an address gets: strangers can't use up what its owner needs."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.store.database import Database
from bridge.store.tables.delivery import OutboxEmail
from bridge.web.common.limits.email_limits import SIGN_IN, TooManyEmails, check_limit
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

MEMBER = ADDRESSES["member"]
STRANGER = "198.51.100.1"
OWNER = "192.0.2.1"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SIGNUP = {
    "first_name": "New", "last_name": "Comer", "email": "new@union.example", "region": "north",
    "language": "en", "consent": "y",
}  # fmt: skip


def emails(database: Database) -> list[OutboxEmail]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def sign_in(browser: FlaskClient, address: str, email: str = MEMBER) -> TestResponse:
    return browser.post("/signin", data={"email": email}, environ_base={"REMOTE_ADDR": address})


def test_strangers_do_not_lock_the_owner_out_of_signing_in(users: SignedInUsers) -> None:
    for _ in range(5):
        sign_in(users.client("nobody"), STRANGER)
    owner = users.client("nobody")
    assert sign_in(owner, OWNER).status_code == 303
    link = urlsplit(str(emails(users.database)[-1].payload["link"])).path
    assert owner.post(link).status_code == 303


def test_strangers_do_not_lock_the_owner_out_of_signing_up(users: SignedInUsers) -> None:
    for _ in range(5):
        users.client("nobody").post("/signup", data=SIGNUP, environ_base={"REMOTE_ADDR": STRANGER})
    owner = users.client("nobody")
    answer = owner.post("/signup", data=SIGNUP, environ_base={"REMOTE_ADDR": OWNER})
    assert answer.status_code == 303
    link = urlsplit(str(emails(users.database)[-1].payload["link"])).path
    assert owner.post(link).status_code == 303


def test_the_newest_link_works_after_too_many_requests(users: SignedInUsers) -> None:
    owner = users.client("nobody")
    assert [sign_in(owner, OWNER).status_code for _ in range(5)] == [303] * 3 + [429] * 2
    link = urlsplit(str(emails(users.database)[-1].payload["link"])).path
    assert owner.get(link).status_code == 200
    assert owner.post(link).status_code == 303


def test_the_page_says_when_to_try_again_and_it_is_true(
    users: SignedInUsers, caplog: pytest.LogCaptureFixture
) -> None:
    owner = users.client("nobody")
    for _ in range(SIGN_IN.per_client):
        sign_in(owner, OWNER)
        users.clock.forward(minutes=1)
    with caplog.at_level(logging.WARNING):
        refused = sign_in(owner, OWNER)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(12 * 60)
    assert "You can ask for another one in 12 minutes." in refused.text
    [line] = [each for each in caplog.records if each.getMessage() == "emails.limited"]
    assert line.fields["by"] == "client"  # type: ignore[attr-defined]
    assert MEMBER not in str(line.__dict__)
    assert OWNER not in str(line.__dict__)
    users.clock.forward(minutes=11, seconds=59)
    assert sign_in(owner, OWNER).status_code == 429
    users.clock.forward(seconds=1)
    assert sign_in(owner, OWNER).status_code == 303


def test_an_address_is_not_flooded_by_many_clients(
    users: SignedInUsers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for number in range(SIGN_IN.per_address + 1):
            sign_in(users.client("nobody"), f"198.51.100.{number}")
    assert len(emails(users.database)) == SIGN_IN.per_address
    [line] = [each for each in caplog.records if each.getMessage() == "emails.limited"]
    assert line.fields["by"] == "address"  # type: ignore[attr-defined]


def test_the_time_to_try_again_is_when_both_limits_allow_it() -> None:
    own = [(NOW + timedelta(minutes=at), "me") for at in (1, 2, 3)]
    others = [(NOW + timedelta(minutes=at), "them") for at in range(4, 11)]
    with pytest.raises(TooManyEmails) as early:
        check_limit(SIGN_IN, [*own, *others], "me", "test")
    assert early.value.retry_at == NOW + timedelta(minutes=1) + SIGN_IN.window
    more = [(NOW + timedelta(minutes=11), "them")]
    with pytest.raises(TooManyEmails) as later:
        check_limit(SIGN_IN, [*own, *others, *more], "me", "test")
    assert later.value.retry_at == NOW + timedelta(minutes=2) + SIGN_IN.window


def test_an_earlier_link_still_works_in_the_same_browser(users: SignedInUsers) -> None:
    """Emails may arrive in another order."""
    owner = users.client("nobody")
    for _ in range(2):
        sign_in(owner, OWNER)
    first, _ = emails(users.database)
    assert owner.post(urlsplit(str(first.payload["link"])).path).status_code == 303


def test_limits_do_not_reveal_who_is_a_member(users: SignedInUsers) -> None:
    """The pages differ in what was typed, and in the token of the form."""
    addresses = (ADDRESSES["member"], "x@union.example")
    known, strange = (
        [sign_in(users.client("nobody"), OWNER, each) for _ in range(4)] for each in addresses
    )
    assert [each.status_code for each in known] == [each.status_code for each in strange]
    seen = {
        re.sub(r'value="[^"]{40,}"', "", answer[-1].text).replace(typed, "")
        for answer, typed in zip((known, strange), addresses, strict=True)
    }
    assert len(seen) == 1


def test_a_change_of_address_keeps_its_newest_link_and_cannot_flood(users: SignedInUsers) -> None:
    mine = users.client("member")
    form = {"first_name": "Mem", "last_name": "Ber", "language": "en", "region": "north"}
    answers = [
        mine.post("/me/data/edit", data={**form, "email": "new@union.example"}) for _ in range(5)
    ]
    assert [each.status_code for each in answers] == [303] * 3 + [429] * 2
    queued = [each for each in emails(users.database) if each.kind == "new-address"]
    assert len(queued) == 1  # those of earlier requests are not sent any more
    link = urlsplit(str(queued[-1].payload["link"])).path
    assert mine.post(link).status_code == 303


def test_a_newer_change_of_address_ends_the_link_of_an_earlier_one(users: SignedInUsers) -> None:
    mine = users.client("member")
    form = {"first_name": "Mem", "last_name": "Ber", "language": "en", "region": "north"}
    links = []
    for email in ("first@union.example", "second@union.example"):
        mine.post("/me/data/edit", data={**form, "email": email})
        links.append(urlsplit(str(emails(users.database)[-1].payload["link"])).path)
    assert mine.post(links[0]).status_code == 410
    assert mine.post(links[1]).status_code == 303
