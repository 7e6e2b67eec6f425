"""The tables of live sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bridge.store.operations import audit_log
from bridge.store.personal_tables import PersonalTable, Subject, of_person
from bridge.store.persons.changes import MoveRows
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

LOCAL = DateTime(timezone=False)
_FRESH = {"populate_existing": True}


class LiveSession(Base):
    """One live training of a topic.

    `key` names it in schedule files. `part` is '' if the topic has no parts. `starts` and `ends`
    are what the clocks in `zone` show; `starts_at` and `ends_at` are the same moments by today's
    rules of the zone, for searching. `seats_online` and `seats_room`: None for no limit.
    `sequence` rises when the time, the place or the state changes. `version` counts all changes.
    `link`: how one joins online, as `providers/targets.py` reads it.
    `imported`: the values of the last import, to tell what was changed on the pages since.
    """

    __tablename__ = "live_session"
    __table_args__ = (
        Index(None, "starts_at"),
        Index(None, "curriculum", "topic"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    curriculum: Mapped[str] = mapped_column(String(30))
    topic: Mapped[str] = mapped_column(String(28))
    part: Mapped[str] = mapped_column(String(28))
    state: Mapped[str] = mapped_column(String(12))
    starts: Mapped[datetime] = mapped_column(LOCAL)
    ends: Mapped[datetime] = mapped_column(LOCAL)
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    online: Mapped[bool]
    in_person: Mapped[bool]
    seats_online: Mapped[int | None]
    seats_room: Mapped[int | None]
    link: Mapped[str] = mapped_column(String(1000))
    room: Mapped[str] = mapped_column(String(200))
    region: Mapped[str] = mapped_column(String(40))
    materials: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int]
    version: Mapped[int]
    imported: Mapped[dict[str, object]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SessionLeader(Base):
    """A person who leads a session."""

    __tablename__ = "session_leader"

    session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Registration(Base):
    """A person's place in a session.

    `format`: online or room. `state`: pending, seated, waiting, confirming or cancelled.
    `position`: their place in the order of coming, counted under the lock of the session, because
    clocks differ; who starts to wait gets the last one. `sequence`: that of the
    calendar entry they were sent last. `joined_at`: when they first opened the page to join.
    """

    __tablename__ = "session_registration"
    __table_args__ = (
        Index(None, "session_id", "person_id", unique=True),
        Index("ix_session_registration_queue", "session_id", "format", "state", "position"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    format: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    sequence: Mapped[int]
    joined_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class RegistrationChange(Base):
    """One step in the history of a registration: its new state, when, the actor and the reason."""

    __tablename__ = "session_registration_change"
    __table_args__ = (NO_REUSE,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("session_registration.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(300))
    format: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40))


class Attendance(Base):
    """What one source says about a person's attendance: leader, csv or code.

    `minutes`: how long they attended, if the source says so. The leader's word beats the CSV,
    which beats the code.
    """

    __tablename__ = "session_attendance"
    __table_args__ = (Index(None, "session_id", "person_id", "source", unique=True), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    source: Mapped[str] = mapped_column(String(10))
    attended: Mapped[bool]
    minutes: Mapped[int | None]
    recorded_by: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime]


def move_unless_both(model: type[Base], *same: str) -> MoveRows:
    """Moves a person's rows to another, who keeps their own about the same thing."""

    def move(session: Session, removed: int, kept: int) -> None:
        table = Base.metadata.tables[model.__tablename__]
        key = tuple_(*(table.c[name] for name in same))
        own = select(*(table.c[name] for name in same)).where(table.c.person_id == kept)
        session.execute(delete(table).where(table.c.person_id == removed, key.in_(own)))
        session.execute(update(table).where(table.c.person_id == removed).values(person_id=kept))

    return move


def move_attendance(session: Session, removed: int, kept: int) -> None:
    """Move a person's marks to another. Of two about the same, the better one counts.

    A mark about the present date is better than one about an earlier date, then one that says that
    they attended, then the longer one: someone who came under two names attended. The audit log
    keeps the other one, dated as that was.
    """
    mine = select(Attendance).where(Attendance.person_id.in_((removed, kept)))
    rows = {
        (each.session_id, each.source, each.person_id): each
        for each in session.scalars(mine.with_for_update(), execution_options=_FRESH)
    }
    numbers = {number for number, _, _ in rows}
    times = select(LiveSession.id, LiveSession.starts_at).where(LiveSession.id.in_(numbers))
    starts = {each.id: each.starts_at for each in session.execute(times)}
    for (number, source, person), row in rows.items():
        other = rows.get((number, source, kept))
        if person != removed or other is None:
            continue
        worse, better = sorted((row, other), key=lambda each: _worth(each, starts[number]))
        audit_log.write(
            session, worse.recorded_by, "attendance", None, _values(worse), _values(better),
            worse.recorded_at, person_id=kept,
        )  # fmt: skip
        session.delete(worse)
    session.flush()
    table = Base.metadata.tables[Attendance.__tablename__]
    session.execute(update(table).where(table.c.person_id == removed).values(person_id=kept))


def _worth(row: Attendance, starts_at: datetime) -> tuple[bool, bool, int]:
    return row.recorded_at >= starts_at, row.attended, row.minutes or 0


def _values(row: Attendance) -> dict[str, object]:
    values = {"session": row.session_id, "source": row.source, "attended": row.attended}
    return values if row.minutes is None else {**values, "minutes": row.minutes}


_RANKS = {"seated": 4, "confirming": 3, "waiting": 2, "pending": 1, "cancelled": 0}
_WITH_SEAT = 3


def move_registrations(session: Session, removed: int, kept: int) -> None:
    """Give a person's registrations to another; of two for one session, the more advanced stays.

    If both hold a seat, one becomes free, and the history says so, at the time of its last line:
    when they were merged is in the audit log. The waiting list advances by itself.
    """
    for theirs, own in _both(session, removed, kept):
        goes, stays = sorted((theirs, own), key=lambda each: (_RANKS[each.state], each is own))
        if _RANKS[goes.state] >= _WITH_SEAT:
            ids = RegistrationChange.registration_id.in_((goes.id, stays.id))
            last = session.scalars(select(func.max(RegistrationChange.at)).where(ids)).one()
            merged = RegistrationChange(
                registration_id=stays.id, at=last or stays.created_at, actor="", reason="merged",
                format=stays.format, state=stays.state,
            )  # fmt: skip
            session.add(merged)
        stays.sequence = max(goes.sequence, stays.sequence)
        session.delete(goes)
    session.flush()
    mine = update(Registration).where(Registration.person_id == removed)
    session.execute(mine.values(person_id=kept))


def _both(session: Session, removed: int, kept: int) -> list[tuple[Registration, Registration]]:
    """The registrations of both for the same session, in the order of the sessions."""
    own = aliased(Registration)
    same = and_(own.session_id == Registration.session_id, own.person_id == kept)
    query = select(Registration, own).join(own, same).where(Registration.person_id == removed)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Registration.session_id))]


def _own_changes(subject: Subject) -> ColumnElement[bool]:
    own = select(Registration.id).where(Registration.person_id.in_(subject.person_ids))
    return RegistrationChange.registration_id.in_(own)


def _delete_own_changes(session: Session, subject: Subject) -> None:
    session.execute(delete(RegistrationChange).where(_own_changes(subject)))


PERSONAL_TABLES = (
    of_person(SessionLeader, move=move_unless_both(SessionLeader, "session_id")),
    PersonalTable(
        RegistrationChange,
        export=_own_changes,
        erase=_delete_own_changes,
        hidden=frozenset({"actor"}),
    ),
    of_person(Registration, _delete_own_changes, move=move_registrations),
    of_person(Attendance, move=move_attendance),
)
"""The history of registrations comes first: it is found through them."""
