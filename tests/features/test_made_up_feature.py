"""A feature that gives all seven things is used everywhere, without a change to the core."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.features import FEATURES
from bridge.features.record import record_kinds
from bridge.features.registers import all_emails, deadline_kinds
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.deadlines.schedule import schedule
from bridge.foundations.feature import (
    CalendarEntry,
    CommitteeToDo,
    Context,
    CreditSource,
    Feature,
    Reader,
    RecordLine,
    RecordRequest,
    RecordSource,
    ToDo,
)
from bridge.jobs.deadlines import run_deadlines
from bridge.jobs.tasks import run_outbox
from bridge.mail.examples import examples
from bridge.mail.kinds import EmailDeclaration, Emails, FeatureEmail
from bridge.mail.mailings import Mailing
from bridge.messages import Message
from bridge.privacy import export_member
from bridge.store.database import Database
from bridge.store.delivery.failed_emails import failed_emails
from bridge.store.learning.credits import CreditRecord, record
from bridge.store.personal_tables import of_member
from bridge.store.tables.learning import Completion, Credit
from bridge.store.tables.statistics import SavedStatistics
from bridge.workflows.delivery.email_queue import queue_email
from tests.web.conftest import config as config
from tests.web.conftest import config_at
from tests.web.conftest import database as database
from tests.web.conftest import url as url
from tests.web.sample_site import NOON, PATH, Clock
from tests.web.signed_in_users import SignedInUsers, Who

NEWS = Mailing("garden-news", Message("News of the garden"), Message("When something grows."))
THANKS = FeatureEmail("garden-thanks")
EMAILS: Emails = {
    THANKS: EmailDeclaration(
        "garden/thanks", Message("Thanks from the garden"), {"plant": "bean"}, mailing=NEWS
    )
}


def titles(_context: Context, credits: Sequence[Credit]) -> Mapping[int, str]:
    return {each.id: f"Planted a {each.key}" for each in credits}


def to_dos(_context: Context, _member_id: int) -> Sequence[ToDo]:
    return [ToDo(Message("Water the garden"), "/garden", date(2026, 3, 9))]


def committee_to_dos(_context: Context, reader: Reader) -> Sequence[CommitteeToDo]:
    return [
        CommitteeToDo("Answer about the soil", "/soil", "accounts-answer"),
        CommitteeToDo("Look at the north", "/north", "members", date(2026, 3, 9), "north"),
        CommitteeToDo("Score the pumpkins", "/score", "applications-score", own=True),
        CommitteeToDo(f"Only for {reader.email}", "/payroll", "payroll-batches"),
    ]


def calendar(_context: Context, _member_id: int) -> Sequence[CalendarEntry]:
    return [CalendarEntry("Harvest", date(2026, 9, 1)), CalendarEntry("Over", date(2026, 2, 1))]


def lines(_context: Context, request: RecordRequest) -> Sequence[RecordLine]:
    line = RecordLine("harvest", date(2025, 9, 1), "", "beans", Message("Picked the beans"))
    return [line] if line.at < request.before else []


def thank(session: Session, due: DueDeadline, _late: timedelta) -> None:
    queue_email(
        session, THANKS, "kim@example.org", "en", {"plant": due.subject}, NOON, emails=EMAILS
    )


GARDEN = Feature(
    name="garden",
    credits=(CreditSource("garden", titles),),
    emails=EMAILS,
    mailings=(NEWS,),
    personal_tables=(of_member(Completion, exported_as="plants"),),
    to_dos=to_dos,
    committee_to_dos=committee_to_dos,
    record=(RecordSource({"harvest": Message("Harvests")}, lines),),
    calendar=calendar,
    deadlines=lambda _config, _curricula: (DeadlineKind("thank", reminder=False, run=thank),),
)
WITH_GARDEN = (*FEATURES, GARDEN)


@pytest.fixture
def users(config: Config, database: Database) -> SignedInUsers:
    return SignedInUsers(config, database, Clock(), features=WITH_GARDEN)


@pytest.fixture
def planted(users: SignedInUsers) -> SignedInUsers:
    credit = CreditRecord(
        member_id=users.member, curriculum="a-path", kind="session", key="bean",
        occurred_on=NOON.date(), source="garden", source_id="1", recorded_by="garden",
    )  # fmt: skip
    with users.database.transaction() as session:
        assert record(session, credit, NOON)
    return users


def test_to_dos_and_dates_are_on_the_members_page(users: SignedInUsers) -> None:
    html = users.client("member").get("/me").text
    assert '<a href="/garden">Water the garden</a> · by March 9, 2026' in html
    assert "September 1, 2026</time>: Harvest" in html
    assert "Over" not in html


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
    assert ('id="to-do"' in html) == bool(shown)
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


@pytest.fixture
def gardeners(users: SignedInUsers, tmp_path: Path) -> SignedInUsers:
    """With the templates of the garden's emails."""
    own = tmp_path / "own" / "mail" / "en" / "garden"
    own.mkdir(parents=True)
    for suffix in ("txt", "html"):
        frame = f'{{% extends "mail/base.{suffix}.j2" %}}'
        text = f"{frame}{{% block body %}}Thanks for the {{{{ plant }}}}!{{% endblock %}}"
        subject = "{% block subject %}Thanks{% endblock %}" if suffix == "txt" else ""
        (own / f"thanks.{suffix}.j2").write_text(text + subject, encoding="utf-8")
    service = users.config.service.model_copy(update={"url": "https://path.union.example"})
    own_config = {"templates": Path("own"), "service": service}
    users.config = users.config.model_copy(update=own_config)
    return users


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
        record_kinds(twice)
