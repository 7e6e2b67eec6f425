"""Erasing someone doesn't make a complaint disappear without those who handle it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.store.tables.persons import Person
from tests.foundations.files.sample_files import pdf
from tests.support.databases import with_tables
from tests.web.forms.test_confidential_persons import (
    OPEN,
    SECRET,
    SENT,
    ask,
    change,
    person_of,
    send,
    signed_in,
)
from tests.web.forms.test_confidential_persons import guest as guest
from tests.web.forms.test_form_pages import TYPED, page
from tests.web.forms.test_forms_by_link import become_a_member
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

ANSWER = "What the foreman did"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with with_tables(request.param, request, tmp_path) as address:
        yield address


def exists(users: SignedInUsers, person: int) -> bool:
    with users.database.reading() as session:
        return session.get(Person, person) is not None


def test_the_committee_can_not_erase_a_confidential_form(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    send(users, guest, SECRET)
    kim = person_of(users)
    text = change(users, kim, "erase", sure="y")
    assert "something that you may not read" in text
    assert f"stewardpath persons erase {kim} --confidential" in text
    grievance = users.client("grievance")
    assert ANSWER in page(grievance, "/committee/forms/1")
    assert grievance.get("/files/1").status_code == 200


def test_nor_a_draft(users: SignedInUsers, guest: FlaskClient) -> None:
    file = (BytesIO(pdf()), "draft.pdf")
    link = ask(users, guest, SECRET)
    guest.post(link, data={**TYPED, "field-letter": file, "draft": "1"})
    assert "you may not read" in change(users, person_of(users), "erase", sure="y")
    assert "draft.pdf" in page(guest, link)


def test_what_the_committee_may_read_is_erased(users: SignedInUsers, guest: FlaskClient) -> None:
    send(users, guest, OPEN)
    kim = person_of(users)
    assert "The person was erased." in change(users, kim, "erase", sure="y")
    assert not exists(users, kim)


def test_who_may_read_it_may_erase_it(users: SignedInUsers, guest: FlaskClient) -> None:
    send(users, guest, SECRET)
    kim = person_of(users)
    object.__setattr__(users.config, "grievance", (ADDRESSES["committee"],))
    assert "The person was erased." in change(users, kim, "erase", sure="y")
    assert not exists(users, kim)


def test_members_still_erase_what_they_sent_themselves(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    send(users, guest, SECRET)
    browser = signed_in(users, become_a_member(users))
    browser.post("/forms/sent/1/withdraw")
    browser.post("/forms/a-path/secret", data={**SENT, "version": "1"})
    assert browser.post("/me/data/erase", data={"sure": "y"}).status_code == 303
    grievance = users.client("grievance")
    assert grievance.get("/committee/forms/1").status_code == 404
    assert grievance.get("/committee/forms/2").status_code == 404
