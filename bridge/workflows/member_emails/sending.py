"""Sending an email to members, stopping it, going on, and retrying what failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import MemberError
from bridge.messages import Message
from bridge.store.delivery import failed_emails, member_emails
from bridge.store.operations import audit_log
from bridge.store.tables.member_emails import MemberEmail
from bridge.workflows.member_emails.audience import fingerprint, read_audience
from bridge.workflows.member_emails.texts import from_data, problem_of

SendResult = Literal["sent", "changed", "before"]
"""`changed`: the text or the recipients aren't those that were looked at, so nothing is sent.
`before`: it was sent before."""


def send(
    session: Session,
    config: Config,
    curricula: Sequence[Curriculum],
    number: int,
    seen: str,
    actor: str,
    now: datetime,
) -> SendResult:
    """Fix the recipients of a draft; a job then sends it to each of them, once.

    `seen`: the fingerprint of what was looked at. Raises MemberError if it can't be sent.
    """
    row = _lock(session, number)
    if row.state != "draft":
        return "before"
    if problem := problem_of(from_data(row.texts), row.reply_to):
        raise MemberError(problem)
    audience = read_audience(session, row, curricula, config.language)
    if fingerprint(row, audience) != seen:
        return "changed"
    ids = [each.id for each in audience.getting]
    if not ids:
        raise MemberError(Message("nobody would get this email."))
    member_emails.add_recipients(session, number, ids)
    searched = bool(row.filters.get("words"))
    kept = {name: value for name, value in row.filters.items() if value and name != "words"}
    row.filters = {**kept, **({"searched": True} if searched else {})}
    row.previewed, row.recipients = {}, len(ids)
    row.state, row.sent_by, row.sent_at = "sending", actor, now
    _note(session, row, actor, now, count=len(ids))
    return "sent"


def stop(session: Session, number: int, actor: str, now: datetime) -> int:
    """Stop sending: those who weren't sent it yet don't get it. Returns how many they are.

    An email that is being sent at this moment arrives. Raises MemberError.
    """
    row = _lock(session, number)
    if row.state not in ("sending", "sent"):
        raise MemberError(Message("this email isn't being sent."))
    member_emails.take_back(session, number, now)
    left = member_emails.progress_of(session, [number])
    waiting = left[number].waiting if number in left else 0
    if not waiting:
        return 0
    row.state = "stopped"
    _note(session, row, actor, now, count=waiting)
    return waiting


def resume(session: Session, number: int, actor: str, now: datetime) -> None:
    """Go on sending after a stop. Raises MemberError if it isn't stopped."""
    row = _lock(session, number)
    if row.state != "stopped":
        raise MemberError(Message("this email isn't stopped."))
    row.state = "sending"
    _note(session, row, actor, now)


def retry(session: Session, number: int, actor: str, now: datetime) -> int:
    """Send the emails again that failed and certainly didn't arrive. Returns how many."""
    row = _lock(session, number)
    ids = member_emails.failed_emails_of(session, number)
    retried = failed_emails.retry(session, now, ids) if ids else []
    if retried:
        after = {"email": row.id, "state": "retried", "count": len(retried)}
        audit_log.write(session, actor, "member-email", None, {}, after, now)
    return len(retried)


def _lock(session: Session, number: int) -> MemberEmail:
    row = member_emails.find(session, number, lock=True)
    if row is None:
        raise MemberError(Message("there is no such email."))
    return row


def _note(
    session: Session, row: MemberEmail, actor: str, now: datetime, count: int | None = None
) -> None:
    """Write the new state to the audit log."""
    session.flush()
    after = {"email": row.id, "state": row.state, **({} if count is None else {"count": count})}
    audit_log.write(session, actor, "member-email", None, {}, after, now)
