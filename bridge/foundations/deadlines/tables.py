"""The table of deadlines and reminders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    String,
    Text,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.foundations.owned_tables import of_owner
from bridge.foundations.owners import NO_TWO_OWNERS, Owned
from bridge.store.personal_tables import OwnerColumn
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

PENDING, DONE, DROPPED, CANCELLED = "pending", "done", "dropped", "cancelled"
FOR_NOBODY = text("member_id IS NULL AND person_id IS NULL")
FOR_MEMBER = text("member_id IS NOT NULL")
FOR_PERSON = text("person_id IS NOT NULL")


class Deadline(Owned):
    """A deadline or reminder: of a kind, about a subject, for a member, a person or nobody.

    `local_time` is what the clocks in `zone` show. The moment is computed from it each time,
    because governments change the rules of time zones. `state`: pending, done, dropped (a
    reminder that was late), cancelled. A row is never deleted while its owner exists: it keeps
    the same deadline from running twice.
    """

    __tablename__ = "due"
    __table_args__ = (
        Index("uq_due_member", "kind", "subject", "member_id", unique=True,
              sqlite_where=FOR_MEMBER, postgresql_where=FOR_MEMBER),
        Index("uq_due_person", "kind", "subject", "person_id", unique=True,
              sqlite_where=FOR_PERSON, postgresql_where=FOR_PERSON),
        Index("uq_due_nobody", "kind", "subject", unique=True,
              sqlite_where=FOR_NOBODY, postgresql_where=FOR_NOBODY),
        Index(None, "state", "zone", "local_time"),
        CheckConstraint(NO_TWO_OWNERS, name="ck_due_owner"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    local_time: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    zone: Mapped[str] = mapped_column(String(64))
    skip_holidays: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    late_seconds: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int]
    next_try: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(200))
    last_error: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


def move_deadlines(
    session: Session, removed: int, kept: int, owner: OwnerColumn = "person_id"
) -> None:
    """Give a merged person's or member's deadlines to the other. Of two of the same, one stays."""
    column = getattr(Deadline, owner)
    theirs, own = (
        {(row.kind, row.subject): row for row in session.scalars(select(Deadline).where(of_person))}
        for of_person in (column == removed, column == kept)
    )
    for key in theirs.keys() & own.keys():
        session.delete(own[key] if is_needed_more(theirs[key], own[key]) else theirs[key])
    session.flush()
    session.execute(update(Deadline).where(column == removed).values({owner: kept}))


def is_needed_more(one: Deadline, other: Deadline) -> bool:
    """Whether a deadline stays rather than another: it is to run, or keeps that from running."""
    if CANCELLED in (one.state, other.state):
        return one.state != CANCELLED
    same_time = (one.local_time, one.zone) == (other.local_time, other.zone)
    first = one.state != PENDING if same_time else one.state == PENDING
    return first and one.state != other.state


PERSONAL_TABLES = (of_owner(Deadline, move=move_deadlines),)
