"""Emails with a link to someone's page in a consultation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.consultations.drafts import Draft
from bridge.consultations.emails import EMAILS, INVITATION
from bridge.consultations.office import Office, draft_of_row
from bridge.consultations.tables import Consultation, StakeholderGroup
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.mail.kinds import FeatureEmail
from bridge.store.persons import records
from bridge.store.persons.personal_links import LINK_SUBJECT
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.persons import Person
from bridge.workflows.personal_links import LinkRequest, send_link

LINK_PURPOSE = "consultation"
PAGE = "/consultation"
"""The page below a personal link."""
A_DAY = 3
"""How often the same email goes to an address within a day."""
AFTER_CLOSING = timedelta(days=365)
"""How long a link goes on working, so that people find the result."""


def send_invitation(
    session: Session, office: Office, row: Consultation, group: StakeholderGroup, person_id: int
) -> None:
    """Queue the email for one person, unless the group only gets the result."""
    if group.degree == "informed":
        return
    language = records.lock(session, person_id).language or office.config.language
    draft = draft_of_row(row)
    variables = {
        "degree": group.degree, "channel": group.channel, "meeting": group.meeting,
        "introduction": row.introduction, "closes": f"{row.closes:%Y-%m-%dT%H:%M}",
        "zone": row.zone,
        "draft": expectations_of(draft, language) if group.channel == "email" else [],
    }  # fmt: skip
    send_page(session, office, row, person_id, INVITATION, variables)


def send_page(
    session: Session,
    office: Office,
    row: Consultation,
    person_id: int,
    kind: FeatureEmail,
    variables: Mapping[str, object],
    *,
    adds: bool = False,
) -> None:
    """Queue an email with a new link to the person's page; earlier links go on working.

    `adds`: it doesn't repeat what earlier ones of its kind say, so those are sent too.
    """
    lifetime = instant_of(LocalTime(row.closes, row.zone)) - office.now + AFTER_CLOSING
    wanted = LinkRequest(
        person_id, LINK_PURPOSE, str(row.id), max(lifetime, AFTER_CLOSING), PAGE, replaces=False,
        adds=adds,
    )  # fmt: skip
    name = records.greeting(records.lock(session, person_id))
    every = {"name": name, "title": row.title, **variables}
    send_link(session, office.config, wanted, kind, every, office.now, emails=EMAILS)


def is_too_often(
    session: Session, row: Consultation, person_id: int, kind: FeatureEmail, now: datetime
) -> bool:
    """Whether the person's address was sent this kind as often as it may be on one day."""
    query = (
        select(func.count())
        .select_from(OutboxEmail)
        .join(Person, Person.id == OutboxEmail.person_id)
        .where(
            OutboxEmail.person_id == person_id,
            OutboxEmail.subject == f"{LINK_SUBJECT}{LINK_PURPOSE}:{row.id}",
            OutboxEmail.kind == kind,
            OutboxEmail.email == Person.email,
            OutboxEmail.created_at > now - timedelta(days=1),
        )
    )
    return (session.scalar(query) or 0) >= A_DAY


def expectations_of(draft: Draft, language: str) -> list[dict[str, object]]:
    """The draft as an email shows it: the expectations, and how many requirements there are.

    Requirements are described by the pages, which know all languages.
    """
    return [
        {
            "title": each.named(language),
            "expectations": [
                point.text_as_typed(language)
                for point in each.points
                if point.kind == "expectation"
            ],
            "requirements": sum(point.kind == "requirement" for point in each.points),
        }
        for each in draft.milestones
    ]
