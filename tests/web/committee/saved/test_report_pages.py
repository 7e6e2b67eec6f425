"""Emailing a report: choosing when and to whom, stopping, and sending it now."""

from __future__ import annotations

import pytest

from bridge.store.persons import mailings, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.saved_filters import SavedFilter
from tests.web.committee.saved.saving import (
    FOLLOW_UP,
    SAVED,
    email_weekly,
    recipients,
    reports_sent,
    save,
    saved,
    settings,
    told,
)
from tests.web.signed_in_users import ADDRESSES, SignedInUsers


def page_of(users: SignedInUsers) -> str:
    return f"{SAVED}/{saved(users)[-1].id}"


def test_a_report_is_emailed_every_week_to_named_people(users: SignedInUsers) -> None:
    save(users, "All of us")
    assert email_weekly(users, "committee", "auditor", "chair").status_code == 303
    [row] = saved(users)
    assert (row.every, row.day, str(row.done_on)) == ("weekly", 1, "2026-02-23")
    assert [each.email for each in recipients(users)] == sorted(
        [ADDRESSES["committee"], ADDRESSES["auditor"], ADDRESSES["chair"]]
    )
    text = users.client("committee").get(SAVED).text
    assert "Every week: Monday" in text
    assert "Mar 2, 2026" in text  # tomorrow
    assert "none yet" in text


def test_only_people_of_the_team_who_see_the_region_are_offered(users: SignedInUsers) -> None:
    save(users, region="south")
    text = users.client("committee").get(page_of(users)).text
    for who in ("committee", "auditor", "other_chair"):
        assert f'value="{ADDRESSES[who]}"' in text
    for who in ("chair", "member", "reviewer", "payroll"):
        assert f'value="{ADDRESSES[who]}"' not in text


@pytest.mark.parametrize("address", ["free@elsewhere.example", ADDRESSES["member"]])
def test_a_free_address_is_refused(users: SignedInUsers, address: str) -> None:
    save(users)
    data = settings(users, "committee", recipients=address)
    answer = users.client("committee").post(page_of(users), data=data)
    assert answer.status_code == 200
    assert recipients(users) == []


def test_another_day_starts_no_stopped_report(users: SignedInUsers) -> None:
    save(users)
    email_weekly(users, "committee")
    client = users.client("committee")
    client.post(f"{page_of(users)}/stop")
    client.post(page_of(users), data=settings(users, "committee", weekday="4"))
    assert (saved(users)[0].day, saved(users)[0].stopped_because) == (4, "person")
    client.post(f"{page_of(users)}/resume")
    assert saved(users)[0].stopped_at is None


def test_nobody_chosen_is_said(users: SignedInUsers) -> None:
    save(users)
    answer = email_weekly(users)
    assert "Nobody was chosen." in answer.text
    assert saved(users)[0].every == ""


def test_a_list_that_is_no_report_cannot_be_emailed(users: SignedInUsers) -> None:
    save(users, page="members.index")
    assert "Email the report" not in users.client("committee").get(page_of(users)).text
    email_weekly(users, "committee")
    assert saved(users)[0].every == ""
    assert users.client("committee").get(f"{page_of(users)}/send").status_code == 404


def test_stopping_and_resuming(users: SignedInUsers) -> None:
    save(users)
    email_weekly(users, "committee")
    client = users.client("committee")
    client.post(f"{page_of(users)}/stop")
    assert saved(users)[0].stopped_because == "person"
    assert "Stopped by someone" in client.get(SAVED).text
    users.clock.forward(days=30)
    client = users.client("committee")
    client.post(f"{page_of(users)}/resume")
    [row] = saved(users)
    assert (row.stopped_at, str(row.done_on)) == (None, "2026-03-30")


def test_the_preview_says_who_gets_it_and_what_it_says(users: SignedInUsers) -> None:
    save(users, "Region report", region="north")
    email_weekly(users, "committee", "chair", "auditor")
    with users.database.transaction() as session:
        person = records.find_or_add(
            session, PersonRecord("Au", ADDRESSES["auditor"]), users.clock(), "settings"
        ).id
        off = mailings.subscribe(session, person, "saved-reports", users.clock())
        mailings.set_active(session, off.token, False, users.clock())
    text = users.client("committee").get(f"{page_of(users)}/send").text
    assert "The Chair" in text
    assert "they have unsubscribed from reports" in text
    assert "Members: 1" in text
    assert "Mem" not in text.partition("The email")[2].replace("Members", "")


def test_sending_it_now_once(users: SignedInUsers) -> None:
    save(users, "Now", page=FOLLOW_UP)
    email_weekly(users, "committee", "chair")
    client, page = users.client("committee"), f"{page_of(users)}/send"
    version = str(saved(users)[0].version)
    answer = client.post(page, data={"version": version})
    assert "2 emails are being sent." in told(client, answer)
    client.post(page, data={"version": version})  # the button was pressed twice
    assert [each.email for each in reports_sent(users)] == sorted(
        [ADDRESSES["chair"], ADDRESSES["committee"]]
    )
    assert users.woken == ["outbox"]
    [row] = saved(users)
    assert (row.sent_at, str(row.done_on)) == (users.clock(), "2026-02-23")


def test_a_chair_emails_only_their_own_numbers(users: SignedInUsers) -> None:
    save(users, "Mine", who="chair")
    email_weekly(users, "committee", "other_chair", who="chair")
    client = users.client("chair")
    client.post(f"{page_of(users)}/send", data={"version": str(saved(users)[0].version)})
    by_address = {each.email: each.payload for each in reports_sent(users)}
    assert by_address[ADDRESSES["committee"]]["total"] == 2
    assert by_address[ADDRESSES["other_chair"]]["regions"] == [["South", 1]]


def test_a_shared_report_can_be_stopped_by_the_committee(users: SignedInUsers) -> None:
    save(users, "By an auditor", who="auditor", shared=True)
    email_weekly(users, "auditor", who="auditor")
    users.client("committee").post(f"{page_of(users)}/stop")
    assert saved(users)[0].stopped_because == "person"


def test_everything_is_in_the_activity_log(users: SignedInUsers) -> None:
    save(users)
    email_weekly(users, "committee")
    client, page = users.client("committee"), page_of(users)
    client.post(f"{page}/send", data={"version": str(saved(users)[0].version)})
    client.post(f"{page}/stop")
    client.post(f"{page}/delete")
    text = client.get("/committee/audit").text
    for sentence in (
        "saved a filter of the list “Who is where”",
        "changed a saved filter of the list “Who is where”",
        "the report “Who is where”.",
        "stopped the emails with the report “Who is where”",
        "deleted a saved filter of the list “Who is where”",
    ):
        assert sentence in text
    with users.database.reading() as session:
        assert session.query(SavedFilter).count() == 0
