"""Notes of the committee about a member: dated, and changed or removed by their author only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.messages import Message
from bridge.store.members.queries import lock_member
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction
from bridge.store.tables.members import MemberNote

MAX_LENGTH = 4000


def add(
    session: Session, member_id: int, text: str, author: str, now: datetime
) -> MemberNote | None:
    """Write a note; return None if the author's newest one about this member says the same.

    So a form that is sent twice adds one note. Raises MemberError if the text is empty or too
    long, or there is no such member.
    """
    lock_member(session, member_id)
    _check(text)
    written = (MemberNote.member_id == member_id, MemberNote.author == author)
    newest = select(MemberNote.text).where(*written).order_by(MemberNote.id.desc()).limit(1)
    if session.scalar(newest) == text:
        return None
    note = MemberNote(
        member_id=member_id, text=text, author=author, written_at=now, changed_at=None
    )
    session.add(note)
    session.flush()
    _audit(session, author, "note-added", note, now)
    return note


def change(
    session: Session, note_id: int, text: str, shown: str | None, author: str, now: datetime
) -> bool:
    """Change a note; return False if it says the same.

    `shown`: the text that the author saw; None to overwrite. Raises MemberError if it has changed
    since, if someone else wrote the note, if there is no such note, or as `add` does.
    """
    note = _lock(session, note_id, author)
    _check(text)
    if note.text == text:
        return False
    if shown is not None and note.text != shown:
        raise MemberError(
            Message("the note was changed meanwhile, in another window."),
            todo=Message("Compare it with your text, and save again."),
        )
    note.text, note.changed_at = text, now
    session.flush()
    _audit(session, author, "note-changed", note, now)
    return True


def remove(session: Session, note_id: int, author: str, now: datetime) -> None:
    """Remove a note. Raises MemberError if someone else wrote it, or there is no such note."""
    note = _lock(session, note_id, author)
    _audit(session, author, "note-removed", note, now)
    session.delete(note)
    session.flush()


def notes_of(session: Session, member_id: int) -> Sequence[MemberNote]:
    """The notes about a member, newest first. One query."""
    query = select(MemberNote).where(MemberNote.member_id == member_id)
    return session.scalars(query.order_by(MemberNote.id.desc())).all()


def count(session: Session, member_id: int) -> int:
    """How many notes there are about a member."""
    query = select(func.count()).select_from(MemberNote).where(MemberNote.member_id == member_id)
    return session.scalar(query) or 0


def find(session: Session, note_id: int, member_id: int) -> MemberNote | None:
    """The note of a member, None if there is none."""
    found = session.get(MemberNote, note_id)
    return found if found and found.member_id == member_id else None


def _check(text: str) -> None:
    if not text.strip():
        raise MemberError(Message("the note is empty."), todo=Message("Write something."))
    if len(text) > MAX_LENGTH:
        raise MemberError(
            Message("the note is too long."),
            todo=Message("Shorten it to %(limit)s characters.", limit=MAX_LENGTH),
        )


def _lock(session: Session, note_id: int, author: str) -> MemberNote:
    """The note, locked. Raises MemberError."""
    note = session.get(MemberNote, note_id, populate_existing=True, with_for_update=True)
    if note is None:
        raise MemberError(Message("there is no such note."), todo=Message("It may be removed."))
    if note.author != author:
        raise MemberError(Message("only the person who wrote a note can change or remove it."))
    return note


def _audit(
    session: Session, author: str, action: AuditAction, note: MemberNote, now: datetime
) -> None:
    """Without the text: auditors read the log, and notes are for the committee."""
    audit_log.write(session, author, action, note.member_id, {}, {"note": note.id}, now)
