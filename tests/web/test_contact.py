"""Asking for a steward, and choosing one's region."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.config import Contact, Region, ServiceSettings
from bridge.mail.letters import render
from bridge.store.database import Database
from bridge.store.web_tables import ContactRequest, OutgoingLetter
from bridge.web.region import COOKIE

from .cast import Cast

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


def told(database: Database) -> list[OutgoingLetter]:
    with database.reading() as session:
        return list(session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id)))


def kept(database: Database) -> list[ContactRequest]:
    with database.reading() as session:
        return list(session.scalars(select(ContactRequest)))


def reason(cast: Cast, letter: OutgoingLetter) -> str:
    """The sentence at the foot of the mail that says why it came."""
    about = {**letter.payload, "union": cast.config.union}
    text = render("contact", about, language="en", folder=None).text
    return text[text.index("You receive this mail") :]


def test_it_is_kept_and_told_to_the_regions_chair(cast: Cast) -> None:
    answer = cast.client("nobody").post(ADDRESS, data=FORM, follow_redirects=True)
    assert answer.request.path == "/contact/thanks"
    (request,) = kept(cast.database)
    assert (request.name, request.region, request.about) == ("New Hire", "north", "a-path:first")
    assert request.message == FORM["message"]
    (letter,) = told(cast.database)
    assert (letter.kind, letter.email) == ("contact", "chair@union.example")
    assert letter.payload["reply_to"] == FORM["email"]
    assert letter.payload["about"] == "First"
    assert "you chair the training committee of North" in reason(cast, letter)
    assert cast.rung == [None]


def test_without_a_region_the_committee_is_told(cast: Cast) -> None:
    cast.client("nobody").post(ADDRESS, data=FORM | {"region": ""})
    (letter,) = told(cast.database)
    assert letter.email == "committee@union.example"
    assert "you are on the education committee" in reason(cast, letter)


def test_without_a_chair_the_director_is_told(cast: Cast) -> None:
    director = Contact(name="D", email="d@union.example")
    config = cast.config.model_copy(
        update={"regions": {"north": Region(name="North", director=director)}}
    )
    other = Cast(config, cast.database, cast.clock)
    other.client("nobody").post(ADDRESS, data=FORM)
    (letter,) = told(cast.database)
    assert letter.email == "d@union.example"
    assert "you direct training in North" in reason(other, letter)


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
def test_what_cannot_be_taken_is_asked_again(cast: Cast, field: str, value: str) -> None:
    page = cast.client("nobody").post(ADDRESS, data=FORM | {field: value})
    assert page.status_code == 200
    assert f'id="{field}-error"' in page.text
    assert "<script" not in page.text
    assert kept(cast.database) == []
    assert told(cast.database) == []


def test_what_is_written_is_text_in_the_mail(cast: Cast) -> None:
    cast.client("nobody").post(ADDRESS, data=FORM | {"message": XSS})
    (letter,) = told(cast.database)
    written = render(
        "contact", {**letter.payload, "union": cast.config.union}, language="en", folder=None
    )
    assert "<script" not in written.html


def test_who_asks_too_often_has_to_wait(cast: Cast) -> None:
    browser = cast.client("nobody")
    statuses = [browser.post(ADDRESS, data=FORM).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


def test_a_region_is_chosen_and_remembered(cast: Cast) -> None:
    browser = cast.client("nobody")
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


def test_a_region_that_is_none_is_not_kept(cast: Cast) -> None:
    browser = cast.client("nobody")
    browser.post("/region", data={"region": XSS})
    assert browser.get_cookie(COOKIE) is None
    browser.set_cookie(COOKIE, "nowhere")
    assert browser.get(LANDING).status_code == 200


def test_members_see_their_own_region_first(cast: Cast) -> None:
    assert "director@union.example" in cast.client("member").get(LANDING).text


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_away(cast: Cast, page: str) -> None:
    assert cast.client("nobody").post("/region", data={"next": page}).location == "/"


def test_over_https_the_cookie_is_for_https_alone(cast: Cast) -> None:
    config = cast.config.model_copy(update={"service": ServiceSettings(url="https://path.example")})
    browser = Cast(config, cast.database, cast.clock).client("nobody")
    answer = browser.post("/region", data={"region": "north"}, headers={"Host": "path.example"})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
