"""Queues the emails that pages and jobs ask for; `outbox` sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.mail.kinds import EmailKind, check_variables
from bridge.store.delivery import outbox


def queue_email(
    session: Session,
    kind: EmailKind,
    email: str,
    language: str,
    variables: Mapping[str, object],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    member_id: int | None = None,
) -> None:
    """Queue an email that is due from `now` on. It isn't sent after `expires_at`.

    `variables`: all those that EMAILS declares for the kind; ValueError otherwise. `member_id`:
    the member it belongs to, if `email` isn't (or is no longer) their address.
    """
    check_variables(kind, variables)
    outbox.enqueue(
        session, kind, email, language, variables, now, expires_at=expires_at, member_id=member_id
    )
