"""What an attacker tries with forms."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.audience import EVERYONE
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms import submissions
from bridge.foundations.forms.tables import FormDraft
from bridge.store.persons import queries
from tests.foundations.files.sample_files import pdf
from tests.web.forms.test_form_pages import ADDRESS, FORM, TYPED, page, path_with
from tests.web.signed_in_users import SignedInUsers

OVERRIDE = "\u202e"


@pytest.fixture(autouse=True)
def offered(users: SignedInUsers) -> None:
    users.shelf[:] = [path_with(replace(FORM, audience=EVERYONE))]


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    return users.client("member")


def test_nul_and_direction_marks(users: SignedInUsers, member: FlaskClient) -> None:
    letter = {"field-letter": (BytesIO(pdf()), f"cv{OVERRIDE}fdp.exe")}
    for version, topic in enumerate((f"a{OVERRIDE}b", "\u2066x\u2069")):
        typed = {**TYPED, "field-topic": topic, "version": str(version), "send": "1"}
        refused = member.post(ADDRESS, data=typed)
        assert "be seen or printed" in refused.get_data(as_text=True), topic
    with users.database.reading() as session:
        assert submissions.of_member(session, users.member) == []
    sent_now = member.post(ADDRESS, data={**TYPED, **letter, "version": "2", "send": "1"})
    assert sent_now.status_code == 303, sent_now.get_data(as_text=True)
    with users.database.reading() as session:
        [sent] = submissions.of_member(session, users.member)
        [file] = session.scalars(select(StoredFile))
    assert sent.answers["letter"] == [str(file.id), "cvfdp.exe"]
    assert file.name == "cvfdp.exe.pdf"
    html = page(users.client("committee"), "/committee/forms/1")
    assert OVERRIDE not in html


def test_a_name_that_reverses_an_email(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    for name in (f"Kim{OVERRIDE}", "Kim\0", "Kim https://evil.example", "x" * 151):
        wrong = browser.post(f"{ADDRESS}/link", data={"name": name, "email": "k@a.example"})
        assert wrong.status_code == 200, name
    with users.database.reading() as session:
        assert not [each for each in queries.list_persons(session, 99) if each.name == name]


def test_ten_thousand_answers(users: SignedInUsers, member: FlaskClient) -> None:
    many = {"field-days": ["mon"] * 10_000, **{f"field-x{n}": "x" * 30 for n in range(900)}}
    answer = member.post(ADDRESS, data={**TYPED, **many, "revision": "0" * 64})
    assert answer.status_code in (303, 409, 413)
    with users.database.reading() as session:
        for draft in session.scalars(select(FormDraft)):
            assert len(str(draft.answers)) < 500_000


@pytest.mark.parametrize("version", ["-1", "1e9", "9" * 400, "١", "", "0x1"])
def test_strange_versions_and_tokens(member: FlaskClient, version: str) -> None:
    member.post(ADDRESS, data=TYPED)
    strange = {**TYPED, "version": version, "token": "'; DROP TABLE form_draft;--", "send": "1"}
    assert member.post(ADDRESS, data=strange).status_code in (303, 409)


def test_the_file_and_the_form_of_someone_else(users: SignedInUsers, member: FlaskClient) -> None:
    letter = {"field-letter": (BytesIO(pdf()), "cv.pdf")}
    member.post(ADDRESS, data={**TYPED, **letter, "send": "1"})
    other = users.client("other_member")
    assert other.get("/files/1").status_code == 404
    assert other.get("/forms/sent/1").status_code == 404
    assert other.post("/forms/sent/1/withdraw").status_code == 404
    stolen = {**TYPED, "token": "another-token-of-twenty", "field-letter": ["1", "cv.pdf"]}
    other.post(ADDRESS, data={**stolen, "send": "1"})
    with users.database.reading() as session:
        [sent] = submissions.of_member(session, users.other_member)
    assert sent.answers["letter"] is None


def test_the_token_of_someone_elses_page(users: SignedInUsers, member: FlaskClient) -> None:
    """It doesn't show or block their submission."""
    for client in (member, users.client("other_member")):
        answer = client.post(ADDRESS, data={**TYPED, "send": "1"})
        assert client.get(answer.location).status_code == 200
    with users.database.reading() as session:
        assert len(submissions.list_submissions(session, 9)) == 2
