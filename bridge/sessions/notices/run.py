"""Queues the notices that are due, in batches. A kill in between loses and repeats none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import StoreError
from bridge.logs import event
from bridge.sessions.notices.announcements import announce
from bridge.sessions.notices.reminders import remind
from bridge.sessions.notices.senders import Sender
from bridge.sessions.notices.tables import SessionAnnouncement
from bridge.sessions.notices.timing import MIN_LATE, RESCAN, reminder_due
from bridge.sessions.tables import LiveSession
from bridge.store.database import Database

log = logging.getLogger(__name__)

MAX_BATCHES = 40
"""Batches for one session in one run, so that a run ends soon. The next run goes on."""
Work = Callable[[Session], object]
"""Queues a batch; returns whether there may be more."""


def send_notices(
    config: Config, curricula: Sequence[Curriculum], database: Database, now: datetime
) -> None:
    """Queue all reminders and announcements that are due.

    A session whose notices can't be written doesn't keep others from theirs. Raises StoreError.
    """
    sender = Sender(config, tuple(curricula), now)
    with database.reading() as session:
        work = [*_due_reminders(session, sender), *_due_announcements(session, sender)]
    for number, act in work:
        try:
            _in_batches(database, act)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001  (one session must not end the others)
            event(log, "session-notices-crashed", level=logging.ERROR, session=number)


def _in_batches(database: Database, act: Work) -> None:
    for _ in range(MAX_BATCHES):
        with database.transaction() as session:
            more = act(session)
        if not more:
            return


def _due_reminders(session: Session, sender: Sender) -> Iterator[tuple[int, Work]]:
    """What is to be done for each session and reminder. One query."""
    hours = sorted(set(sender.config.sessions.remind_hours), reverse=True)
    if not hours:
        return
    first, last = sender.now - MIN_LATE, sender.now + timedelta(hours=hours[0])
    coming = (LiveSession.state == "open", LiveSession.starts_at.between(first, last))
    for live, known in session.execute(_with_announcement().where(*coming)):
        for each in hours:
            if reminder_due(live.starts_at, each, known.dated_at if known else None, sender.now):
                yield live.id, partial(remind, sender=sender, session_id=live.id, hours=each)


def _due_announcements(session: Session, sender: Sender) -> Iterator[tuple[int, Work]]:
    """What is to be done for each session to announce: those never looked at, or not lately."""
    days = sender.config.sessions.announce_days
    if not days:
        return
    coming = (
        LiveSession.state == "open", LiveSession.starts_at > sender.now,
        LiveSession.starts_at <= sender.now + timedelta(days=days),
    )  # fmt: skip
    complete = SessionAnnouncement.complete_at
    again = or_(complete.is_(None), complete <= sender.now - RESCAN, complete > sender.now)
    for live, _ in session.execute(_with_announcement().where(*coming, again)):
        yield live.id, partial(announce, sender=sender, session_id=live.id)


def _with_announcement() -> Select[LiveSession, SessionAnnouncement]:
    same = SessionAnnouncement.session_id == LiveSession.id
    query = select(LiveSession, SessionAnnouncement).outerjoin(SessionAnnouncement, same)
    return query.order_by(LiveSession.starts_at, LiveSession.id)
