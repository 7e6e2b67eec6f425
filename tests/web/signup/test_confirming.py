"""Confirming signs in: who, where, how often, and what a stranger learns from it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from bridge.member_records import MemberRecord
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import proof
from bridge.store.persons.proof import follow_members
from bridge.store.tables.auth import Login
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import Member, PendingSignup
from tests.web.signed_in_users import ADDRESSES, GUEST, SignedInUsers

NEW = "new.hire@union.example"
FORM = {
    "first_name": "New", "last_name": "Hire", "email": NEW, "region": "north", "language": "en",
    "consent": "y",
}  # fmt: skip
EVERYONE = (NEW, ADDRESSES["member"], ADDRESSES["committee"])


def asked(users: SignedInUsers, browser: FlaskClient, email: str = NEW) -> tuple[str, str]:
    """Fill in the form; the path of the link in the email, and its code."""
    assert browser.post("/signup", data=FORM | {"email": email}).location == "/signup/sent"
    with users.database.reading() as session:
        sent = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id.desc()).limit(1)).one()
    return urlsplit(str(sent.payload["link"])).path, str(sent.payload["code"])


def enter(browser: FlaskClient, code: str) -> TestResponse:
    return browser.post("/signup/sent", data={"code": code})


def logins(users: SignedInUsers) -> list[tuple[str, bool]]:
    with users.database.reading() as session:
        return [(each.email, each.member_id is not None) for each in session.scalars(select(Login))]


def other_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize("email", EVERYONE)
@pytest.mark.parametrize("way", ["link", "code"])
def test_either_way_signs_in_the_browser_with_the_form(
    users: SignedInUsers, email: str, way: str
) -> None:
    browser = users.client("nobody")
    link, code = asked(users, browser, email)
    answer = browser.post(link) if way == "link" else enter(browser, code)
    assert answer.location == "/signin/done"
    assert logins(users) == [(email, True)]
    assert browser.get("/me").status_code == 200
    assert (
        browser.post(link).location == "/signup/done"
        if way == "link"
        else enter(browser, code).status_code == 200
    )
    assert len(logins(users)) == 1


def test_opening_the_link_does_nothing(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link, code = asked(users, browser)
    for _ in range(3):
        page = users.client("nobody").get(link)
        assert (page.status_code, NEW in page.text) == (200, True)
        assert users.client("nobody").head(link).status_code == 200
    assert logins(users) == []
    assert enter(browser, code).location == "/signin/done"


def test_the_link_signs_a_newcomer_in_where_it_is_opened(users: SignedInUsers) -> None:
    link, code = asked(users, computer := users.client("nobody"))
    phone = users.client("nobody")
    assert phone.post(link).location == "/signin/done"
    assert phone.get("/me").status_code == 200
    assert enter(computer, code).location == "/signup/done"
    assert "sign in" in computer.get("/signup/done").text
    assert computer.get("/me").status_code == 303
    assert computer.get(link).status_code == computer.post(link).status_code == 409
    assert len(logins(users)) == 1


@pytest.mark.parametrize("email", [ADDRESSES["member"], ADDRESSES["committee"]])
def test_a_forwarded_email_signs_nobody_in_who_could_open_more(
    users: SignedInUsers, email: str
) -> None:
    """The link of a member, or of an address with a role, works only in the browser that asked."""
    link, code = asked(users, own := users.client("nobody"), email)
    stranger = users.client("nobody")
    assert "type the code" in stranger.get(link).text or email == ADDRESSES["committee"]
    stranger.post(link)
    assert "ended" not in enter(stranger, code).text
    assert logins(users) == []
    if email == ADDRESSES["member"]:
        assert enter(own, code).location == "/signin/done"


def test_a_forwarded_email_does_not_open_what_a_guest_sent(users: SignedInUsers) -> None:
    """Someone who confirmed their address before may have sent forms; the member finds them."""
    with users.database.transaction() as session:
        proof.confirm_email(session, users.guest, users.clock())
    link, _ = asked(users, users.client("nobody"), GUEST.email)
    assert users.client("nobody").post(link).location == "/signup/done"
    assert logins(users) == []
    _, code = asked(users, own := users.client("nobody"), GUEST.email)
    assert enter(own, code).location == "/signin/done"


def test_a_members_link_ends_with_the_code(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link, _ = asked(users, browser, ADDRESSES["member"])
    users.clock.forward(minutes=31)
    assert browser.post(link).status_code == 409
    newcomer, _ = asked(users, browser)
    users.clock.forward(days=2)
    assert browser.post(newcomer).location == "/signin/done"


def test_an_address_of_several_members_is_not_signed_in(users: SignedInUsers) -> None:
    twins = [MemberRecord(str(n), "twins@union.example", "T", str(n)) for n in (7, 8)]
    with users.database.transaction() as session:
        upsert_members(session, twins, users.clock())
    browser = users.client("nobody")
    browser.post("/signup", data=FORM | {"email": "twins@union.example"})
    with users.database.reading() as session:
        assert session.scalars(select(OutboxEmail.kind)).all() == ["shared-address"]
    assert enter(browser, "123456").status_code == 200
    assert logins(users) == []


def test_the_answers_reveal_no_member(users: SignedInUsers) -> None:
    """Someone who typed an address, but doesn't read its emails, sees the same for each."""
    users.app.extensions["stewardpath"].limiter.enabled = False
    seen = set()
    for email in EVERYONE:
        browser = users.client("nobody")
        _, code = asked(users, browser, email)
        pages = [browser.get("/signup/sent"), *(enter(browser, other_code(code)) for _ in range(4))]
        texts = [re.sub(r'value="[^"]*"', "", each.text) for each in pages]
        assert ["Tries left: 2." in texts[1], "Tries left: 1." in texts[2]] == [True, True]
        assert "Tries left" not in texts[3]
        seen.add((*(each.status_code for each in pages), *texts))
        assert enter(browser, code).status_code == 200
    assert len(seen) == 1
    assert logins(users) == []


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345x", "１２３４５６"])
def test_what_is_no_code_is_not_counted(users: SignedInUsers, typed: str) -> None:
    browser = users.client("nobody")
    _, code = asked(users, browser)
    for _ in range(4):
        assert "Enter the six digits" in enter(browser, typed).text
    assert enter(browser, f" {code[:3]} {code[3:]} ").location == "/signin/done"


def test_a_new_login_ends_the_former_one(users: SignedInUsers) -> None:
    browser = users.client("other_member")
    _, code = asked(users, browser)
    enter(browser, code)
    assert logins(users) == [(NEW, True)]


def test_a_former_address_signs_nobody_in(users: SignedInUsers) -> None:
    """Who still reads the mailbox that a member gave up doesn't get into their account."""
    browser = users.client("nobody")
    link, code = asked(users, browser, ADDRESSES["member"])
    record = MemberRecord("1001", "moved@union.example", "Mem", "Ber", region="north")
    with users.database.transaction() as session:
        written = upsert_members(session, [record], users.clock())
        follow_members(session, written.changed, users.clock())
    enter(browser, code)
    browser.post(link)
    assert "moved@union.example" not in dict(logins(users))


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("way", ["link", "code"])
def test_a_kill_at_any_statement_leaves_all_or_nothing(users: SignedInUsers, way: str) -> None:
    users.app.extensions["stewardpath"].limiter.enabled = False
    browser = users.client("nobody")
    link, code = asked(users, browser)
    left = 0

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal left
        left -= not statement.startswith(("PRAGMA", "BEGIN"))
        if left == 0:
            raise Killed

    event.listen(users.database._engine, "before_cursor_execute", count)
    kills = 0
    while True:
        left = kills + 1
        answer = browser.post(link) if way == "link" else enter(browser, code)
        left = -1
        if answer.status_code == 303:
            break
        kills += 1
        assert answer.status_code == 500
        assert logins(users) == []
        with users.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Member)) == 2
            assert session.scalars(select(PendingSignup.confirmed_at)).one() is None
    assert kills > 10
    assert answer.location == "/signin/done"
    assert logins(users) == [(NEW, True)]


SECOND = "second.hire@union.example"
FIELD = 'name="email"'


def test_two_people_sign_up_one_after_the_other_in_one_browser(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    _, first = asked(users, browser)
    assert FIELD not in browser.get("/signup/sent").text
    _, second = asked(users, browser, SECOND)
    assert FIELD in browser.get("/signup/sent").text
    data = {"code": first, "email": f" {NEW.upper()} "}
    assert browser.post("/signup/sent", data=data).location == "/signin/done"
    assert logins(users) == [(NEW, True)]
    assert FIELD not in browser.get("/signup/sent").text
    assert enter(browser, second).location == "/signin/done"
    assert logins(users) == [(SECOND, True)]


def test_the_last_one_needs_no_address(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    asked(users, browser)
    _, second = asked(users, browser, SECOND)
    assert enter(browser, second).location == "/signin/done"
    assert logins(users) == [(SECOND, True)]


def test_a_code_is_tried_for_one_sign_up_only(users: SignedInUsers) -> None:
    """Each has its own three tries: the code of the other one doesn't work for it."""
    browser = users.client("nobody")
    _, first = asked(users, browser)
    _, second = asked(users, browser, SECOND)
    data = {"code": second, "email": NEW}
    for left in (2, 1):
        assert f"Tries left: {left}" in browser.post("/signup/sent", data=data).text
    assert "any more" in browser.post("/signup/sent", data=data).text
    assert "any more" in browser.post("/signup/sent", data={"code": first, "email": NEW}).text
    assert enter(browser, second).location == "/signin/done"


def test_an_address_that_was_not_signed_up_here_is_answered_as_the_last_one(
    users: SignedInUsers,
) -> None:
    browser = users.client("nobody")
    asked(users, browser)
    _, second = asked(users, browser, SECOND)
    data = {"code": other_code(second), "email": "stranger@union.example"}
    assert "Tries left: 2" in browser.post("/signup/sent", data=data).text
    assert "Tries left: 1" in browser.post("/signup/sent", data=data | {"email": SECOND}).text


def test_the_link_of_the_first_member_works_in_the_shared_browser(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link, _ = asked(users, browser, ADDRESSES["member"])
    asked(users, browser, SECOND)
    assert browser.post(link).location == "/signin/done"
    assert logins(users) == [(ADDRESSES["member"], True)]


def test_only_the_last_sign_ups_of_a_browser_are_remembered(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    codes = [asked(users, browser, f"hire{n}@union.example")[1] for n in range(6)]
    data = {"code": codes[1], "email": "hire1@union.example"}
    late = {"code": codes[0], "email": "hire0@union.example"}
    assert "This isn" in browser.post("/signup/sent", data=late).text
    assert browser.post("/signup/sent", data=data).location == "/signin/done"
