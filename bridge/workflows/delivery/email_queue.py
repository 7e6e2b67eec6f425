"""Queues the emails that pages and jobs ask for; `outbox` sends them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.mail.kinds import CORE_EMAILS, EmailKind, Emails, FeatureEmail, check_variables
from bridge.store.delivery import outbox
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.delivery.outbox import Attachment
from bridge.store.persons import records


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
    """
    check_variables(kind, variables, emails)
    outbox.enqueue(
        session, kind, email, language, variables, now, expires_at=expires_at,
        member_id=member_id, needs=emails[kind].needs or needs,
    )  # fmt: skip


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
    or an email about a later revision was. Raises PersonError if there is no such person.
    """
    check_variables(kind, variables, emails)
    person = records.lock(session, key.person_id)
    return outbox.enqueue(
        session, kind, person.email, person.language or default_language, variables, now,
        expires_at=expires_at, key=key, supersedes=supersedes, attachment=attachment,
        needs=emails[kind].needs or needs,
    )  # fmt: skip
