"""Attendance by a code that the leader shows at the start and at the end. It changes every minute.

The first code someone types says when they came, the last one until when they stayed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.topics import DEFAULT_ATTEND
from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import attendance, live_sessions
from bridge.sessions.attendance import Mark, Recorder
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.tables import Attendance, LiveSession, Registration

DIGITS = 6
LIFETIME = timedelta(minutes=1)
GRACE = timedelta(minutes=1)
"""How long a code is accepted after it has changed."""
AFTER_END = timedelta(minutes=15)
"""How long after the end a code can be shown and typed. The time until the end counts."""


def code_at(secret: bytes, session_id: int, at: datetime) -> str:
    """The code of a session at a moment: six digits. `secret`: known to nobody."""
    minute = int(at.timestamp()) // int(LIFETIME.total_seconds())
    digest = hmac.digest(secret, f"attendance:{session_id}:{minute}".encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def next_change(at: datetime) -> datetime:
    """When the code that is shown at a moment changes."""
    seconds = LIFETIME.total_seconds()
    return at + timedelta(seconds=seconds - at.timestamp() % seconds)


def is_right(typed: str, secret: bytes, session_id: int, at: datetime) -> bool:
    """Whether this is the code now, or was at most the grace ago. Spaces don't matter."""
    digits = "".join(typed.split())
    valid = [code_at(secret, session_id, moment) for moment in (at, at - GRACE)]
    return any(hmac.compare_digest(digits.encode(), each.encode()) for each in valid)


def is_shown(live: LiveSession, now: datetime) -> bool:
    """Whether a code works now: from the start until shortly after the end."""
    return live.state == "open" and live.starts_at <= now <= live.ends_at + AFTER_END


def type_code(
    session: Session, recorder: Recorder, secret: bytes, session_id: int, person_id: int, typed: str
) -> bool:
    """Record that someone typed a code; return whether it is enough to count as attended.

    Someone who isn't registered waits for the leader's word. Raises SessionError if no code works
    now, or this is a wrong one.
    """
    live = live_sessions.lock(session, session_id)
    if not is_shown(live, recorder.now):
        raise SessionError(Message("the code works from the start of the session to its end."))
    if not is_right(typed, secret, session_id, recorder.now):
        raise SessionError(
            Message("this isn't the code."),
            todo=Message("It changes every minute: type the one that is shown now."),
        )
    minutes = _minutes(session, live, person_id, recorder.now)
    counts = is_enough(recorder, live, minutes) and is_registered(session, live, person_id)
    mark = Mark(person_id, counts, minutes)
    attendance.record(session, recorder, session_id, "code", [mark])
    return counts


def is_enough(recorder: Recorder, live: LiveSession, minutes: int) -> bool:
    """Whether so many minutes count as attended, as the topic says."""
    found = live_sessions.find_topic(recorder.curricula, live.curriculum, live.topic)
    share = found[1].attend if found else DEFAULT_ATTEND
    length = (live.ends_at - live.starts_at) / timedelta(minutes=1)
    return minutes * 100 >= length * share


def is_registered(session: Session, live: LiveSession, person_id: int) -> bool:
    """Whether someone has a seat. Others who come wait for the leader's word."""
    mine = (Registration.session_id == live.id, Registration.person_id == person_id)
    state = session.scalar(select(Registration.state).where(*mine))
    return state in HOLDS_SEAT


def _minutes(session: Session, live: LiveSession, person_id: int, now: datetime) -> int:
    """From the first code that the person typed until now, or the end."""
    mine = (Attendance.session_id == live.id, Attendance.person_id == person_id)
    row = session.scalar(select(Attendance).where(*mine, Attendance.source == "code"))
    if row is None:
        return 0
    came = row.recorded_at - timedelta(minutes=row.minutes or 0)
    return max(row.minutes or 0, int((min(now, live.ends_at) - came) / timedelta(minutes=1)))
