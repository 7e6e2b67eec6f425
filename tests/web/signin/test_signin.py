"""Signing in: a link works once, in one browser, and reveals nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.config import ServiceSettings
from bridge.member_records import MemberRecord
from bridge.store.database import Database
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.auth import Login, SigninLink
from bridge.store.tables.delivery import OutboxEmail
from bridge.web.common.redirects import safe_next_page
from bridge.web.common.visitor import COOKIE
from bridge.web.signin.pages import NONCE
from tests.web.signed_in_users import ADDRESSES, SignedInUsers, Who

MEMBER = ADDRESSES["member"]


def links(database: Database) -> list[str]:
    """The paths of the links that letters carry, oldest first."""
    with database.reading() as session:
        letters = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)).all()
    return [urlsplit(str(letter.payload["link"])).path for letter in letters]


def asked(users: SignedInUsers, browser: FlaskClient, email: str = MEMBER, page: str = "") -> str:
    browser.post("/signin", data={"email": email, "next": page})
    return links(users.database)[-1]


def test_a_link_signs_in_once(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link = asked(users, browser)
    assert users.rung == [None]
    assert browser.get(link).status_code == browser.get(link).status_code == 200
    entered = browser.post(link)
    assert entered.status_code == 303
    assert "Mem Ber" in browser.get("/").text
    assert browser.post(link).status_code == 410


def test_the_link_uses_the_configured_url(users: SignedInUsers) -> None:
    users.client("nobody").post("/signin", data={"email": MEMBER}, headers={"Host": "localhost"})
    with users.database.reading() as session:
        letter = session.scalars(select(OutboxEmail)).one()
    assert str(letter.payload["link"]).startswith(f"{users.config.service.url}/signin/")


def test_a_link_works_only_in_its_browser(users: SignedInUsers) -> None:
    link = asked(users, users.client("nobody"))
    thief = users.client("nobody")
    assert thief.get(link).status_code == 410
    assert thief.post(link).status_code == 410
    thief.post("/signin", data={"email": "stranger@union.example"})
    assert thief.post(link).status_code == 410


def test_a_link_expires_after_15_minutes(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link = asked(users, browser)
    users.clock.forward(minutes=15)
    assert browser.get(link).status_code == browser.post(link).status_code == 410


def test_responses_do_not_reveal_members(users: SignedInUsers) -> None:
    known = users.client("nobody").post("/signin", data={"email": MEMBER})
    strange = users.client("nobody").post("/signin", data={"email": "stranger@union.example"})
    assert (known.status_code, known.location) == (strange.status_code, strange.location)
    assert known.text == strange.text
    assert len(links(users.database)) == 1


def test_a_shared_address_gets_an_explanation_instead_of_a_link(users: SignedInUsers) -> None:
    records = [MemberRecord(number, "both@union.example", number, "B") for number in ("7", "8")]
    with users.database.transaction() as session:
        upsert_members(session, records, users.clock())
    shared = users.client("nobody").post("/signin", data={"email": "both@union.example"})
    strange = users.client("nobody").post("/signin", data={"email": "stranger@union.example"})
    assert (shared.status_code, shared.location) == (strange.status_code, strange.location)
    assert shared.text == strange.text
    with users.database.reading() as session:
        letter = session.scalars(select(OutboxEmail)).one()
    assert (letter.kind, letter.email) == ("shared-address", "both@union.example")
    assert letter.payload == {"contact": "committee@union.example"}
    for _ in range(5):
        users.client("nobody").post("/signin", data={"email": "both@union.example"})
    with users.database.reading() as session:
        assert len(session.scalars(select(OutboxEmail)).all()) == 3


def test_the_email_is_in_the_members_language(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        upsert_members(session, [MemberRecord("9", "f@union.example", "F", "R", language="fr")],
                       users.clock())  # fmt: skip
    english = {"Accept-Language": "en"}
    users.client("nobody").post("/signin", data={"email": "f@union.example"}, headers=english)
    with users.database.reading() as session:
        assert session.scalars(select(OutboxEmail)).one().language == "fr"


def test_an_address_gets_three_links_in_15_minutes(users: SignedInUsers) -> None:
    for _ in range(5):
        users.client("nobody").post("/signin", data={"email": MEMBER})
    assert len(links(users.database)) == 3


@pytest.mark.usefixtures("stopped_time")
def test_sign_in_is_rate_limited(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    statuses = [browser.post("/signin", data={"email": "x"}).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert "Try again in 1 minute." in browser.post("/signin").text


def test_signing_in_starts_a_new_login_and_ends_the_old_one(users: SignedInUsers) -> None:
    browser = users.client("committee")
    before = browser.get_cookie(COOKIE)
    browser.post(asked(users, browser))
    after = browser.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with users.database.reading() as session:
        kept = session.scalars(select(Login)).all()
        assert [each.email for each in kept] == [MEMBER]
        assert after.value not in [each.token for each in kept]


def test_a_login_ends_when_unused_and_after_a_week(users: SignedInUsers) -> None:
    idle, busy = users.client("member"), users.client("committee")
    for _ in range(13):
        users.clock.forward(hours=1)
        assert "committee@union.example" in busy.get("/").text
    assert "Mem Ber" not in idle.get("/").text
    for _ in range(15):
        users.clock.forward(hours=11)
        busy.get("/")
    assert "committee@union.example" not in busy.get("/").text


def test_signing_out_ends_the_login(users: SignedInUsers) -> None:
    browser = users.client("member")
    browser.post("/signout")
    with users.database.reading() as session:
        assert session.scalars(select(Login)).all() == []


def test_cookies_are_for_this_site_only(users: SignedInUsers) -> None:
    secure = users.config.model_copy(
        update={"service": ServiceSettings(url="https://path.example")}
    )
    safe = SignedInUsers(secure, users.database, users.clock)
    browser = safe.client("nobody")
    headers = {"Host": "path.example"}
    answer = browser.post("/signin", data={"email": MEMBER}, headers=headers)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith(f"__Host-{NONCE}=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_login_secrets_are_stored_hashed(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    token = asked(users, browser).rpartition("/")[2]
    nonce = browser.get_cookie(NONCE)
    with users.database.reading() as session:
        kept = session.scalars(select(SigninLink)).one()
    assert nonce is not None
    assert {token, nonce.value}.isdisjoint({kept.token, kept.nonce})
    assert re.fullmatch("[0-9a-f]{64}", kept.token)


def test_signing_in_leads_to_the_requested_page(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    page = browser.post(asked(users, browser, page="/path/a-path/first"), follow_redirects=True)
    assert page.request.path == "/path/a-path/first"


@pytest.mark.parametrize(
    "page",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "javascript:alert(1)",
     "/" + "a" * 500, "/é"],
)  # fmt: skip
def test_signing_in_never_redirects_to_another_site(users: SignedInUsers, page: str) -> None:
    assert safe_next_page(page) == ""
    browser = users.client("nobody")
    for answer in (
        browser.post(asked(users, browser, page=page), follow_redirects=True),
        browser.get("/signin/done", query_string={"next": page}, follow_redirects=True),
        browser.get("/language/fr", query_string={"next": page}, follow_redirects=True),
    ):
        assert answer.status_code == 200
        assert answer.request.host == "localhost"


@pytest.mark.parametrize("page", ["/a\r\nSet-Cookie: b", "/\t/evil.example"])
def test_a_page_with_an_invisible_character_is_refused(users: SignedInUsers, page: str) -> None:
    assert safe_next_page(page) == ""
    browser = users.client("nobody")
    assert browser.post("/signin", data={"email": MEMBER, "next": page}).status_code == 200
    assert links(users.database) == []
    for address in ("/signin/done", "/language/fr"):
        assert browser.get(address, query_string={"next": page}).status_code == 400


@pytest.mark.parametrize(
    "email", ["no address", "a@b\r\nBcc: all@union.example", "a@b,c@d", "<a@b>", "x" * 255 + "@b"]
)
def test_an_invalid_address_shows_the_form_again(users: SignedInUsers, email: str) -> None:
    page = users.client("nobody").post("/signin", data={"email": email})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.text
    assert links(users.database) == []


@pytest.mark.parametrize("role", ["reviewer", "approver", "payroll", "grievance"])
def test_people_with_only_a_configured_role_sign_in_and_find_their_access(
    users: SignedInUsers, role: Who
) -> None:
    browser = users.client("nobody")
    link = asked(users, browser, ADDRESSES[role])
    entered = browser.post(link, follow_redirects=True)
    assert entered.request.path == "/access"
    assert ADDRESSES[role] in entered.text
    menu = re.findall(r'class="nav-link[^"]*" href="([^"]+)"', entered.text)
    assert menu
    assert {browser.get(address).status_code for address in menu} == {200}
    assert [each for each in menu if each.startswith("/committee")] == ["/committee/forms"]


def test_an_address_whose_role_was_taken_away_gets_no_link(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    without = users.config.model_copy(update={"payroll": ()})
    object.__setattr__(users.app.extensions["stewardpath"], "config", without)
    browser.post("/signin", data={"email": ADDRESSES["payroll"]})
    assert links(users.database) == []
