"""Attendance by a code that the leader shows at the start and at the end. It changes every minute.

The first code someone types says when they came, the last one until when they stayed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.topics import DEFAULT_ATTEND
from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import attendance, live_sessions
from bridge.sessions.attendance import Mark
from bridge.sessions.earning.credits import Recorder
from bridge.sessions.earning.marks import attended_by, marks_of
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.tables import LiveSession, Registration

DIGITS = 6
LIFETIME = timedelta(minutes=1)
GRACE = timedelta(minutes=1)
"""How long a code is accepted after it has changed."""
AFTER_END = timedelta(minutes=15)
"""How long after the end a code can be shown and typed. The time until the end counts."""
Outcome = Literal["counts", "noted", "waits", "overruled"]
"""counts: they attended. noted: they haven't stayed long enough yet. waits: they aren't registered,
so the leader must record them. overruled: the leader or a file says that they didn't attend."""


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
    session: Session,
    recorder: Recorder,
    secret: bytes,
    session_id: int,
    person_id: int,
    typed: str,
    *,
    sees_code: bool = False,
) -> Outcome:
    """Record that someone typed a code; return what it led to.

    `sees_code`: they may open the page that shows it, so someone else must record them; this holds
    for all leaders. Raises SessionError for them, if no code works now, or if this is a wrong one.
    """
    live = live_sessions.lock(session, session_id)
    if not is_shown(live, recorder.now):
        raise SessionError(Message("the code works from the start of the session to its end."))
    if sees_code or person_id in live_sessions.leader_ids(session, live.id):
        raise SessionError(Message("someone else must record whether you attended."))
    if not is_right(typed, secret, session_id, recorder.now):
        raise SessionError(
            Message("this isn't the code."),
            todo=Message("It changes every minute: type the one that is shown now."),
        )
    minutes, registered = (
        _minutes(session, live, person_id, recorder.now), is_registered(session, live, person_id)
    )  # fmt: skip
    enough = is_enough(recorder, live, minutes)
    mark = Mark(person_id, enough and registered, minutes)
    attendance.record(session, recorder, session_id, "code", [mark])
    counting = attended_by(session, [live.id], [person_id])[live.id, person_id]
    if counting.attended:
        return "counts"
    if counting.source != "code":
        return "overruled"
    return "noted" if registered else "waits"


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
    row = marks_of(session, live, "code", [person_id]).get(person_id)
    if row is None:
        return 0
    came = row.recorded_at - timedelta(minutes=row.minutes or 0)
    return max(row.minutes or 0, int((min(now, live.ends_at) - came) / timedelta(minutes=1)))
