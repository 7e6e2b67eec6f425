"""What leaders find and do: the list of those registered, the materials, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person
from tests.web.sessions.schedule import go_to_its_end, live_session, schedule
from tests.web.sessions.test_session_pages import emails
from tests.web.signed_in_users import ADDRESSES, MEMBER, SignedInUsers

NUMBER = MEMBER.number or ""


@pytest.fixture
def speaker(users: SignedInUsers) -> int:
    """An outside speaker who has confirmed their address; signed in as `leader`."""
    with users.database.transaction() as session:
        record = PersonRecord("Ada Speaker", ADDRESSES["leader"])
        person = records.find_or_add(session, record, users.clock(), "committee").id
        session.get_one(Person, person).proof = "link"
    return person


@pytest.mark.parametrize("path", ["/sessions", "/me"])
def test_a_leader_finds_the_session_on_the_pages_of_the_menu(
    users: SignedInUsers, path: str
) -> None:
    number = schedule(users, leaders=NUMBER)
    roster = f"/committee/sessions/{number}/roster"
    assert roster in users.client("member").get(path).text
    assert roster not in users.client("other_member").get(path).text
    assert roster in users.client("member").get(f"/sessions/{number}").text
    go_to_its_end(users, number)
    assert roster in users.client("member").get(path).text


def test_an_outside_speaker_finds_it_too(users: SignedInUsers, speaker: int) -> None:
    number = schedule(users, leaders=ADDRESSES["leader"])
    page = users.client("leader").get("/sessions").text
    assert f"/committee/sessions/{number}/roster" in page
    assert users.client("leader").get(f"/committee/sessions/{number}/roster").status_code == 200


def test_who_is_named_gets_an_email_once(users: SignedInUsers) -> None:
    number = schedule(users, leaders=NUMBER)
    told = [each for each in emails(users, MEMBER.email) if each.kind == "session-leader"]
    assert [str(each.payload["link"]).endswith(f"/committee/sessions/{number}/roster")
            for each in told] == [True]  # fmt: skip


def test_a_speaker_who_has_not_confirmed_the_address_is_asked_to(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        record = PersonRecord("Ada Speaker", ADDRESSES["leader"])
        records.find_or_add(session, record, users.clock(), "committee")
    schedule(users, leaders=ADDRESSES["leader"])
    told = emails(users, ADDRESSES["leader"])
    assert sorted(each.kind for each in told) == ["confirm-person", "session-leader"]


def test_leaders_change_the_materials_and_nothing_else(users: SignedInUsers) -> None:
    number = schedule(users, leaders=NUMBER)
    address = f"/committee/sessions/{number}/materials"
    leader = users.client("member")
    assert address in leader.get(f"/committee/sessions/{number}/roster").text
    assert "Read *this*." in leader.get(address).text
    version = str(live_session(users, number).version)
    new = {"materials": "Bring *that*.", "version": version}
    assert leader.post(address, data=new).status_code == 303
    live = live_session(users, number)
    assert (live.materials, live.version, live.link) == (
        "Bring *that*.", int(version) + 1, "https://meet.example/secret"
    )  # fmt: skip
    with users.database.reading() as session:
        log = session.scalars(select(AuditEntry).where(AuditEntry.action == "session"))
        assert list(log)[-1].after == {"session": number, "materials": "Bring *that*."}
    stale = {"materials": "Other.", "version": version}
    assert "someone else has changed" in leader.post(address, data=stale).text.lower()
    for other in ("edit", "postpone"):
        assert leader.get(f"/committee/sessions/{number}/{other}").status_code in (403, 404, 405)
    assert users.client("other_member").get(address).status_code == 404
    assert users.client("chair").post(address, data=new).status_code == 404


def test_materials_that_are_too_long_change_nothing(users: SignedInUsers) -> None:
    number = schedule(users, leaders=NUMBER)
    version = str(live_session(users, number).version)
    long = {"materials": "x" * 10_001, "version": version}
    users.client("member").post(f"/committee/sessions/{number}/materials", data=long)
    assert live_session(users, number).materials == "Read *this*."
