"""The meetings and the personal links that providers were asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.store.personal_tables import PersonalTable, Subject
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class SessionMeeting(Base):
    """A meeting that is created before its session opens.

    `ready_at`: when the server last said that it exists; None if it didn't. `error`: why not.
    """

    __tablename__ = "session_meeting"

    session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"), primary_key=True)
    ready_at: Mapped[datetime | None]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    error: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))


class JoinLink(Base):
    """The link of one person to a meeting, and what is to be done about it at the provider.

    `person_id`: None once the person was erased. `target`: the session's `link` that it is for.
    `wanted`: False if the provider should forget the person; then the row is deleted. `link`: ''
    until the provider has given it. `registrant_id`: what the provider calls them, '' if unknown.
    `attempts`: how often the provider was asked, written before each call: if it isn't 0, the
    provider may know the person. `error`: why there is no link yet.
    """

    __tablename__ = "session_join_link"
    __table_args__ = (
        Index(None, "session_id", "person_id", "target", unique=True),
        Index(None, "next_try_at"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    target: Mapped[str] = mapped_column(String(40))
    wanted: Mapped[bool]
    link: Mapped[str] = mapped_column(String(2000))
    registrant_id: Mapped[str] = mapped_column(String(100))
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    error: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]


_FORGET = {"person_id": None, "wanted": False, "link": "", "error": None}
"""What remains: the number by which the provider is asked to forget the person."""


def _erase(session: Session, subject: Subject) -> None:
    mine = JoinLink.person_id.in_(subject.person_ids)
    session.execute(delete(JoinLink).where(mine, JoinLink.attempts == 0))
    session.execute(update(JoinLink).where(mine).values(_FORGET))


def _move(session: Session, removed: int, kept: int) -> None:
    """A person keeps their own link to a meeting; otherwise they get the one of the other."""
    own = select(JoinLink.session_id, JoinLink.target).where(JoinLink.person_id == kept)
    both = {(number, target) for number, target in session.execute(own)}
    for row in session.scalars(select(JoinLink).where(JoinLink.person_id == removed)):
        values = _FORGET if (row.session_id, row.target) in both else {"person_id": kept}
        session.execute(update(JoinLink).where(JoinLink.id == row.id).values(values))


PERSONAL_TABLES = (
    PersonalTable(
        JoinLink,
        export=lambda subject: JoinLink.person_id.in_(subject.person_ids),
        erase=_erase,
        hidden=frozenset({"link", "registrant_id"}),  # the link lets anyone join
        move=_move,
    ),
)
