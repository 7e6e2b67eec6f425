"""Someone changes the entry of the person while their form is being saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from bridge.privacy import unlink_person
from bridge.store.persons import proof
from bridge.store.tables.persons import Person
from bridge.web.forms import my_forms, saving
from tests.foundations.files.sample_files import pdf
from tests.support.databases import with_tables
from tests.web.forms.test_confidential_persons import (
    KIM,
    OPEN,
    SECRET,
    SENT,
    ask,
    change,
    download,
    person_of,
    send,
)
from tests.web.forms.test_confidential_persons import guest as guest
from tests.web.forms.test_form_pages import TYPED, page
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

ANSWER = "What the foreman did"
CORRECTED = {**KIM, "email": ADDRESSES["other_member"], "language": ""}
Break = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with with_tables(request.param, request, tmp_path) as address:
        yield address


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Does something before a function runs for the first time."""

    def patch(module: object, name: str, act: Callable[[], object]) -> None:
        real, to_do = getattr(module, name), [act]

        def wrapped(*values: Any, **named: Any) -> Any:
            while to_do:
                to_do.pop()()
            return real(*values, **named)

        monkeypatch.setattr(module, name, wrapped)

    return patch


def stored(users: SignedInUsers) -> list[object]:
    """Drafts, submissions and files that aren't deleted."""
    files = select(StoredFile).where(StoredFile.state != "deleted")
    with users.database.reading() as session:
        return [
            each
            for query in (select(FormDraft), select(FormSubmission), files)
            for each in session.scalars(query)
        ]


def remove_link(users: SignedInUsers, person: int) -> None:
    """As the committee does, but not within the request of someone else."""
    with users.database.transaction() as session:
        assert unlink_person(session, person, "chair", users.clock()) == person


def post(browser: FlaskClient, address: str, version: int = 0) -> TestResponse:
    data = {**SENT, "version": str(version), "field-letter": (BytesIO(pdf()), "letter.pdf")}
    return browser.post(address, data=data)


def test_an_address_that_is_corrected_gets_nothing_of_the_former_one(
    users: SignedInUsers, guest: FlaskClient, before: Break
) -> None:
    """Checking a file takes a while, and nothing confidential is stored by then."""
    link = ask(users, guest, SECRET)
    kim = person_of(users)
    before(saving, "receive_files", lambda: change(users, kim, "details", **CORRECTED))
    answer = post(guest, link)
    assert answer.status_code == 410
    assert ANSWER in answer.text
    assert stored(users) == []
    assert ANSWER not in download(users.client("other_member"))


def test_nothing_is_sent_under_another_address(
    users: SignedInUsers, guest: FlaskClient, before: Break
) -> None:
    """The draft moves with the entry, as all that the committee may read."""
    link = ask(users, guest, OPEN)
    kim = person_of(users)
    before(saving, "_send", lambda: change(users, kim, "details", **CORRECTED))
    assert post(guest, link).status_code == 410
    with users.database.reading() as session:
        assert session.scalars(select(FormSubmission)).all() == []


def test_someone_who_becomes_a_member_meanwhile_signs_in(
    users: SignedInUsers, guest: FlaskClient, before: Break
) -> None:
    link = ask(users, guest, OPEN)
    kim, other = person_of(users), ADDRESSES["other_member"]
    before(saving, "receive_files", lambda: change(users, kim, "member", member=other))
    answer = post(guest, link)
    assert answer.status_code == 410
    assert ANSWER in answer.text
    assert stored(users) == []


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_link_confirms_only_the_address_it_was_sent_to(
    users: SignedInUsers, guest: FlaskClient, before: Break
) -> None:
    link = ask(users, guest, OPEN)
    kim = person_of(users)
    before(proof, "confirm_email", lambda: change(users, kim, "details", **CORRECTED))
    assert post(guest, link).status_code == 410
    with users.database.reading() as session:
        assert session.get_one(Person, kim).proof == ""


@pytest.mark.parametrize("step", ["receive_files", "_send"])
def test_a_member_writes_nothing_for_a_guest_whose_link_is_removed(
    users: SignedInUsers, guest: FlaskClient, before: Break, step: str
) -> None:
    guest.post(ask(users, guest, OPEN), data={**TYPED, "draft": "1"})
    kim, other = person_of(users), ADDRESSES["other_member"]
    change(users, kim, "member", member=other)
    before(saving, step, lambda: remove_link(users, kim))
    answer = post(users.client("other_member"), "/forms/a-path/open", 1)
    assert answer.status_code == 409
    assert ANSWER in answer.text
    with users.database.reading() as session:
        assert session.scalars(select(FormSubmission)).all() == []


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_member_withdraws_nothing_of_a_guest_whose_link_is_removed(
    users: SignedInUsers, guest: FlaskClient, before: Break
) -> None:
    send(users, guest, OPEN)
    kim, other = person_of(users), ADDRESSES["other_member"]
    change(users, kim, "member", member=other)
    member = users.client("other_member")
    before(my_forms, "lock", lambda: remove_link(users, kim))
    member.post("/forms/sent/1/withdraw")
    with users.database.reading() as session:
        assert session.get_one(FormSubmission, 1).withdrawn_at is None
    assert ANSWER in page(guest, ask(users, guest, OPEN))
