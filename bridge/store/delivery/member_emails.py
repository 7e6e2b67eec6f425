"""Emails to many members: who gets each, how far sending has come, and taking back the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Case, ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bridge.store.delivery.email_keys import claimable
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.member_emails import MemberEmail as MemberEmail
from bridge.store.tables.member_emails import MemberEmailRecipient as Recipient
from bridge.store.tables.members import Member

State = Literal["draft", "sending", "stopped", "sent"]
Step = Literal["waiting", "queued", "sent", "failed", "unknown", "skipped"]
"""Where the email to one member is. waiting: not in the outbox yet. queued: in it, not sent yet.
unknown: it may have been sent."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many recipients are at each step. All are 0 once they are forgotten."""

    waiting: int = 0
    queued: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0

    @property
    def unsent(self) -> int:
        """How many haven't been sent it yet, also while it is stopped."""
        return self.waiting + self.queued

    @property
    def known(self) -> int:
        return self.unsent + self.sent + self.failed + self.unknown + self.skipped


@dataclass(frozen=True, slots=True)
class EmailSummary:
    """An email in a list."""

    id: int
    row: MemberEmail
    progress: Progress


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """A member whose email failed. `outbox_id`: of the email."""

    member_id: int
    first_name: str
    last_name: str
    outbox_id: int
    reason: str
    error: str


def find(session: Session, number: int, *, lock: bool = False) -> MemberEmail | None:
    """Return an email; `lock`: until the transaction ends."""
    return session.get(
        MemberEmail, number, populate_existing=True, with_for_update={} if lock else None
    )


def list_emails(session: Session, limit: int, after: int = 0) -> list[EmailSummary]:
    """Up to `limit` emails, the newest first, before the ID `after`. Two queries."""
    query = select(MemberEmail).order_by(MemberEmail.id.desc()).limit(limit)
    if after:
        query = query.where(MemberEmail.id < after)
    rows = session.scalars(query).all()
    found = progress_of(session, [each.id for each in rows])
    return [EmailSummary(each.id, each, found.get(each.id, Progress())) for each in rows]


def add_recipients(session: Session, number: int, member_ids: Sequence[int]) -> None:
    """Fix who gets an email."""
    rows = [
        {"member_email_id": number, "member_id": each, "outbox_id": None, "skipped": ""}
        for each in member_ids
    ]
    if rows:
        session.execute(insert(Recipient), rows)


def first_unfinished(session: Session) -> int | None:
    """The ID of an email whose recipients aren't all in the outbox; None if there is none."""
    query = select(MemberEmail.id).where(MemberEmail.state == "sending")
    return session.scalar(query.order_by(MemberEmail.id).limit(1))


def lock_unfinished(session: Session) -> MemberEmail | None:
    """Lock the oldest of them that no other process has locked."""
    query = select(MemberEmail).where(MemberEmail.state == "sending").order_by(MemberEmail.id)
    locked = query.limit(1).with_for_update(skip_locked=True)
    return session.scalars(locked, execution_options={"populate_existing": True}).first()


def waiting_members(session: Session, number: int, limit: int) -> list[int]:
    """The first members who aren't in the outbox yet."""
    query = select(Recipient.member_id).where(_is_waiting(number))
    return list(session.scalars(query.order_by(Recipient.id).limit(limit)))


def addresses_queued(session: Session, kind: str, subject: str, keys: Collection[str]) -> set[str]:
    """Which of these addresses, in lower case, have an email about the subject. One query."""
    query = select(OutboxEmail.email).where(
        OutboxEmail.kind == kind, OutboxEmail.subject == subject, OutboxEmail.email.in_(keys)
    )
    return set(session.scalars(query))


def note_queued(session: Session, number: int, emails: Mapping[int, int]) -> None:
    """Note the emails in the outbox, by member."""
    mine = update(Recipient).where(Recipient.member_email_id == number)
    if emails:
        known = case(emails, value=Recipient.member_id)
        session.execute(mine.where(Recipient.member_id.in_(emails)).values(outbox_id=known))


def note_skipped(session: Session, number: int, members: Mapping[int, str]) -> None:
    """Note who doesn't get it after all, and why."""
    mine = update(Recipient).where(Recipient.member_email_id == number)
    if members:
        why = case(members, value=Recipient.member_id)
        session.execute(mine.where(Recipient.member_id.in_(members)).values(skipped=why))


def count_unsent(session: Session, kind: str, now: datetime) -> tuple[int, int]:
    """How many emails of this kind aren't sent yet, and how many of them are due. One query."""
    due = func.count().filter(OutboxEmail.next_try <= now)
    query = select(func.count(), due).select_from(OutboxEmail)
    total, due_now = session.execute(
        query.where(OutboxEmail.state == "owed", OutboxEmail.kind == kind)
    ).one()
    return total, due_now


def take_back(session: Session, number: int, now: datetime) -> int:
    """Take the emails out of the outbox that certainly weren't sent. Returns how many."""
    mine = select(Recipient.outbox_id).where(Recipient.member_email_id == number)
    unsent = (OutboxEmail.id.in_(mine), *claimable(now), OutboxEmail.unknown_outcomes == 0)
    gone = session.scalars(delete(OutboxEmail).where(*unsent).returning(OutboxEmail.id)).all()
    back = update(Recipient).where(Recipient.outbox_id.in_(gone))
    session.execute(back.values(outbox_id=None))
    return len(gone)


def progress_of(session: Session, numbers: Collection[int]) -> dict[int, Progress]:
    """How far each of these emails has come. One query."""
    step = _step().label("step")
    query = (
        select(Recipient.member_email_id, step, func.count())
        .outerjoin(OutboxEmail, OutboxEmail.id == Recipient.outbox_id)
        .where(Recipient.member_email_id.in_(numbers))
        .group_by(Recipient.member_email_id, step)
    )
    counts: dict[int, dict[str, int]] = {}
    for number, name, count in session.execute(query):
        counts.setdefault(number, {})[name] = count
    return {number: Progress(**each) for number, each in counts.items()}


def failed_recipients(session: Session, number: int, limit: int) -> list[FailedRecipient]:
    """The first members whose email failed, or may have been sent. One query."""
    query = (
        select(
            Recipient.member_id, Member.first_name, Member.last_name, Recipient.outbox_id,
            OutboxEmail.reason, OutboxEmail.last_error.label("error"),
        )
        .join(Member, Member.id == Recipient.member_id)
        .join(OutboxEmail, OutboxEmail.id == Recipient.outbox_id)
        .where(Recipient.member_email_id == number, OutboxEmail.state == "failed")
    )  # fmt: skip
    rows = session.execute(query.order_by(Recipient.id).limit(limit))
    return [FailedRecipient(**row._mapping) for row in rows]


def failed_emails_of(session: Session, number: int) -> list[int]:
    """The IDs of the emails in the outbox that failed and certainly weren't sent."""
    query = select(OutboxEmail.id).join(Recipient, Recipient.outbox_id == OutboxEmail.id)
    failed = (OutboxEmail.state == "failed", OutboxEmail.reason.in_(("never", "configuration")))
    return list(session.scalars(query.where(Recipient.member_email_id == number, *failed)))


def prune(session: Session, before: datetime) -> None:
    """Delete drafts that nobody has changed since, and who got the emails sent before."""
    old = select(MemberEmail.id).where(MemberEmail.sent_at < before)
    session.execute(delete(Recipient).where(Recipient.member_email_id.in_(old)))
    unchanged = (MemberEmail.state == "draft", MemberEmail.changed_at < before)
    session.execute(delete(MemberEmail).where(*unchanged))


def _is_waiting(number: int) -> ColumnElement[bool]:
    return and_(
        Recipient.member_email_id == number, Recipient.outbox_id.is_(None), Recipient.skipped == ""
    )


def _step() -> Case[str]:
    """SQL: where the email to a recipient is. The outbox forgets what was sent long ago."""
    reason = OutboxEmail.reason
    return case(
        (Recipient.skipped != "", "skipped"),
        (Recipient.outbox_id.is_(None), "waiting"),
        (OutboxEmail.id.is_(None), "sent"),
        (OutboxEmail.state == "owed", "queued"),
        (and_(OutboxEmail.state == "failed", reason == "unknown"), "unknown"),
        (OutboxEmail.state == "failed", "failed"),
        (reason == "given-up", "failed"),
        (reason != "", "skipped"),
        else_="sent",
    )
