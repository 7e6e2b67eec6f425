"""A member or person who is erased between the check of a page and its change is not found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bridge.curriculum.requirements.signoff import SignedOff
from bridge.privacy import erase_member, erase_person
from bridge.store.database import Database
from bridge.store.persons import records
from bridge.web.common.services import EXTENSION_KEY
from tests.support.databases import with_tables
from tests.web.sample_site import PATH, english
from tests.web.signed_in_users import SignedInUsers, Who

ROLE = {"role": "trustee"}
DETAILS = {"first_name": "Kim", "last_name": "M", "email": "member@union.example",
           "language": "en", "region": "north"}  # fmt: skip
PERSON = {"name": "Kim", "email": "kim@new.example", "language": "en", "sure": "y"}
MEMBERS, PEOPLE = "/committee/members/{member}", "/committee/people/{person}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with with_tables(request.param, request, tmp_path) as address:
        yield address


@pytest.fixture
def browsers(users: SignedInUsers) -> SignedInUsers:
    first = replace(PATH.milestones[0], requirements=(SignedOff("walk", english("A walk")),))
    users.shelf[:] = [replace(PATH, milestones=(first, PATH.milestones[1]))]
    users.app.testing = False  # an error is an answer, as in the service
    users.app.config["PROPAGATE_EXCEPTIONS"] = False
    users.app.extensions[EXTENSION_KEY].limiter.enabled = False
    return users


def erase_at_the_next_change(
    users: SignedInUsers, monkeypatch: pytest.MonkeyPatch, person: int
) -> None:
    """Erase the member and the person in a transaction just before the next one."""
    original = Database.transaction
    waiting = [True]

    @contextmanager
    def transaction(database: Database) -> Iterator[Session]:
        if waiting:
            waiting.clear()
            with original(database) as session:
                erase_person(session, person, "chair", users.clock())
                erase_member(session, users.member, "chair", users.clock())
        with original(database) as session:
            yield session

    monkeypatch.setattr(Database, "transaction", transaction)


@pytest.mark.parametrize(
    ("who", "address", "data", "statuses"),
    [
        ("member", "/me/refresh", {}, {404}),
        ("member", "/me/calendar", {}, {404}),
        ("member", "/me/calendar/end", {}, {404}),
        ("member", "/me/data/edit", DETAILS, {303, 404}),
        ("member", "/me/data/erase", {"sure": "y"}, {303}),
        ("committee", f"{MEMBERS}/signoff",
         {"requirement": "a-path:walk", "by_name": "Lee"}, {404}),
        ("committee", f"{MEMBERS}/role", ROLE, {200, 404}),
        ("committee", f"{PEOPLE}/edit", PERSON, {404}),
        ("committee", f"{PEOPLE}/erase", PERSON, {303, 404}),
        ("committee", f"{PEOPLE}/member", {"member": "1002"}, {303, 404}),
        ("committee", f"{PEOPLE}/member/remove", {}, {303, 404}),
    ],
)  # fmt: skip
def test_who_is_erased_meanwhile_is_not_found(
    browsers: SignedInUsers, monkeypatch: pytest.MonkeyPatch, who: Who, address: str,
    data: dict[str, str], statuses: set[int],
) -> None:  # fmt: skip
    kim = records.PersonRecord("Kim Guest", "kim@guest.example")
    with browsers.database.transaction() as session:
        person = records.find_or_add(session, kim, browsers.clock(), "committee").id
    path, browser = address.format(member=browsers.member, person=person), browsers.client(who)
    erase_at_the_next_change(browsers, monkeypatch, person)
    assert browser.post(path, data=data).status_code in statuses
