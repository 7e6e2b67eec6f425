"""The contact form, and the choice of a region."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.config import Contact, Region, ServiceSettings
from bridge.mail.rendering import render
from bridge.store.database import Database
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import ContactRequest
from bridge.web.layout.region import COOKIE
from tests.web.signed_in_users import SignedInUsers

ADDRESS = "/contact/a-path/first"
LANDING = "/path/a-path/first"
FORM = {
    "name": "New Hire",
    "email": "new@union.example",
    "phone": "+1 555 0100",
    "region": "north",
    "message": "Two lines\r\nof text",
}
XSS = "<script>alert(1)</script>"


def told(database: Database) -> list[OutboxEmail]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def kept(database: Database) -> list[ContactRequest]:
    with database.reading() as session:
        return list(session.scalars(select(ContactRequest)))


def reason(users: SignedInUsers, letter: OutboxEmail) -> str:
    """The sentence at the foot of the mail that says why it came."""
    about = {**letter.payload, "union": users.config.union}
    text = render("contact", about, language="en", folder=None).text
    return text[text.index("You receive this email") :]


def test_a_request_is_stored_and_emailed_to_the_regions_chair(users: SignedInUsers) -> None:
    answer = users.client("nobody").post(ADDRESS, data=FORM, follow_redirects=True)
    assert answer.request.path == "/contact/thanks"
    (request,) = kept(users.database)
    assert (request.name, request.region, request.about) == ("New Hire", "north", "a-path:first")
    assert request.message == FORM["message"]
    (letter,) = told(users.database)
    assert (letter.kind, letter.email) == ("contact", "chair@union.example")
    assert letter.payload["reply_to"] == FORM["email"]
    assert letter.payload["about"] == "First"
    assert "you chair the training committee of North" in reason(users, letter)
    assert users.rung == [None]


def test_without_a_region_the_committee_gets_the_email(users: SignedInUsers) -> None:
    users.client("nobody").post(ADDRESS, data=FORM | {"region": ""})
    (letter,) = told(users.database)
    assert letter.email == "committee@union.example"
    assert "you are on the education committee" in reason(users, letter)


def test_without_a_chair_the_director_gets_the_email(users: SignedInUsers) -> None:
    director = Contact(name="D", email="d@union.example")
    config = users.config.model_copy(
        update={"regions": {"north": Region(name="North", director=director)}}
    )
    other = SignedInUsers(config, users.database, users.clock)
    other.client("nobody").post(ADDRESS, data=FORM)
    (letter,) = told(users.database)
    assert letter.email == "d@union.example"
    assert "you are the training director of North" in reason(other, letter)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "A\r\nBcc: all@union.example"),
        ("name", "x" * 151),
        ("name", XSS),
        ("email", "a@union.example\nBcc: all@union.example"),
        ("email", "nobody"),
        ("phone", "1" * 41),
        ("phone", "1\r\n2"),
        ("region", "nowhere"),
        ("message", ""),
        ("message", "x" * 2_001),
        ("message", "a\x00b"),
    ],
)
def test_invalid_values_show_the_form_again(users: SignedInUsers, field: str, value: str) -> None:
    page = users.client("nobody").post(ADDRESS, data=FORM | {field: value})
    assert page.status_code == 200
    assert f'id="{field}-error"' in page.text
    assert "<script>" not in page.text
    assert kept(users.database) == []
    assert told(users.database) == []


def test_the_message_is_plain_text_in_the_email(users: SignedInUsers) -> None:
    users.client("nobody").post(ADDRESS, data=FORM | {"message": XSS})
    (letter,) = told(users.database)
    written = render(
        "contact", {**letter.payload, "union": users.config.union}, language="en", folder=None
    )
    assert "<script" not in written.html


@pytest.mark.usefixtures("stopped_time")
def test_requests_are_rate_limited(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    statuses = [browser.post(ADDRESS, data=FORM).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


def test_a_region_is_chosen_and_remembered(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    assert "director@union.example" not in browser.get(LANDING).text
    back = browser.post("/region", data={"region": "north", "next": LANDING})
    assert back.location == LANDING
    page = browser.get(LANDING).text
    assert "director@union.example" in page
    assert "chair@union.example" in page
    assert "chair.south@union.example" not in page
    assert '<option selected value="north">' in browser.get(ADDRESS).text
    browser.post("/region", data={"region": ""})
    assert browser.get_cookie(COOKIE) is None


def test_an_unknown_region_is_not_remembered(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    browser.post("/region", data={"region": XSS})
    assert browser.get_cookie(COOKIE) is None
    browser.set_cookie(COOKIE, "nowhere")
    assert browser.get(LANDING).status_code == 200


def test_members_see_their_own_region_first(users: SignedInUsers) -> None:
    assert "director@union.example" in users.client("member").get(LANDING).text


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_choosing_a_region_never_redirects_to_another_site(users: SignedInUsers, page: str) -> None:
    assert users.client("nobody").post("/region", data={"next": page}).location == "/"


def test_over_https_the_cookie_is_secure(users: SignedInUsers) -> None:
    config = users.config.model_copy(
        update={"service": ServiceSettings(url="https://path.example")}
    )
    browser = SignedInUsers(config, users.database, users.clock).client("nobody")
    answer = browser.post("/region", data={"region": "north"}, headers={"Host": "path.example"})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
