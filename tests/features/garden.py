"""A made-up feature that gives everything a feature can give, and the users of its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bridge.access.file_purposes import FilePurpose
from bridge.access.roles import Role
from bridge.access.visitor import Visitor
from bridge.config import Config
from bridge.curriculum.requirements.facts import FeatureCredit
from bridge.features import FEATURES
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.feature import (
    CommitteeToDo,
    Context,
    CreditSource,
    Feature,
    LinkPage,
    LinkPurpose,
    RecordLine,
    RecordRequest,
    RecordSource,
    ToDo,
)
from bridge.foundations.owners import Owner
from bridge.mail.kinds import EmailDeclaration, Emails, FeatureEmail
from bridge.mail.mailings import Mailing
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.learning.credits import CreditRecord, record
from bridge.store.personal_tables import of_member
from bridge.store.persons.personal_links import PersonalLink
from bridge.store.tables.learning import Completion, Credit
from bridge.workflows.delivery.email_queue import queue_email
from tests.foundations.test_calendar_entry import hours
from tests.web.conftest import config as config
from tests.web.conftest import database as database
from tests.web.conftest import url as url
from tests.web.sample_site import NOON, Clock
from tests.web.signed_in_users import ADDRESSES, GUEST, SignedInUsers

DIGGING = FeatureCredit("digging")
NEWS = Mailing("garden-news", Message("News of the garden"), Message("When something grows."))
THANKS = FeatureEmail("garden-thanks")
EMAILS: Emails = {
    THANKS: EmailDeclaration(
        "garden/thanks", Message("Thanks from the garden"), {"plant": "bean"}, mailing=NEWS
    )
}


def titles(_context: Context, credits: Sequence[Credit]) -> Mapping[int, str]:
    return {each.id: f"Planted a {each.key}" for each in credits}


def to_dos(_context: Context, owner: Owner) -> Sequence[ToDo]:
    if owner.member_id is None:
        return [ToDo(Message("Bring a spade"), "/garden/guests")]
    return [ToDo(Message("Water the garden"), "/garden", date(2026, 3, 9))]


def committee_to_dos(_context: Context, visitor: Visitor) -> Sequence[CommitteeToDo]:
    return [
        CommitteeToDo("Answer about the soil", "/soil", "accounts-answer"),
        CommitteeToDo("Look at the north", "/north", "members", date(2026, 3, 9), "north"),
        CommitteeToDo("Score the pumpkins", "/score", "applications-score", own=True),
        CommitteeToDo(f"Only for {visitor.email}", "/payroll", "payroll-batches"),
    ]


GRAFTING = CalendarEntry(
    "garden-lesson-1",
    "Grafting",
    hours("2026-04-17 18:00", "2026-04-17 20:00", "America/Los_Angeles"),
    path="/garden/join",
    place="https://meet.example/1",
    sequence=2,
)
PRUNING = CalendarEntry(
    "garden-lesson-2",
    Message("Signed off"),
    hours("2026-04-30 22:00", "2026-05-01 01:00", "Europe/Paris"),
    place="Greenhouse",
    sequence=1,
    status="cancelled",
)


def calendar(_context: Context, owner: Owner) -> Sequence[CalendarEntry]:
    if owner.member_id is None:
        return [GRAFTING]
    days = {"harvest": ("Harvest", date(2026, 9, 1)), "over": ("Over", date(2026, 2, 1))}
    entries = [CalendarEntry(f"garden-{key}", *each) for key, each in days.items()]
    return [*entries, PRUNING, GRAFTING]


def lines(_context: Context, request: RecordRequest) -> Sequence[RecordLine]:
    line = RecordLine("harvest", date(2025, 9, 1), "", "beans", Message("Picked the beans"))
    return [line] if line.at < request.before else []


def thank(session: Session, due: DueDeadline, _late: timedelta) -> None:
    queue_email(
        session, THANKS, "kim@example.org", "en", {"plant": due.subject}, NOON, emails=EMAILS
    )


PHOTO = FilePurpose("garden-photo", "session-roster", "bed")


def roles_for_bed(context: Context, visitor: Visitor, bed: str) -> frozenset[Role]:
    """The leader looks after bed 1 until noon of the day; the member has planted it."""
    leads = visitor.email == ADDRESSES["leader"] and context.now <= NOON
    roles: dict[Role, bool] = {"leader": leads, "member": visitor.member_id == 1}
    return frozenset(role for role, has in roles.items() if has and bed == "bed:1")


def ask(context: Context, link: PersonalLink) -> LinkPage:
    return LinkPage(f"Bed {link.subject}", f"In {context.language}", Message("Confirm"))


def dig(context: Context, link: PersonalLink) -> LinkPage:
    queue_email(
        context.session, THANKS, GUEST.email, context.language, {"plant": link.subject},
        context.now, emails=EMAILS,
    )  # fmt: skip
    return LinkPage(Message("Thank you"), "Dug.")


GARDEN = Feature(
    name="garden",
    credits=(CreditSource("garden", titles),),
    credit_kinds={DIGGING: Message("Confirm")},
    emails=EMAILS,
    mailings=(NEWS,),
    personal_tables=(of_member(Completion, exported_as="plants"),),
    to_dos=to_dos,
    committee_to_dos=committee_to_dos,
    record=(RecordSource({"harvest": Message("Harvests")}, lines),),
    calendar=calendar,
    subjects={"bed": roles_for_bed},
    file_purposes=(PHOTO,),
    link_purposes=(LinkPurpose("garden-dig", ask, dig),),
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
