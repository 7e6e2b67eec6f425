"""What happens to notices when a session is opened, moved, postponed or cancelled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, or_, update
from sqlalchemy.orm import Session

from bridge.sessions.notices.kinds import ANNOUNCEMENT, REMINDER
from bridge.sessions.notices.tables import SessionAnnouncement, SessionNotice
from bridge.store.delivery.email_keys import claimable, not_sent
from bridge.store.dialect import insert_into
from bridge.store.tables.delivery import OutboxEmail

UNNEEDED = (ANNOUNCEMENT, REMINDER)
"""Notices that later news about a session makes unnecessary, if they haven't been sent."""


def begin_again(session: Session, session_id: int, now: datetime) -> None:
    """Give up the notices about a session that weren't sent yet: what they say is no longer true.

    Who doesn't get one now gets it at the new date. Those that may have been sent aren't repeated.
    Call it in the transaction that changes the session, with the session locked.
    """
    subject = OutboxEmail.subject == f"session:{session_id}"
    unsent = (subject, OutboxEmail.kind.in_(UNNEEDED), *claimable(now))
    certainly = exists().where(
        *unsent, OutboxEmail.unknown_outcomes == 0,
        OutboxEmail.person_id == SessionNotice.person_id,
        or_(
            (OutboxEmail.kind == ANNOUNCEMENT) & (SessionNotice.notice == "announcement"),
            (OutboxEmail.kind == REMINDER) & SessionNotice.notice.startswith("reminder-"),
        ),
    )  # fmt: skip
    forgotten = delete(SessionNotice).where(SessionNotice.session_id == session_id, certainly)
    options = {"synchronize_session": False}
    session.execute(forgotten, execution_options=options)
    session.execute(update(OutboxEmail).where(*unsent).values(**not_sent("superseded")),
                    execution_options=options)  # fmt: skip
    row = {"session_id": session_id, "dated_at": now, "after_member": 0, "complete_at": None}
    insert = insert_into(session, SessionAnnouncement).values(row)
    again = {name: insert.excluded[name] for name in ("dated_at", "after_member", "complete_at")}
    session.execute(insert.on_conflict_do_update(index_elements=["session_id"], set_=again))
