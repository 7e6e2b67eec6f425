"""Types of emails that people can unsubscribe from: who still gets them, and the link in each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Config, Contact
from bridge.errors import PersonError
from bridge.mail.kinds import CORE_EMAILS, EmailKind, Emails, FeatureEmail, Mailing
from bridge.mail.mime import Unsubscribe
from bridge.store.members import queries as members
from bridge.store.persons import mailings, records
from bridge.store.persons.mailings import Subscription
from bridge.store.persons.records import PersonRecord


def mailing_by_kind(emails: Emails) -> Mapping[str, Mailing]:
    """The type of email that each kind is, for those that one can unsubscribe from."""
    return {kind: each.mailing for kind, each in emails.items() if each.mailing is not None}


def subscribe_contact(
    session: Session, contact: Contact, mailing: Mailing, now: datetime
) -> Subscription | None:
    """The subscription of a person who is named in the configuration.

    If exactly one member has the address, it belongs to that member. None if the
    configuration has an address that no person can have, such as one of this machine.
    """
    holders = members.members_with_email(session, contact.email)
    if len(holders) == 1:
        person = records.person_of_member(session, holders[0].id, now)
        return mailings.subscribe(session, person, mailing, now)
    try:
        record = PersonRecord(contact.name, contact.email)
    except PersonError:
        return None
    person = records.find_or_add(session, record, now, "settings").id
    return mailings.subscribe(session, person, mailing, now)


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
