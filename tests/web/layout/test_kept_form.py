"""What was typed comes back if it can't be saved: signed out, page too old, limits, errors."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.errors import StoreError
from tests.web.access_rows import CONTACT
from tests.web.signed_in_users import SignedInUsers

SHEET = "/committee/curricula/member-steward-path/new-member.yaml"
TYPED = {"text": "key: <new-member>\n# an hour's work", "base": "0" * 64, "note": "An hour."}
FORM = "/contact/a-path/first"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def committee(users: SignedInUsers) -> FlaskClient:
    users.app.config["WTF_CSRF_ENABLED"] = True
    return users.client("committee")


def kept(answer: TestResponse) -> dict[str, str]:
    """The fields that the page sends again, with its token."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', answer.text, re.S)
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    return {name: unescape(text) for name, text in found} | {
        "csrf_token": token[1] if token else ""
    }


def send(browser: FlaskClient, data: dict[str, Any], address: str = SHEET) -> TestResponse:
    return browser.post(address, data=data, headers=OURS)


def test_a_page_that_was_open_for_too_long(committee: FlaskClient) -> None:
    answer = send(committee, TYPED)
    assert answer.status_code == 400
    assert "The page was open for too long" in answer.text
    assert TYPED.items() <= kept(answer).items()
    assert send(committee, kept(answer)).status_code != 400


def test_signed_out_meanwhile(users: SignedInUsers, committee: FlaskClient) -> None:
    first = kept(send(committee, TYPED))
    users.clock.forward(hours=13)
    answer = send(committee, first)
    assert answer.status_code == 401
    assert 'href="/signin"' in answer.text
    assert kept(answer)["text"] == TYPED["text"]
    again = users.client("committee")
    last = kept(send(again, kept(answer)))
    assert last["text"] == TYPED["text"]
    assert send(again, last).status_code not in (400, 401)


def test_signed_out_and_open_for_too_long(users: SignedInUsers, committee: FlaskClient) -> None:
    answer = send(users.client("nobody"), TYPED)
    assert answer.status_code == 400
    assert "You were signed out meanwhile" in answer.text
    assert 'href="/signin"' in answer.text
    last = kept(answer)
    assert TYPED.items() <= last.items()
    on_a_public_form = send(users.client("nobody"), CONTACT, FORM)
    assert "The page was open for too long" in on_a_public_form.text


@pytest.mark.parametrize("address", [SHEET, FORM])
def test_a_text_that_is_too_long_is_shown(committee: FlaskClient, address: str) -> None:
    text = "key: a word\n" * 110_000
    answer = send(committee, {**CONTACT, "text": text, "message": text}, address)
    assert answer.status_code == 413
    assert "That is too long to be saved" in answer.text
    assert text.strip() in unescape(answer.text)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    other = committee.post(address, data={"message": text}, headers=elsewhere)
    assert other.status_code == 413
    assert "a word" not in other.text
    huge = send(committee, {"message": "x" * 9_000_000}, address)
    assert huge.status_code == 413
    assert "most browsers still have what you typed" in huge.text


def test_while_typing_the_editor_hears_that_it_is_signed_out(
    users: SignedInUsers, committee: FlaskClient
) -> None:
    headers = {**OURS, "Accept": "application/json"}
    token = kept(send(committee, TYPED))["csrf_token"]
    users.clock.forward(hours=13)
    data = {"text": "key: a", "csrf_token": token}
    assert committee.post(f"{SHEET}/problems", data=data, headers=headers).status_code == 401


def test_without_any_cookies_it_hears_the_same(
    users: SignedInUsers, committee: FlaskClient
) -> None:
    headers, data = {**OURS, "Accept": "application/json"}, {"text": "key: a"}
    nobody = users.client("nobody")
    assert nobody.post(f"{SHEET}/problems", data=data, headers=headers).status_code == 401
    assert committee.post(f"{SHEET}/problems", data=data, headers=headers).status_code == 400
    assert nobody.post(FORM, data=CONTACT, headers=headers).status_code == 400


@pytest.fixture
def writer(users: SignedInUsers) -> FlaskClient:
    """Someone who writes to the committee. Tokens aren't looked at."""
    return users.client("nobody")


def test_a_limit_keeps_it(writer: FlaskClient) -> None:
    for _ in range(6):
        answer = send(writer, CONTACT, FORM)
    assert answer.status_code == 429
    assert "wait 1 minute, then press “Send again”" in answer.text
    assert CONTACT.items() <= kept(answer).items()


def test_a_limit_of_emails_keeps_it(users: SignedInUsers, writer: FlaskClient) -> None:
    typed = {
        "first_name": "Kim", "last_name": "D'Or", "email": "kim@union.example", "number": "AB-1042",
        "region": "", "language": "en", "consent": "y",
    }  # fmt: skip
    for _ in range(4):
        answer = send(writer, typed, "/signup")
    assert answer.status_code == 429
    assert typed.items() <= kept(answer).items()
    assert '<li class="mail">AB-1042</li>' in answer.text
    users.clock.forward(hours=1)
    assert send(writer, kept(answer), "/signup").status_code == 303


def test_a_failure_keeps_it(
    users: SignedInUsers, writer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise StoreError("gone")

    monkeypatch.setattr(users.database, "transaction", fails)
    answer = send(writer, CONTACT, FORM)
    assert answer.status_code == 503
    assert "in a few minutes" in answer.text
    assert kept(answer)["message"] == CONTACT["message"]


def test_another_site_cannot_have_its_words_repeated(committee: FlaskClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        answer = committee.post(SHEET, data=TYPED, headers=headers)
        assert answer.status_code == 400
        assert "hour" not in answer.text


def test_a_browser_without_that_header_is_known_by_its_origin(committee: FlaskClient) -> None:
    answer = committee.post(SHEET, data=TYPED, headers={"Origin": "http://localhost"})
    assert kept(answer)["note"] == TYPED["note"]


def test_a_button_alone_is_not_kept(users: SignedInUsers) -> None:
    answer = send(users.client("nobody"), {}, "/committee/failed-deliveries/retry")
    assert (answer.status_code, answer.location) == (303, "/signin")
