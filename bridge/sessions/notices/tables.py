"""Which notices about sessions were queued, and how far announcing has come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.sessions.tables import move_unless_both
from bridge.store.personal_tables import of_person
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class SessionNotice(Base):
    """A notice that was queued to a person: it is what keeps it from being queued twice.

    `notice`: announcement, reminder-<hours> or thanks. `queued_at`: when it was last.
    `session_id` is no foreign key: a row is also written where the session isn't locked, and
    PostgreSQL would lock it then, after the person.
    """

    __tablename__ = "session_notice"
    __table_args__ = (Index(None, "session_id", "person_id", "notice", unique=True), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    notice: Mapped[str] = mapped_column(String(20))
    queued_at: Mapped[datetime]


class SessionAnnouncement(Base):
    """How far the announcement of a session has come.

    `dated_at`: since when the session is open at its present date; None if it was before notices
    existed. `after_member`: the ID of the last member who was looked at. `complete_at`: when all
    had been; None while it is under way.
    """

    __tablename__ = "session_announcement"

    session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"), primary_key=True)
    dated_at: Mapped[datetime | None]
    after_member: Mapped[int] = mapped_column(BigInteger)
    complete_at: Mapped[datetime | None]


PERSONAL_TABLES = (
    of_person(SessionNotice, move=move_unless_both(SessionNotice, "session_id", "notice")),
)
