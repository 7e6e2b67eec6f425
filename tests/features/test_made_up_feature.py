"""A feature that gives all seven things is used everywhere, without a change to the core."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from bridge.features.record import record_kinds
from bridge.features.registers import all_emails, calendar, deadline_kinds, to_dos
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.feature import (
    Context,
    Feature,
)
from bridge.foundations.owners import Owner
from bridge.jobs.deadlines import run_deadlines
from bridge.jobs.tasks import run_outbox
from bridge.mail.examples import examples
from bridge.privacy import export_member
from bridge.store.delivery.failed_emails import failed_emails
from bridge.store.tables.statistics import SavedStatistics
from bridge.workflows.delivery.email_queue import queue_email
from bridge.workflows.personal_links import new_calendar_address
from tests.features.garden import EMAILS, GARDEN, GRAFTING, THANKS, WITH_GARDEN
from tests.features.garden import config as config
from tests.features.garden import database as database
from tests.features.garden import gardeners as gardeners
from tests.features.garden import planted as planted
from tests.features.garden import url as url
from tests.features.garden import users as users
from tests.web.conftest import config_at
from tests.web.sample_site import NOON, PATH
from tests.web.signed_in_users import SignedInUsers, Who


def test_to_dos_and_dates_are_on_the_members_page(users: SignedInUsers) -> None:
    html = users.client("member").get("/me").text
    assert '<a href="/garden">Water the garden</a> · by March 9, 2026' in html
    assert "September 1, 2026</time>: Harvest" in html
    assert "Over" not in html


def test_times_are_shown_with_their_zone_and_place(users: SignedInUsers) -> None:
    html = users.client("member").get("/me").text.replace("\u202f", " ")
    lesson = html.partition('<time datetime="2026-04-18T01:00:00+00:00">')[2]
    assert lesson.startswith("April 17, 2026, 6:00 PM</time> – ")
    assert '03:00:00+00:00">8:00 PM</time> (America/Los Angeles): <a href="/garden/join">' in lesson
    assert 'href="https://meet.example/1"' in lesson
    cancelled = lesson.partition("April 30, 2026, 10:00 PM</time>")[2]
    assert '">May 1, 2026, 1:00 AM</time> (Europe/Paris): Signed off · Greenhouse' in cancelled
    assert "cancelled" in cancelled.partition("</li>")[0]
    assert html.index("Grafting") < html.index("Greenhouse") < html.index("Harvest")
    assert "cancelled" not in lesson.partition("</li>")[0]


def test_a_guest_has_to_dos_and_a_calendar_too(users: SignedInUsers) -> None:
    guest, anna = Owner(person_id=users.guest), Owner(users.member, users.person)
    with users.database.transaction() as session:
        context = Context(session, users.config, [PATH], "en", NOON)
        assert [each.title for each in to_dos(WITH_GARDEN, context, guest)] == ["Bring a spade"]
        assert "Water the garden" in [
            str(each.title) for each in to_dos(WITH_GARDEN, context, anna)
        ]
        assert calendar(WITH_GARDEN, context, guest) == [GRAFTING]
        address = new_calendar_address(session, users.config, users.guest, NOON)
    file = users.client("nobody").get(address.removeprefix(users.config.service.url)).text
    assert "UID:garden-lesson-1@" in file
    assert "DTSTART;TZID=America/Los_Angeles:20260417T180000" in file
    assert "SUMMARY:Harvest" not in file


COMMITTEES = [
    ("committee", "/committee", ["Look at the north", "Answer about the soil"]),
    ("chair", "/committee", ["Look at the north"]),
    ("other_chair", "/committee", []),
    ("auditor", "/committee", ["Look at the north"]),
    ("reviewer", "/access", ["Score the pumpkins"]),
    ("approver", "/access", []),
    ("payroll", "/access", ["Only for payroll@union.example"]),
]


@pytest.mark.parametrize(("who", "address", "shown"), COMMITTEES)
def test_to_dos_of_the_committee_are_for_those_with_the_right(
    users: SignedInUsers, who: Who, address: str, shown: list[str]
) -> None:
    html = users.client(who).get(address).text
    everything = ("Look at the north", "Answer about the soil", "Score the pumpkins", "Only for")
    found = re.findall(r'<li><a href="/[a-z]+">(.+?)</a>', html.partition('id="to-do"')[2])
    assert [each for each in found if each.startswith(everything)] == shown
    assert ('class="to-dos' in html) == bool(shown)
    if "Look at the north" in shown:
        assert "Look at the north</a> · by March 9, 2026" in html


def test_the_committee_sees_to_dos_before_there_are_statistics(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        session.execute(delete(SavedStatistics))
    assert "Answer about the soil" in users.client("committee").get("/committee").text


def test_dates_are_in_the_members_own_calendar(users: SignedInUsers) -> None:
    html = users.client("member").post("/me/calendar").text
    [path] = re.findall(r"https?://[^/ <]+(/calendar/[\w-]+\.ics)", html)
    assert "SUMMARY:Harvest" in users.client("nobody").get(path).text


def test_record_lines_and_credits_are_in_every_record(planted: SignedInUsers) -> None:
    for who, address in (
        ("member", "/me/record"),
        ("chair", f"/committee/members/{planted.member}/record"),
    ):
        browser = planted.client(who)  # type: ignore[arg-type]
        for form in ("", ".csv", ".json"):
            shown = browser.get(address + form).text
            assert "Picked the beans" in shown
            assert "Planted a bean" in shown
        found = browser.get(f"{address}.json?kind=harvest").json
        assert found is not None
        assert [each["title"] for each in found["lines"]] == ["Picked the beans"]


def test_the_committees_page_uses_the_titles_of_credits(planted: SignedInUsers) -> None:
    page = planted.client("committee").get(f"/committee/members/{planted.member}").text
    assert "Planted a bean" in page
    withdraw = f"/committee/members/{planted.member}/credits/1/withdraw"
    assert "Planted a bean" in planted.client("committee").get(withdraw).text


def test_personal_tables_are_exported(users: SignedInUsers) -> None:
    with users.database.reading() as session:
        assert export_member(session, users.member, WITH_GARDEN)["plants"] == []
        assert "plants" not in export_member(session, users.member)
    data = users.client("member").get("/me/data/download").json
    assert data is not None
    assert data["plants"] == []


def test_deadlines_run_and_emails_are_sent(gardeners: SignedInUsers) -> None:
    users, config = gardeners, gardeners.config
    past = LocalTime(datetime.fromisoformat("2026-03-01 07:00"), "America/Toronto")
    with users.database.transaction() as session:
        schedule(session, "thank", "bean", past, NOON)
    assert run_deadlines(users.database, config, [PATH], users.clock) == {}
    ran = run_deadlines(users.database, config, [PATH], users.clock, features=WITH_GARDEN)
    assert ran == {"done": 1}
    assert run_outbox(users.database, config, users.clock, features=WITH_GARDEN) == {"done": 1}
    [sent] = config.path(config.mail.folder).glob("*.eml")
    assert "Thanks for the bean!" in sent.read_text(encoding="utf-8")
    rendered = [
        each.render(config, "en").text
        for each in examples(config, [PATH], all_emails(WITH_GARDEN))
        if each.kind == THANKS
    ]
    assert "Thanks for the bean!" in rendered[0]


def test_a_failed_email_has_its_label(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        queue_email(session, THANKS, "kim@example.org", "en", {"plant": "x"}, NOON, emails=EMAILS)
    assert run_outbox(users.database, users.config, users.clock) == {"never": 1}
    with users.database.reading() as session:
        assert len(failed_emails(session, limit=2)) == 1
    page = users.client("committee").get("/committee/failed-emails").text
    assert "Thanks from the garden" in page


def test_two_features_with_the_same_names_are_refused(tmp_path: Path) -> None:
    twice = (*WITH_GARDEN, GARDEN)
    with pytest.raises(ValueError, match="emails called garden-thanks"):
        all_emails(twice)
    with pytest.raises(ValueError, match="deadlines called thank"):
        deadline_kinds(twice, config_at(tmp_path), [PATH])
    with pytest.raises(ValueError, match="record lines called harvest"):
        record_kinds((GARDEN, Feature(name="other", record=GARDEN.record)))
