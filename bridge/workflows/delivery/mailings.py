"""Types of emails that people can unsubscribe from: who still gets them, and the link in each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Config, Contact
from bridge.errors import PersonError
from bridge.mail.kinds import CORE_EMAILS, EmailKind, Emails, FeatureEmail
from bridge.mail.mailings import Mailing
from bridge.mail.mime import Unsubscribe
from bridge.store.members import queries as members
from bridge.store.persons import mailings, records
from bridge.store.persons.mailings import Subscription
from bridge.store.persons.records import PersonRecord, PersonSource


def mailing_by_kind(emails: Emails) -> Mapping[str, str]:
    """The key of the mailing of each kind of email that one can unsubscribe from."""
    return {kind: each.mailing.key for kind, each in emails.items() if each.mailing is not None}


def find_recipient(
    session: Session, record: PersonRecord, source: PersonSource, now: datetime
) -> int:
    """The person with an address; adds one if there is none.

    If exactly one member has the address, it belongs to that member. `source`: who says so, see
    `Person.source`.
    """
    holders = members.members_with_email(session, record.email)
    if len(holders) == 1:
        return records.person_of_member(session, holders[0].id, now)
    return records.find_or_add(session, record, now, source).id


def subscribe_contact(
    session: Session, contact: Contact, mailing: Mailing, now: datetime
) -> Subscription | None:
    """The subscription of a person who is named in the configuration.

    None if the configuration has an address that no person can have.
    """
    try:
        record = PersonRecord(contact.name, contact.email)
    except PersonError:
        return None
    person = find_recipient(session, record, "settings", now)
    return mailings.subscribe(session, person, mailing.key, now)


def unsubscribe_link(config: Config, subscription: Subscription) -> str:
    """The link in an email with which its recipient unsubscribes."""
    return f"{config.service.url}/unsubscribe/{subscription.token}"


def unsubscribe_header(
    config: Config, kind: EmailKind | FeatureEmail, link: str, emails: Emails = CORE_EMAILS
) -> Unsubscribe | None:
    """What the header of an email of this kind says about unsubscribing; None if one can't."""
    if emails[kind].mailing is None:
        return None
    return Unsubscribe(config.mail.reply_to or config.mail.sender, link)
