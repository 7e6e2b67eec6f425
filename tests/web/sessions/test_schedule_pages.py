"""The committee schedules; leaders see their own roster and record who came."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.sessions.tables import LiveSession
from bridge.store.learning.credits import credits_of
from bridge.store.persons import proof, records
from bridge.store.persons.records import PersonRecord
from tests.web.signed_in_users import ADDRESSES, MEMBER, SignedInUsers, Who

from .schedule import FORM, go_to_its_end, schedule


def live(users: SignedInUsers, number: int) -> LiveSession:
    with users.database.reading() as session:
        return session.scalars(select(LiveSession).where(LiveSession.id == number)).one()


def test_the_list_shows_seats_and_its_filters_and_csv_work(users: SignedInUsers) -> None:
    north, south = schedule(users, region="north"), schedule(users, region="south")
    users.client("member").post(f"/sessions/{north}/register", data={"format": "online"})
    users.client("other_member").post(f"/sessions/{north}/register", data={"format": "online"})
    committee = users.client("committee")
    shown = committee.get("/committee/sessions").text
    assert f"/committee/sessions/{north}" in shown
    assert "1 / 1" in shown
    assert (
        f"/committee/sessions/{south}" not in committee.get("/committee/sessions?region=north").text
    )
    assert "No sessions." in committee.get("/committee/sessions?past=1").text
    table = committee.get("/committee/sessions/list.csv").text
    assert "2026-04-17 18:00" in table
    assert "secret" not in table + shown
    chair = users.client("chair").get("/committee/sessions").text
    assert f"/committee/sessions/{north}" in chair
    assert f"/committee/sessions/{south}" not in chair
    assert users.client("chair").get(f"/committee/sessions/{south}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"day": "2026-02-01"}, "a session can&#39;t start in the past."),
        ({"day": "2027-03-14", "starts": "02:30"}, "doesn&#39;t exist"),
        ({"zone": "Toronto"}, "There is no time zone"),
        ({"link": "http://meet.example"}, "must begin with https://"),
        ({"online": ""}, "online, in person, or both"),
        ({"in_person": "y"}, "Say where people meet"),
        ({"seats_online": "0"}, "Number must be between"),
        ({"leaders": "nobody@union.example"}, "no member or person"),
        ({"topic": "a-path/gone/"}, "Not a valid choice"),
        ({"day": ""}, "Fill in this field."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    users: SignedInUsers, changed: dict[str, str], message: str
) -> None:
    data = FORM | changed
    if data["online"] == "":
        del data["online"]
    answer = users.client("committee").post("/committee/sessions/new", data=data)
    assert answer.status_code == 200
    assert message in answer.text
    assert "Read *this*." in answer.text
    with users.database.reading() as session:
        assert session.scalars(select(LiveSession)).all() == []


def test_nobody_names_themselves_as_a_leader(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        record = PersonRecord("Co Mittee", ADDRESSES["committee"])
        records.find_or_add(session, record, users.clock(), "committee")
    answer = users.client("committee").post(
        "/committee/sessions/new", data=FORM | {"leaders": ADDRESSES["committee"]}
    )
    assert "Someone else must name you as a leader" in answer.text
    with users.database.reading() as session:
        assert session.scalars(select(LiveSession)).all() == []


def test_a_change_tells_those_registered(users: SignedInUsers) -> None:
    number, committee = schedule(users), users.client("committee")
    users.client("member").post(f"/sessions/{number}/register", data={"format": "online"})
    version = str(live(users, number).version)
    form = FORM | {"starts": "19:00", "ends": "21:00", "version": version}
    assert committee.post(f"/committee/sessions/{number}/edit", data=form).status_code == 303
    assert f"{live(users, number).starts:%H:%M}" == "19:00"
    stale = committee.post(f"/committee/sessions/{number}/edit", data=form | {"starts": "17:00"})
    assert "Someone else has changed this session" in stale.text
    shown = committee.get(f"/committee/sessions/{number}/edit").text
    assert 'value="19:00"' in shown


def test_postpone_new_date_and_cancel(users: SignedInUsers) -> None:
    number, committee = schedule(users), users.client("committee")
    member = users.client("member")
    member.post(f"/sessions/{number}/register", data={"format": "online"})
    page = f"/committee/sessions/{number}"
    committee.post(f"{page}/postpone", data={"reason": "Snow."})
    postponed = member.get(f"/sessions/{number}").text
    assert "Postponed until further notice" in postponed
    assert "Snow." in postponed
    for shown in (committee.get(page).text, committee.get("/committee/sessions").text):
        assert "Postponed until further notice" in shown
        assert "April 17" not in shown
    date = {"day": "2026-05-20", "starts": "18:00", "ends": "20:00", "zone": "America/Toronto"}
    assert committee.post(f"{page}/date", data=date | {"day": "2025-01-01"}).status_code == 200
    assert committee.post(f"{page}/date", data=date).status_code == 303
    assert "Confirm that you come" in member.get(f"/sessions/{number}").text
    assert "by May 18, 2026" in member.get("/me").text.partition("Confirm that you come")[2]
    member.post(f"/sessions/{number}/confirm")
    assert "Registered" in member.get(f"/sessions/{number}").text
    assert "no seat free" in member.get(f"/sessions/{number}").text
    committee.post(f"{page}/cancel", data={"reason": ""})
    cancelled = member.get(f"/sessions/{number}").text
    assert "Cancelled" in cancelled
    assert "no seat free" not in cancelled


def test_a_leader_sees_only_the_roster_of_their_own_session(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        leader = records.find_or_add(
            session, PersonRecord("Lou Leader", ADDRESSES["leader"]), users.clock()
        ).id
    mine = schedule(users, leaders=ADDRESSES["leader"])
    other = schedule(users)
    browser = users.client("leader")
    assert browser.get(f"/committee/sessions/{mine}/roster").status_code == 404
    with users.database.transaction() as session:
        proof.confirm_email(session, leader, users.clock())
    opened = {n: browser.get(f"/committee/sessions/{n}/roster").status_code for n in (mine, other)}
    assert opened == {mine: 200, other: 404}
    for closed in ("/committee/sessions", f"/committee/sessions/{mine}", "/committee/members"):
        assert browser.get(closed).status_code == 403


def test_attendance_counts_and_is_corrected(users: SignedInUsers) -> None:
    number = schedule(users, leaders="1002")
    users.client("member").post(f"/sessions/{number}/register", data={"format": "online"})
    browser, page = users.client("other_member"), f"/committee/sessions/{number}"
    assert "once the session has started" in browser.get(f"{page}/roster").text
    early = browser.post(f"{page}/attendance", data={f"attended-{users.person}": "yes"},
                         follow_redirects=True)  # fmt: skip
    assert "once the session has started" in early.text
    go_to_its_end(users, number)
    browser = users.client("other_member")
    for answer, states in (("yes", [None]), ("no", ["x"])):
        browser.post(f"{page}/attendance", data={f"attended-{users.person}": answer})
        with users.database.reading() as session:
            found = credits_of(session, users.member)
        assert [each.withdrawn_at and "x" for each in found] == states
    assert "Hearings" in users.client("member").get("/me/record").text


@pytest.mark.parametrize(("who", "status"), [("auditor", 404), ("mentor", 404), ("chair", 404)])
def test_others_record_no_attendance(users: SignedInUsers, who: Who, status: int) -> None:
    number = schedule(users)
    users.client("member").post(f"/sessions/{number}/register", data={"format": "online"})
    go_to_its_end(users, number)
    data = {f"attended-{users.person}": "yes"}
    answer = users.client(who).post(f"/committee/sessions/{number}/attendance", data=data)
    assert answer.status_code == status


def test_nobody_records_their_own_attendance_or_of_strangers(users: SignedInUsers) -> None:
    number = schedule(users, leaders=MEMBER.email)
    browser = users.client("member")
    browser.post(f"/sessions/{number}/register", data={"format": "online"})
    go_to_its_end(users, number)
    browser = users.client("member")
    address = f"/committee/sessions/{number}/attendance"
    own = browser.post(address, data={f"attended-{users.person}": "yes"}, follow_redirects=True)
    assert "Someone else must record" in own.text
    assert browser.post(address, data={f"attended-{users.guest}": "yes"}).status_code == 404
    assert (
        browser.post(address, data={"attended-x": "yes", "attended-1": "maybe"}).status_code == 303
    )
