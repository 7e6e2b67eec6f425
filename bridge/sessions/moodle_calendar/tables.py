"""Which sessions Moodle's calendar has. Nothing in it is about a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import Base


class MoodleEvent(Base):
    """The event of a session in the calendar of a course, by the course's ID number.

    A row is there before the event: while `fingerprint` is '', Moodle may have the event or not.
    `event_id`: Moodle's id of it, None until it is known. `fingerprint`: of what it says.
    `attempts`: since it last was as it should be. `problem`: the last error as data, or {}.
    """

    __tablename__ = "session_moodle_event"

    session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"), primary_key=True)
    course: Mapped[str] = mapped_column(String(100), primary_key=True)
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int]
    tried_at: Mapped[datetime]
    problem: Mapped[dict[str, object]]
