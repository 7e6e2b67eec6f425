"""Two people with one mailbox: the committee has removed the link between a guest and a member."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.store.persons import proof, records
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.persons import Person
from tests.web.forms.test_confidential_persons import (
    KIM,
    OPEN,
    SECRET,
    ask,
    change,
    download,
    person_of,
    send,
    signed_in,
)
from tests.web.forms.test_confidential_persons import guest as guest
from tests.web.forms.test_form_pages import page
from tests.web.forms.test_forms_by_link import become_a_member
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

ANSWER = "What the foreman did"


@pytest.fixture
def member(users: SignedInUsers, guest: FlaskClient) -> int:
    """A member with Kim's address, who isn't the Kim who sent a confidential form."""
    send(users, guest, SECRET)
    kim, member = person_of(users), become_a_member(users)
    assert "The link was removed." in change(users, kim, "member/remove")
    return member


def confirm(users: SignedInUsers, person: int) -> None:
    with users.database.transaction() as session:
        proof.confirm_email(session, person, users.clock())
        proof.link_by_email(session, [KIM["email"]], users.clock())


def is_apart(users: SignedInUsers, member: int, person: int) -> bool:
    """Whether a confirmed address still doesn't link the entry to the member."""
    confirm(users, person)
    with users.database.transaction() as session:
        own = records.person_of_member(session, member, users.clock())
        return own != person and session.get_one(Person, person).member_id is None


def add_entry(users: SignedInUsers, email: str) -> int:
    with users.database.transaction() as session:
        new = records.PersonRecord("Kim again", email)
        return records.find_or_add(session, new, users.clock(), "committee").id


def test_the_guest_still_gets_to_their_form(
    users: SignedInUsers, guest: FlaskClient, member: int
) -> None:
    """The mailbox gets a link for the guest, and the member's email, whoever asked."""
    link = ask(users, guest, SECRET)
    assert ANSWER in page(guest, link)
    assert ANSWER not in page(guest, ask(users, guest, OPEN))
    with users.database.reading() as session:
        kinds = session.scalars(select(OutboxEmail.kind).order_by(OutboxEmail.id)).all()
    assert kinds[-4:] == ["form-member", "form-link", "form-member", "form-link"]
    assert ANSWER not in download(signed_in(users, member))


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("kept", ["theirs", "other"])
def test_merging_does_not_forget_it(
    users: SignedInUsers, member: int, confirmed: bool, kept: str
) -> None:
    kim, other = person_of(users), add_entry(users, "kim.other@x.example")
    if confirmed or kept == "other":
        confirm(users, kim)
    first, second = (kim, other) if kept == "theirs" else (other, kim)
    assert "are one now" in change(users, first, "merge", other=second)
    assert is_apart(users, member, first)
    assert ANSWER not in download(signed_in(users, member))


@pytest.mark.parametrize("came_back", [True, False])
def test_a_wrong_link_to_another_member_does_not_forget_it(
    users: SignedInUsers, guest: FlaskClient, came_back: bool
) -> None:
    send(users, guest, OPEN)
    kim, member = person_of(users), become_a_member(users)
    change(users, kim, "member/remove")
    assert "was linked" in change(users, kim, "member", member=ADDRESSES["other_member"])
    left = add_entry(users, KIM["email"]) if came_back else kim
    assert "The link was removed." in change(users, kim, "member/remove")
    assert is_apart(users, member, left)
    assert ANSWER not in download(signed_in(users, member))
