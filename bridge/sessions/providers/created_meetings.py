"""Creates the meetings of BigBlueButton when their sessions open, and again while they last.

Creating one that exists changes nothing. Again, because a server that was restarted has lost it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.logs import event
from bridge.sessions import live_sessions
from bridge.sessions.live_sessions import title_of
from bridge.sessions.providers.bigbluebutton import BigBlueButton, Meeting, meeting_id
from bridge.sessions.providers.errors import ProviderError, ProviderRefused
from bridge.sessions.providers.joining import OVERRUN, opens_at
from bridge.sessions.providers.retries import LEASE, is_due, wait_after
from bridge.sessions.providers.tables import SessionMeeting
from bridge.sessions.providers.targets import BIGBLUEBUTTON
from bridge.sessions.tables import LiveSession
from bridge.store.database import Database

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)


def create_meetings(
    config: Config,
    curricula: Sequence[Curriculum],
    database: Database,
    now: datetime,
    in_time: Callable[[], bool],
) -> None:
    """Create the meetings of the sessions that are open for joining. Raises StoreError."""
    with database.reading() as session:
        due = _due(session, config, now)
    for number in due:
        if not in_time():
            return
        with database.transaction() as session:
            meeting = _claim(session, config, curricula, number, now)
        if meeting is None:
            continue
        error = _create(config, meeting)
        with database.transaction() as session:
            _settle(session, number, error, now)
        if error is not None:
            event(log, "session-meeting-failed", level=logging.WARNING, session=number,
                  reason=str(error))  # fmt: skip
            if not isinstance(error, ProviderRefused):
                return


def _create(config: Config, meeting: Meeting) -> ProviderError | None:
    try:
        BigBlueButton.of(config).create(meeting)
    except ProviderError as error:
        return error
    return None


def _due(session: Session, config: Config, now: datetime) -> list[int]:
    opened = LiveSession.starts_at <= now + timedelta(minutes=config.sessions.join_minutes)
    wanted = (LiveSession.link == BIGBLUEBUTTON, LiveSession.online.is_(True))
    takes_place = (LiveSession.state == "open", opened, LiveSession.ends_at > now - OVERRUN)
    due = or_(SessionMeeting.session_id.is_(None), is_due(SessionMeeting.next_try_at, now))
    same = SessionMeeting.session_id == LiveSession.id
    query = select(LiveSession.id).outerjoin(SessionMeeting, same).where(*wanted, *takes_place, due)
    return list(session.scalars(query.order_by(LiveSession.starts_at, LiveSession.id)))


def _claim(
    session: Session,
    config: Config,
    curricula: Sequence[Curriculum],
    number: int,
    now: datetime,
) -> Meeting | None:
    """What to create, unless another process is at it."""
    live = live_sessions.lock(session, number)
    if number not in _due(session, config, now):
        return None
    row = session.get(SessionMeeting, number)
    if row is None:
        row = SessionMeeting(
            session_id=number, ready_at=None, attempts=0, next_try_at=now, error=None
        )
        session.add(row)
    row.attempts += 1
    row.next_try_at = now + LEASE
    session.flush()
    lasts = live.ends_at + OVERRUN - opens_at(config, live)
    title = title_of(live, curricula, config.language)
    return Meeting(meeting_id(config, number), title, int(lasts / timedelta(minutes=1)))


def _settle(session: Session, number: int, error: ProviderError | None, now: datetime) -> None:
    row = session.get(SessionMeeting, number, with_for_update=True)
    if row is None:
        return
    row.ready_at = None if error else now
    row.error = error.as_data() if error else None
    row.next_try_at = now + (wait_after(error, row.attempts) if error else AGAIN_AFTER)
    row.attempts = row.attempts if error else 0
    session.flush()
