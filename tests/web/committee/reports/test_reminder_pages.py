"""Reminders by hand: those ticked, the whole list, the preview, and what becomes of them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.store.learning.enrolments import request_enrolments
from bridge.store.persons import mailings, records
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.learning import Enrolment, Reminder
from tests.web.sample_site import PATH
from tests.web.signed_in_users import SignedInUsers, Who

LIST = "/committee/follow-up"
PREVIEW = "/committee/follow-up/reminders"
SEND = "/committee/follow-up/reminders/send"


@pytest.fixture
def waiting(users: SignedInUsers) -> dict[str, int]:
    """Both members have worked on the first milestone for 40 days. Returns their rows."""
    with users.database.transaction() as session:
        both = [(one, PATH.key, "first") for one in (users.member, users.other_member)]
        request_enrolments(session, both, users.clock())
    users.clock.forward(days=40)
    with users.database.reading() as session:
        rows = {each.member_id: each.id for each in session.scalars(select(Enrolment))}
    return {"north": rows[users.member], "south": rows[users.other_member]}


def post(
    users: SignedInUsers, address: str, visitor: Who = "committee", code: int = 200, **data: object
) -> str:
    answer = users.client(visitor).post(address, data=data, follow_redirects=True)
    assert answer.status_code == code
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text)))


def reminded(users: SignedInUsers) -> list[tuple[int, str]]:
    with users.database.reading() as session:
        return [(each.member_id, each.sent_by) for each in session.scalars(select(Reminder))]


def test_the_list_says_what_is_missing_and_when_they_were_reminded(
    users: SignedInUsers, waiting: dict[str, int]
) -> None:
    page = users.client("committee").get(LIST).text
    assert "steward" in page.lower()
    assert page.count('name="row"') == 2
    assert "never" in page
    post(users, SEND, row=waiting["north"])
    assert "Apr 10, 2026" in users.client("committee").get(LIST).text
    assert (
        "Apr 10, 2026"
        in users.client("committee").get(users.address("/committee/members/{member}")).text
    )


def test_those_ticked_are_previewed_and_reminded(
    users: SignedInUsers, waiting: dict[str, int]
) -> None:
    page = post(users, PREVIEW, row=waiting["north"])
    assert "1 member gets a reminder now." in page
    assert "Hello Mem" in page
    assert "Your next step: First" in page
    assert reminded(users) == []
    assert "1 reminder is being sent." in post(users, SEND, row=waiting["north"])
    assert reminded(users) == [(users.member, "committee@union.example")]
    with users.database.reading() as session:
        [email] = session.scalars(select(OutboxEmail).where(OutboxEmail.kind == "reminder"))
    assert email.email == "member@union.example"
    assert users.woken or users.rung


def test_everyone_on_a_filtered_list(users: SignedInUsers, waiting: dict[str, int]) -> None:
    page = post(users, PREVIEW, who="all", region="south")
    assert "1 member gets a reminder now." in page
    assert "Oth Er" in page
    assert "2 members get a reminder now." in post(users, PREVIEW, who="all")
    gone = post(users, PREVIEW, code=422, who="all", waiting="90")
    assert "Tick at least one member" in gone


def test_nothing_ticked(users: SignedInUsers, waiting: dict[str, int]) -> None:
    assert "Tick at least one member" in post(users, PREVIEW, code=422, who="ticked")


def test_a_second_tab_reminds_nobody_again(users: SignedInUsers, waiting: dict[str, int]) -> None:
    post(users, SEND, row=waiting["north"])
    page = post(users, SEND, row=[waiting["north"], waiting["south"]])
    assert "1 reminder is being sent." in page
    assert "1 member was reminded lately and gets none." in page
    preview = post(users, PREVIEW, row=[waiting["north"], waiting["south"]])
    assert "0 members get a reminder now." in preview
    assert "2 members were reminded lately" in preview


def test_someone_who_turned_reminders_off(users: SignedInUsers, waiting: dict[str, int]) -> None:
    with users.database.transaction() as session:
        person = records.person_of_member(session, users.member, users.clock())
        known = mailings.subscribe(session, person, "reminders", users.clock())
        mailings.set_active(session, known.token, False, users.clock())
    page = post(users, SEND, row=waiting["north"])
    assert "1 member has turned reminders off." in page
    assert reminded(users) == []


def test_a_chair_reminds_only_their_own_region(
    users: SignedInUsers, waiting: dict[str, int]
) -> None:
    both = [waiting["north"], waiting["south"]]
    page = post(users, PREVIEW, "chair", row=both)
    assert "1 member gets a reminder now." in page
    assert "Oth" not in page
    post(users, SEND, "chair", row=both)
    assert reminded(users) == [(users.member, "chair@union.example")]


def test_an_auditor_only_reads(users: SignedInUsers, waiting: dict[str, int]) -> None:
    assert 'name="row"' not in users.client("auditor").get(LIST).text
    post(users, SEND, "auditor", code=403, row=waiting["north"])
    assert reminded(users) == []


def test_the_filter_by_waiting_time(users: SignedInUsers, waiting: dict[str, int]) -> None:
    browser = users.client("committee")
    assert browser.get(f"{LIST}?waiting=30").text.count('name="row"') == 2
    assert browser.get(f"{LIST}?waiting=90").text.count('name="row"') == 0
    assert browser.get(f"{LIST}?waiting=7").status_code == 404


def test_those_who_waited_long_stay_first_when_paged(
    users: SignedInUsers, waiting: dict[str, int]
) -> None:
    with users.database.transaction() as session:
        session.get_one(Enrolment, waiting["south"]).wanted_at = users.clock() - timedelta(days=99)
    text = users.client("committee").get(LIST).text
    assert text.index("Oth Er") < text.index("Mem Ber")
