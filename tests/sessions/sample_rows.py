"""A row of a person in each table of sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.sessions.notices.tables import SessionNotice
from bridge.sessions.providers.tables import JoinLink, SessionMeeting
from bridge.sessions.rules import SessionData, Times
from bridge.sessions.scheduling import columns_of
from bridge.sessions.tables import (
    Attendance,
    LiveSession,
    Registration,
    RegistrationChange,
    SessionLeader,
)

TIMES = Times(
    datetime.fromisoformat("2026-06-01T17:00"),
    datetime.fromisoformat("2026-06-01T19:00"),
    "America/Toronto",
)


def add_session(session: Session, key: str, now: datetime) -> int:
    data = SessionData(
        curriculum="path", topic="hearings", part="", times=TIMES, online=True, in_person=False
    )
    row = LiveSession(
        key=key, state="open", reason="", sequence=0, version=1, imported={}, created_at=now,
        changed_at=now, **columns_of(data),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def use_sessions(session: Session, person: int, now: datetime) -> None:
    """The person leads a session, is registered for it and has attended it."""
    number = add_session(session, f"hearings-{person}", now)
    registration = Registration(
        session_id=number, person_id=person, format="online", state="seated", position=1,
        sequence=0, joined_at=now, created_at=now,
    )  # fmt: skip
    session.add(registration)
    session.flush()
    session.add_all([
        SessionLeader(session_id=number, person_id=person),
        RegistrationChange(registration_id=registration.id, at=now, actor=f"person:{person}",
                           format="online", state="seated", reason="registered"),
        Attendance(session_id=number, person_id=person, source="leader", attended=True,
                   minutes=90, recorded_by="leader", recorded_at=now),
        SessionNotice(session_id=number, person_id=person, notice="thanks", queued_at=now),
        SessionMeeting(session_id=number, ready_at=now, attempts=0, next_try_at=now, error=None),
        JoinLink(session_id=number, person_id=person, target="zoom:123456789", wanted=True,
                 link="https://zoom.example/w/1", registrant_id="r1", attempts=1,
                 next_try_at=now, error=None, created_at=now),
    ])  # fmt: skip
    session.flush()
