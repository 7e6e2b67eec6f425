"""What a member does with a guest's forms takes nothing from the guest if the link was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.foundations.files.tables import STORED, StoredFile
from bridge.foundations.forms.tables import FormDraft
from tests.foundations.files.sample_files import pdf
from tests.support.databases import with_tables
from tests.web.forms.test_confidential_persons import (
    OPEN,
    SECRET,
    SENT,
    ask,
    change,
    download,
    person_of,
    send,
    signed_in,
)
from tests.web.forms.test_confidential_persons import guest as guest
from tests.web.forms.test_form_pages import TYPED, page
from tests.web.forms.test_forms_by_link import become_a_member
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

ADDRESS = "/forms/a-path/open"
ANSWER = "What the foreman did"
OWN = {**TYPED, "field-why": "What the member wrote"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with with_tables(request.param, request, tmp_path) as address:
        yield address


def link_wrongly(users: SignedInUsers) -> tuple[int, FlaskClient]:
    kim = person_of(users)
    assert "was linked" in change(users, kim, "member", member=ADDRESSES["other_member"])
    return kim, users.client("other_member")


def save_draft(browser: FlaskClient, link: str) -> None:
    file = (BytesIO(pdf()), "guests.pdf")
    data = {**TYPED, "field-why": ANSWER, "draft": "1", "field-letter": file}
    assert browser.post(link, data=data).status_code == 303


def owners_of_files(users: SignedInUsers) -> list[tuple[int | None, int | None]]:
    stored = select(StoredFile).where(StoredFile.state == STORED)
    with users.database.reading() as session:
        return [(each.member_id, each.person_id) for each in session.scalars(stored)]


def test_a_form_that_the_member_withdraws_is_the_guests_draft(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    send(users, guest, OPEN)
    kim, member = link_wrongly(users)
    member.post(ADDRESS, data={**OWN, "draft": "1"})
    users.clock.forward(minutes=1)
    assert member.post("/forms/sent/1/withdraw").status_code == 303
    assert ANSWER in page(member, ADDRESS)
    change(users, kim, "member/remove")
    html = page(guest, ask(users, guest, OPEN))
    assert ANSWER in html
    assert "open.pdf" in html
    assert ANSWER not in page(member, ADDRESS)
    assert ANSWER not in download(member)
    assert owners_of_files(users) == [(None, kim)]


def test_also_if_the_address_is_the_same(users: SignedInUsers, guest: FlaskClient) -> None:
    send(users, guest, SECRET)
    kim, member = person_of(users), become_a_member(users)
    browser = signed_in(users, member)
    browser.post("/forms/sent/1/withdraw")
    change(users, kim, "member/remove")
    assert ANSWER in page(guest, ask(users, guest, SECRET))
    assert ANSWER not in download(browser)


def test_a_draft_of_the_guest_that_the_member_sends_is_the_guests_form(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    """With its files, also those that the member chose."""
    save_draft(guest, ask(users, guest, OPEN))
    kim, member = link_wrongly(users)
    more = {"version": "1", "field-letter": (BytesIO(pdf()), "members.pdf")}
    assert member.post(ADDRESS, data={**SENT, **more}).location.endswith("/forms/sent/1")
    assert ANSWER in page(member, "/forms/sent/1")
    change(users, kim, "member/remove")
    link = ask(users, guest, OPEN)
    assert ANSWER in page(guest, link)
    assert guest.get(f"{link}/files/2").status_code == 200
    assert owners_of_files(users) == [(None, kim)]
    assert ANSWER not in download(member)


def test_a_form_that_the_member_sends_deletes_no_draft_of_the_guest(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    save_draft(guest, ask(users, guest, OPEN))
    member = users.client("other_member")
    users.clock.forward(minutes=1)
    member.post(ADDRESS, data={**OWN, "draft": "1"})
    kim, member = link_wrongly(users)
    assert member.post(ADDRESS, data={**OWN, "version": "1", "send": "1"}).status_code == 303
    with users.database.reading() as session:
        assert session.scalars(select(FormDraft.person_id)).all() == [kim]
    change(users, kim, "member/remove")
    html = page(guest, ask(users, guest, OPEN))
    assert ANSWER in html
    assert "guests.pdf" in html
