"""Queues the emails that pages and jobs ask for; `outbox` sends them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.errors import PersonError
from bridge.mail.kinds import CORE_EMAILS, EmailKind, Emails, FeatureEmail, check_variables
from bridge.store.delivery import outbox
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.delivery.outbox import Attachment
from bridge.store.persons import mailings, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.persons import Person
from bridge.workflows.delivery.mailings import find_recipient


def queue_email(
    session: Session,
    kind: EmailKind | FeatureEmail,
    email: str,
    language: str,
    variables: Mapping[str, object],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    member_id: int | None = None,
    emails: Emails = CORE_EMAILS,
    needs: Right | None = None,
) -> None:
    """Queue an email that is due from `now` on. It isn't sent after `expires_at`.

    `emails`: where the kind is declared: a feature gives its own. `variables`: all those declared
    for the kind; ValueError otherwise. `member_id`: the member it belongs to, if `email` isn't (or
    is no longer) their address. `needs`: the confidential right that seeing the recipient takes,
    if the declaration of the kind doesn't say so for all of them.

    If the kind has a mailing, it is queued to the person with that address, or of that member,
    unless they have unsubscribed. Its subject is its own: it waits for no other email, and merging
    two persons keeps those of both.
    """
    declared = emails[kind]
    person_id = _recipient(session, email, member_id, now) if declared.mailing else None
    if person_id is not None:
        key = EmailKey(person_id, f"mailing:{kind}:{secrets.token_hex(8)}", 1)
        queue_email_to_person(
            session, kind, key, language, variables, now, expires_at=expires_at, emails=emails,
            needs=needs,
        )  # fmt: skip
        return
    check_variables(kind, variables, emails)
    outbox.enqueue(
        session, kind, email, language, variables, now, expires_at=expires_at,
        member_id=member_id, needs=declared.needs or needs,
    )  # fmt: skip


def _recipient(session: Session, email: str, member_id: int | None, now: datetime) -> int | None:
    """The person who gets an email of a mailing; None if no person can have the address."""
    if member_id is not None:
        return records.person_of_member(session, member_id, now)
    try:
        record = PersonRecord(email, email)
    except PersonError:
        return None
    return find_recipient(session, record, "self", now)


def queue_email_to_person(
    session: Session,
    kind: EmailKind | FeatureEmail,
    key: EmailKey,
    default_language: str,
    variables: Mapping[str, object],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    supersedes: Collection[EmailKind | FeatureEmail] = (),
    attachment: Attachment | None = None,
    emails: Emails = CORE_EMAILS,
    needs: Right | None = None,
) -> bool:
    """Queue an email to a person, once for each key and kind.

    Emails to one person about one subject are sent in the order they were queued; `supersedes`:
    kinds about the same subject that needn't be sent any more. `emails`, `variables` and `needs`:
    see `queue_email`. Returns False if it isn't queued: it was before,
    or an email about a later revision was, or they have unsubscribed from its mailing. Raises
    PersonError if there is no such person.
    """
    check_variables(kind, variables, emails)
    person, mailing = records.lock(session, key.person_id), emails[kind].mailing
    if mailing and not mailings.subscribe(session, person.id, mailing.key, now).active:
        return False
    return outbox.enqueue(
        session, kind, person.email, person.language or default_language, variables, now,
        expires_at=expires_at, key=key, supersedes=supersedes, attachment=attachment,
        needs=emails[kind].needs or needs,
    )  # fmt: skip


def queue_emails_to_persons(
    session: Session,
    kind: EmailKind | FeatureEmail,
    subject: str,
    people: Collection[Person],
    default_language: str,
    variables: Mapping[int, Mapping[str, object]],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    emails: Emails = CORE_EMAILS,
) -> None:
    """Queue an email about a subject to many people, who are locked; `variables` by person ID.

    The same as `queue_email_to_person` with the next revision for each, in two queries. The caller
    leaves out those who have unsubscribed from its mailing.
    """
    for each in variables.values():
        check_variables(kind, each, emails)
    outbox.enqueue_all(
        session,
        kind,
        subject,
        {
            each.id: (each.email, each.language or default_language, variables[each.id])
            for each in people
        },
        now,
        expires_at=expires_at,
        needs=emails[kind].needs,
    )
