"""No email brings a text that a stranger typed to an address that they typed, too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bridge.store.persons import proof, records
from bridge.store.tables.delivery import OutboxEmail
from tests.web.forms.test_confidential_persons import OPEN
from tests.web.forms.test_form_pages import path_with
from tests.web.me.test_personal_data import DETAILS
from tests.web.sample_site import PATH
from tests.web.sessions.conftest import TOPICS
from tests.web.sessions.schedule import schedule
from tests.web.signed_in_users import SignedInUsers
from tests.web.signup.test_signup import FORM as SIGN_UP

TYPED = "Winner of a prize"
VICTIM = "victim@v.example"


def emails(users: SignedInUsers) -> list[OutboxEmail]:
    with users.database.reading() as session:
        return list(session.scalars(select(OutboxEmail).where(OutboxEmail.email == VICTIM)))


def ask(users: SignedInUsers, what: str) -> None:
    guest = {"name": TYPED, "email": VICTIM, "format": "online"}
    match what:
        case "form":
            users.shelf[:] = [path_with(OPEN)]
            users.client("nobody").post("/forms/a-path/open/link", data=guest)
        case "session":
            users.shelf[:] = [replace(PATH, topics=TOPICS)]
            number = schedule(users, topic="a-path/evening/")
            users.client("nobody").post(f"/sessions/{number}/guest", data=guest)
        case "sign-up":
            names = {"first_name": TYPED, "email": VICTIM}
            users.client("nobody").post("/signup", data=SIGN_UP | names)
        case "address":
            names = {"first_name": TYPED, "email": VICTIM}
            users.client("member").post("/me/data/edit", data=DETAILS | names)
        case "confirmation":
            ask(users, "form")
            with users.database.reading() as session:
                person = records.find(session, VICTIM)
            assert person
            users.client("committee").post(f"/committee/people/{person.id}/confirm")


@pytest.mark.parametrize("what", ["form", "session", "sign-up", "address", "confirmation"])
def test_an_unconfirmed_address_gets_no_typed_name(users: SignedInUsers, what: str) -> None:
    ask(users, what)
    sent = emails(users)
    assert len(sent) == (2 if what == "confirmation" else 1)
    for each in sent:
        assert TYPED not in str(each.payload)
        assert TYPED not in str(each.attachment)


def test_a_confirmed_one_is_greeted_by_name(users: SignedInUsers) -> None:
    ask(users, "form")
    with users.database.transaction() as session:
        person = records.find(session, VICTIM)
        assert person
        proof.confirm_email(session, person.id, users.clock())
    users.client("nobody").post("/forms/a-path/open/link", data={"name": "x", "email": VICTIM})
    assert emails(users)[-1].payload["name"] == TYPED
