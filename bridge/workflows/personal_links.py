"""Sends a person an email with a personal link."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.config import Config
from bridge.mail.kinds import CORE_EMAILS, EmailKind, Emails, FeatureEmail
from bridge.store.delivery.email_keys import EmailKey, next_revision
from bridge.store.persons import personal_links, records
from bridge.store.persons.personal_links import LINK_SUBJECT
from bridge.workflows.delivery.email_queue import queue_email_to_person

CONFIRM_EMAIL = "confirm-email"
"""The purpose of a link that proves a person's email address."""
CONFIRM_EMAIL_LIFETIME = timedelta(days=7)

CALENDAR = "calendar"
"""The purpose of the private address of someone's dates."""
CALENDAR_LIFETIME = timedelta(days=3_650)
"""It ends earlier when they end it. A calendar program can't tell them that it has ended."""


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A link to send. `subject`: what it is about, in the terms of its purpose.

    `page`: the page below the link, '' for the one with a button. `replaces`: whether earlier
    links for the same purpose and subject stop working. Anyone can ask for a link to a page that
    someone is filling in, so that one must not end theirs. `needs`: the confidential right that
    seeing who got the email takes.
    """

    person_id: int
    purpose: str
    subject: str
    lifetime: timedelta
    page: str = ""
    replaces: bool = True
    adds: bool = False
    needs: Right | None = None


def send_link(
    session: Session,
    config: Config,
    wanted: LinkRequest,
    kind: EmailKind | FeatureEmail,
    variables: Mapping[str, object],
    now: datetime,
    *,
    emails: Emails = CORE_EMAILS,
) -> None:
    """Queue an email of `kind` with a new link.

    `variables`: those of the email, besides `link`. `emails`: where the kind is declared: a feature
    gives its own. Raises PersonError if there is no such person.
    """
    token = secrets.token_urlsafe(32)
    subject = f"{LINK_SUBJECT}{wanted.purpose}:{wanted.subject}"
    revision = next_revision(session, wanted.person_id, subject)
    queued = queue_email_to_person(
        session, kind, EmailKey(wanted.person_id, subject, revision), config.language,
        {**variables, "link": f"{config.service.url}/link/{token}{wanted.page}"}, now,
        expires_at=now + wanted.lifetime, supersedes=() if wanted.adds else [kind], emails=emails,
        needs=wanted.needs,
    )  # fmt: skip
    if queued:  # not if they have unsubscribed: then the link they have goes on working
        personal_links.issue(
            session, token, wanted.purpose, wanted.person_id, wanted.subject, now,
            wanted.lifetime, replaces=wanted.replaces,
        )  # fmt: skip


def request_confirmation(session: Session, config: Config, person_id: int, now: datetime) -> None:
    """Queue an email that asks a person to confirm their address.

    Raises PersonError if there is no such person.
    """
    wanted = LinkRequest(person_id, CONFIRM_EMAIL, "", CONFIRM_EMAIL_LIFETIME)
    name = records.greeting(records.lock(session, person_id))
    variables = {"name": name, "days": CONFIRM_EMAIL_LIFETIME.days}
    send_link(session, config, wanted, "confirm-person", variables, now)


def new_calendar_address(session: Session, config: Config, person_id: int, now: datetime) -> str:
    """The private address of a person's dates, for a calendar program. It ends the former one."""
    token = secrets.token_urlsafe(32)
    personal_links.issue(session, token, CALENDAR, person_id, "", now, CALENDAR_LIFETIME)
    return f"{config.service.url}/calendar/{token}.ics"
