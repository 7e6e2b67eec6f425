"""A member's calendar: a private address with their dates, which they can end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.features import FEATURES
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.feature import Context, Feature
from bridge.foundations.owners import Owner
from bridge.messages import Message
from bridge.privacy import erase_member
from bridge.store.database import Database
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import personal_links
from bridge.store.persons.proof import follow_members
from bridge.store.tables.persons import PersonalLink
from tests.web.sample_site import Clock
from tests.web.signed_in_users import MEMBER, SignedInUsers


def days(context: Context, owner: Owner) -> Sequence[CalendarEntry]:
    """One for everyone, translated, and one in the past."""
    title = Message("Quizzes and other activities")
    name = f"Harvest of {owner.member_id} in {context.language}"
    harvest = CalendarEntry("harvest", name, date(2026, 9, 1), "/g")
    return [
        harvest,
        CalendarEntry("quizzes", title, date(2026, 9, 2)),
        CalendarEntry("over", "Over", date(2026, 2, 1)),
    ]


GARDEN = Feature(name="garden", calendar=days)


@pytest.fixture
def users(config: Config, database: Database) -> SignedInUsers:
    return SignedInUsers(config, database, Clock(), features=(*FEATURES, GARDEN))


def get_address(users: SignedInUsers) -> str:
    """The path of a new address of the member."""
    html = users.client("member").post("/me/calendar").text
    [path] = re.findall(r"https?://[^/ <]+(/calendar/[\w-]+\.ics)", html)
    return str(path)


def status(users: SignedInUsers, path: str) -> int:
    return users.client("nobody").get(path).status_code


def test_a_calendar_program_gets_the_dates_without_signing_in(users: SignedInUsers) -> None:
    answer = users.client("nobody").get(get_address(users))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert f"SUMMARY:Harvest of {users.member} in en" in text
    assert "DTSTART;VALUE=DATE:20260901" in text
    assert "Over" not in text
    assert MEMBER.email not in text
    assert MEMBER.last_name not in text


def test_titles_are_in_the_members_language(users: SignedInUsers) -> None:
    users.client("member").post(
        "/me/data/edit",
        data={"first_name": "Mem", "last_name": "Ber", "email": MEMBER.email, "language": "fr",
              "region": "north"},
    )  # fmt: skip
    text = users.client("nobody").get(get_address(users)).get_data(as_text=True)
    assert f"Harvest of {users.member} in fr" in text
    assert "SUMMARY:Quiz et autres" in text


def test_the_address_is_shown_once_and_stored_as_a_hash(users: SignedInUsers) -> None:
    path = get_address(users)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    page = users.client("member").get("/me/calendar").text
    assert token not in page
    assert "You have had an address since" in page
    with users.database.reading() as session:
        [link] = session.scalars(select(PersonalLink)).all()
    assert link.token != token


def test_a_new_address_ends_the_former_one(users: SignedInUsers) -> None:
    former, new = get_address(users), get_address(users)
    assert (status(users, former), status(users, new)) == (404, 200)


def test_the_member_ends_the_address(users: SignedInUsers) -> None:
    path = get_address(users)
    ended = users.client("member").post("/me/calendar/end", follow_redirects=True).text
    assert "The address has ended." in ended
    assert "Get an address" in ended
    assert status(users, path) == 404


def test_another_member_ends_only_their_own(users: SignedInUsers) -> None:
    path = get_address(users)
    users.client("other_member").post("/me/calendar/end")
    assert status(users, path) == 200


def test_it_ends_with_the_email_address(users: SignedInUsers) -> None:
    path = get_address(users)
    with users.database.transaction() as session:
        upsert_members(session, [replace(MEMBER, email="new@union.example")], users.clock())
        follow_members(session, [users.member], users.clock())
    assert status(users, path) == 404


def test_it_ends_with_the_member(users: SignedInUsers) -> None:
    path = get_address(users)
    with users.database.transaction() as session:
        erase_member(session, users.member, "me", users.clock())
    assert status(users, path) == 404


def test_other_personal_links_show_no_calendar(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        now, person = users.clock(), users.person
        personal_links.issue(session, "t", "form", person, "", now, timedelta(days=1))
    assert status(users, "/calendar/t.ics") == 404
    assert status(users, "/calendar/.ics") == 404
