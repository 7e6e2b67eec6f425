"""Drafts of emails to members: begun from a filtered list, saved, discarded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.errors import MemberError
from bridge.messages import Message
from bridge.store.delivery import member_emails
from bridge.store.operations import audit_log
from bridge.store.tables.member_emails import MemberEmail
from bridge.workflows.member_emails.audience import as_previewed, read_audience
from bridge.workflows.member_emails.texts import Texts, as_data

FILTERS = ("words", "region", "status", "milestone")


@dataclass(frozen=True, slots=True)
class Content:
    """What someone has written. `reply_to`: where answers go; '' for the configured address."""

    texts: Texts
    reply_to: str = ""


def begin(session: Session, filters: Mapping[str, object], actor: str, now: datetime) -> int:
    """Begin a draft to the members of a filtered list; return its ID.

    A draft of the same person to the same list, in which nothing was written yet, is used again.
    """
    query = select(MemberEmail).where(
        MemberEmail.state == "draft", MemberEmail.created_by == actor, MemberEmail.version == 1
    )
    empty = session.scalars(query.order_by(MemberEmail.id).with_for_update())
    row = next((each for each in empty if each.filters == _kept(filters)), None)
    if row is None:
        return add(session, filters, Content({}), actor, now)
    row.changed_at = now
    session.flush()
    return row.id


def add(
    session: Session, filters: Mapping[str, object], content: Content, actor: str, now: datetime
) -> int:
    """Add a draft; return its ID."""
    row = MemberEmail(
        state="draft", texts=as_data(content.texts), reply_to=content.reply_to,
        filters=_kept(filters), previewed={}, version=1, recipients=0, created_by=actor,
        changed_at=now, sent_by="", sent_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _kept(filters: Mapping[str, object]) -> dict[str, object]:
    return {name: str(filters.get(name) or "") for name in FILTERS}


def lock_draft(session: Session, number: int) -> MemberEmail:
    """Lock a draft. Raises MemberError if it isn't one any more."""
    row = member_emails.find(session, number, lock=True)
    if row is None or row.state != "draft":
        raise MemberError(
            Message("this email was sent or deleted."),
            todo=Message("Look at the list of emails."),
        )
    return row


def save(session: Session, number: int, content: Content, version: int, now: datetime) -> None:
    """Save what was written. `version`: the one that was changed.

    Raises MemberError if someone else has saved it meanwhile, or it isn't a draft any more.
    """
    row = lock_draft(session, number)
    if row.version != version:
        raise MemberError(
            Message("someone else, or you in another window, has saved this email meanwhile."),
            todo=Message("Your text is still here: compare it with the saved one, then save."),
        )
    row.texts, row.reply_to = as_data(content.texts), content.reply_to
    row.version, row.changed_at = row.version + 1, now
    session.flush()


def note_preview(
    session: Session,
    number: int,
    curricula: Sequence[Curriculum],
    language: str,
    now: datetime,
) -> None:
    """Remember who would get a draft now, to say later who has changed. Raises MemberError."""
    row = lock_draft(session, number)
    row.previewed = as_previewed(read_audience(session, row, curricula, language), now)
    session.flush()


def discard(session: Session, number: int, actor: str, now: datetime) -> bool:
    """Delete a draft; return True. Raises MemberError if it isn't one any more."""
    session.delete(lock_draft(session, number))
    audit_log.write(session, actor, "member-email", None, {}, {"state": "discarded"}, now)
    return True
