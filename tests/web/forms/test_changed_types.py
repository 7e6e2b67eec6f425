"""A field gets another type while someone has a draft, or has the page open."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.forms.form import Form
from bridge.foundations.files.tables import STORED, StoredFile
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from tests.curriculum.forms.test_fitted_answers import DRAFT, FIELDS, only
from tests.foundations.files.sample_files import pdf
from tests.web.forms.test_form_pages import ADDRESS, FORM, TYPED, page, path_with
from tests.web.forms.test_nothing_is_lost import posted
from tests.web.sample_site import NOON
from tests.web.signed_in_users import SignedInUsers

CV = "cv of mine.pdf"


@pytest.fixture(autouse=True)
def offered(users: SignedInUsers) -> None:
    users.shelf[:] = [path_with(FORM)]


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    return users.client("member")


def changed(old: str, like: str) -> Form:
    """The form, with the field `old` of the type of the field `like`."""
    field = replace(FIELDS[like], key=old, label=FIELDS[old].label)
    return replace(FORM, fields=tuple(field if f.key == old else f for f in FORM.fields))


def apart(html: str) -> str:
    """The answers that aren't asked any more."""
    return html.partition("No longer asked")[2].partition("</section>")[0]


@pytest.mark.parametrize("before", DRAFT)
def test_a_draft_with_answers_to_another_type_opens(
    users: SignedInUsers, member: FlaskClient, before: str
) -> None:
    place = FormPlace(Owner(users.member), ("a-path/mentor",))
    with users.database.transaction() as session:
        drafts.save(session, place, {"x": DRAFT[before]}, 0, NOON)
    words = {"days": "mon, tue", "letter": "letter.pdf"}.get(before, DRAFT[before][0])
    for now in DRAFT:
        users.shelf[:] = [path_with(replace(only(FIELDS[now]), audience=FORM.audience))]
        html = page(member)
        assert "former:" not in html
        if before != now and now in ("place", "days", "letter", "rules", "from"):
            assert words in apart(html)


def test_a_file_that_became_a_text(users: SignedInUsers, member: FlaskClient) -> None:
    """Its name stays on the page, and the file with the draft, until the form is sent."""
    member.post(ADDRESS, data={**TYPED, "field-letter": (BytesIO(pdf()), CV)})
    users.shelf[:] = [path_with(changed("letter", "topic"))]
    html = page(member)
    assert f"A letter</span>: {CV}" in apart(html)
    assert "These answers of yours are not sent." in apart(html)
    member.post(ADDRESS, data={**TYPED, **posted(member), "field-letter": "Dear all"})
    html = page(member)
    assert 'value="Dear all"' in html
    assert CV in apart(html)
    with users.database.reading() as session:
        assert session.scalars(select(StoredFile.state)).all() == [STORED]
    users.shelf[:] = [path_with(FORM)]
    html = page(member)
    assert f'{CV} <label class="ms-2"><input type="checkbox" name="remove-letter"' in html
    assert "Dear all" in apart(html)
    assert CV not in apart(html)


def test_a_text_that_became_a_file(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data=TYPED)
    users.shelf[:] = [path_with(changed("topic", "letter"))]
    assert "Which topic?</span>: Law &amp; &lt;order&gt;" in apart(page(member))


def test_a_type_that_changes_while_the_page_is_open(
    users: SignedInUsers, member: FlaskClient
) -> None:
    before = posted(member)
    users.shelf[:] = [path_with(changed("topic", "letter"))]
    answer = member.post(ADDRESS, data={**TYPED, **before, "send": "1"})
    assert "The form has changed since you opened it." in answer.text
    assert "Law &amp; &lt;order&gt;" in apart(answer.text)
    assert "Law &amp; &lt;order&gt;" in apart(page(member))
    with users.database.reading() as session:
        assert submissions.of_member(session, users.member) == []


def test_too_much_text_after_a_type_has_changed(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data=TYPED)
    users.shelf[:] = [path_with(changed("topic", "letter"))]
    long = {**TYPED, **posted(member), "field-why": "x" * 300_001}
    answer = member.post(ADDRESS, data=long)
    assert answer.status_code == 409
    assert "Law &amp; &lt;order&gt;" in apart(answer.text)


def test_two_devices_show_files_by_name(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data={**TYPED, "field-letter": (BytesIO(pdf()), CV)})
    answer = member.post(ADDRESS, data={**TYPED, "remove-letter": "1"})
    assert answer.status_code == 409
    assert f">{CV}</dd>" in answer.text
