"""What was typed survives an expired login or page, other devices, and changes of the form."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from bridge.curriculum.audience import Audience
from bridge.curriculum.forms.form import Form
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import Draft
from bridge.privacy import erase_member, erase_person
from bridge.web.forms import saving
from bridge.web.forms.filled_form import FilledForm, Place, from_page
from tests.curriculum.forms.sample_form import form
from tests.foundations.files.sample_files import pdf
from tests.web.forms.test_form_pages import ADDRESS, FORM, TYPED, page, path_with
from tests.web.signed_in_users import SignedInUsers

WORDS = "what took me an hour"
LONG = {**TYPED, "field-why": WORDS}
CV = "cv of mine.pdf"


@pytest.fixture(autouse=True)
def offered(users: SignedInUsers) -> None:
    users.shelf[:] = [path_with(FORM)]


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    return users.client("member")


def hidden_fields(html: str) -> dict[str, list[str]]:
    """The fields of the page that keeps what was typed, as a browser sends them."""
    kept: dict[str, list[str]] = {}
    for name, text in re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', html, re.S):
        kept.setdefault(name, []).append(text.replace("&lt;", "<").replace("&gt;", ">")
                                         .replace("&amp;", "&"))  # fmt: skip
    return kept


def revised(users: SignedInUsers, *changes: str) -> Form:
    """Offer the form after a change; return it."""
    changed = replace(form(*changes), audience=Audience())
    users.shelf[:] = [path_with(changed)]
    return changed


def posted(member: FlaskClient) -> dict[str, str]:
    """The hidden fields of the page as it is now."""
    html = page(member)
    found = {name: re.search(f'name="{name}" value="([^"]*)"', html)
             for name in ("version", "revision", "token")}  # fmt: skip
    return {name: match[1] for name, match in found.items() if match}


def test_a_login_that_ended_meanwhile(users: SignedInUsers, member: FlaskClient) -> None:
    users.clock.forward(hours=13)
    answer = member.post(ADDRESS, data={**LONG, "send": "1", "field-letter": (BytesIO(b"x"), CV)})
    assert answer.status_code == 401
    assert WORDS in answer.text
    assert f"/signin?next={ADDRESS}" in answer.text
    assert f"Choose these files again afterwards: {CV}" in answer.text
    users.client("member")  # signs in again, in another tab of the same browser
    kept = hidden_fields(answer.text)
    assert kept["field-days"] == ["mon", "tue"]
    assert "send" not in kept
    assert member.post(ADDRESS, data={**kept, "draft": "1"}).status_code == 303
    html = page(member)
    assert WORDS in html
    assert "Law &amp; &lt;order&gt;" in html


def test_a_page_whose_token_has_expired(users: SignedInUsers, member: FlaskClient) -> None:
    users.app.config["WTF_CSRF_ENABLED"] = True
    stale = {**LONG, "csrf_token": "from-another-day", "send": "1"}
    answer = member.post(ADDRESS, data=stale)
    assert answer.status_code == 400
    assert WORDS in answer.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    with users.database.reading() as session:
        assert drafts.list_drafts(session, users.member) == []
    again = {**hidden_fields(answer.text), "csrf_token": token[1], "draft": "1"}
    assert member.post(ADDRESS, data=again).status_code == 303
    assert WORDS in page(member)


@pytest.mark.parametrize(("site", "status"), [("same-origin", 303), ("cross-site", 400),
                                              ("same-site", 400), ("none", 400)])  # fmt: skip
def test_only_a_page_of_this_site_needs_no_token(
    users: SignedInUsers, member: FlaskClient, site: str, status: int
) -> None:
    users.app.config["WTF_CSRF_ENABLED"] = True
    answer = member.post(ADDRESS, data={**LONG, "draft": "1"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


def test_text_of_the_longest_draft_in_characters_of_several_bytes(member: FlaskClient) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="field-why"\r\n\r\n'
    body = f"{part}{'é' * 300_001}\r\n--x--\r\n".encode()
    html = member.post(ADDRESS, data=body, content_type="multipart/form-data; boundary=x")
    assert html.status_code == 409
    assert "too much text" in html.text
    assert "é" * 300_001 in html.text


def test_two_devices(member: FlaskClient) -> None:
    member.post(ADDRESS, data={**LONG, "field-topic": "On the phone"})
    files = {"field-letter": (BytesIO(pdf()), CV)}
    answer = member.post(ADDRESS, data={**LONG, **files, "field-topic": "At home", "send": "1"})
    assert answer.status_code == 409
    for words in ("On the phone", "At home", "Keep the other answers instead",
                  "Choose this file again."):  # fmt: skip
        assert words in answer.text
    assert "On the phone" in page(member)
    kept = {**LONG, "field-topic": "At home", "version": "1", "draft": "1"}
    assert member.post(ADDRESS, data=kept).status_code == 303
    assert "At home" in page(member)


def test_a_field_that_is_emptied_elsewhere_is_a_conflict(member: FlaskClient) -> None:
    member.post(ADDRESS, data=LONG)
    member.post(ADDRESS, data={**TYPED, "version": "1", "field-topic": ""})
    answer = member.post(ADDRESS, data={**LONG, "version": "1"})
    assert answer.status_code == 409
    assert "No answer" in answer.text


def test_a_field_that_is_renamed_while_the_page_is_open(
    users: SignedInUsers, member: FlaskClient
) -> None:
    before = posted(member)
    revised(users, "field: why", "field: reason\n        previously: why")
    answer = member.post(ADDRESS, data={**LONG, **before, "send": "1"})
    assert answer.status_code == 200
    assert "The form has changed since you opened it." in answer.text
    assert f"{WORDS}</textarea>" in answer.text
    with users.database.reading() as session:
        assert submissions.of_member(session, users.member) == []
    assert f"{WORDS}</textarea>" in page(member)


def test_a_field_that_is_removed_while_the_page_is_open(
    users: SignedInUsers, member: FlaskClient
) -> None:
    before = posted(member)
    kept = tuple(each for each in FORM.fields if each.key != "why")
    users.shelf[:] = [path_with(replace(FORM, fields=kept))]
    stolen = {"field-<script>": "no key", **{f"field-x{n}": "many" for n in range(100)}}
    member.post(ADDRESS, data={**LONG, **before, **stolen})
    html = page(member)
    assert "No longer asked" in html
    assert WORDS in html
    assert "no key" not in html
    assert html.count("many") <= 50


def test_a_form_that_is_closed_meanwhile(users: SignedInUsers, member: FlaskClient) -> None:
    users.shelf[:] = [path_with(replace(FORM, audience=Audience(stewards=True)))]
    answer = member.post(ADDRESS, data={**LONG, "send": "1"})
    assert answer.status_code == 403
    assert WORDS in answer.text
    users.shelf[:] = [path_with()]
    assert WORDS in member.post(ADDRESS, data={**LONG, "send": "1"}).text


def test_one_wrong_file_of_two(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data={**LONG, "field-letter": (BytesIO(pdf()), CV)})
    wrong = {"field-letter": (BytesIO(b"PK\x03\x04 a ZIP"), "certificate.pdf")}
    answer = member.post(ADDRESS, data={**LONG, **wrong, "version": "1", "send": "1"})
    assert "This is not a PDF, PNG or JPEG file." in answer.text
    assert CV in answer.text
    assert CV in page(member)


@pytest.mark.parametrize(("whole_member", "status"), [(True, 410), (False, 409)])
def test_who_is_erased_while_they_save_still_sees_what_they_typed(
    users: SignedInUsers,
    member: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    whole_member: bool,
    status: int,
) -> None:
    def erase_then_read(place: Place, draft: Draft | None) -> FilledForm:
        with users.database.transaction() as session:
            if whole_member:
                erase_member(session, users.member, "committee", users.clock())
            else:
                erase_person(session, users.person, "committee", users.clock())
        return from_page(place, draft)

    monkeypatch.setattr(saving, "from_page", erase_then_read)
    kept = member.post(ADDRESS, data={**LONG, "send": "1"})
    assert kept.status_code == status
    assert WORDS in kept.text
