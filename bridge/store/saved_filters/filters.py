"""Saved filters: a name, a list page, what was chosen there, and perhaps when it is emailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from bridge.store.subject import FORMER_MEMBER, Subject
from bridge.store.tables.saved_filters import SavedFilter as Row
from bridge.store.tables.saved_filters import SavedFilterRecipient as Recipient

Every = Literal["", "weekly", "monthly"]
"""How often it is emailed; '' if it isn't."""
StopReason = Literal["", "person", "nobody", "owner", "filter"]
"""Why it isn't emailed for now. person: someone stopped it. nobody: no recipient may read it any
more. owner: the person it belongs to may not. filter: a value, such as a region, no longer exists.
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose saved filters to show: their own, and with `all_shared` those of the committee."""

    email: str
    all_shared: bool

    def sees(self, row: Row) -> bool:
        return row.owner == self.email or (self.all_shared and row.shared)


def add(
    session: Session,
    page: str,
    name: str,
    chosen: Mapping[str, str],
    owner: str,
    shared: bool,
    now: datetime,
) -> Row:
    """Store a filter that isn't emailed."""
    row = Row(
        name=name, page=page, chosen=dict(chosen), owner=owner, shared=shared, saved_at=now,
        changed_at=now, version=1, every="", day=1, done_on=None, sent_at=None, stopped_at=None,
        stopped_because="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def find(session: Session, number: int) -> Row | None:
    """The filter with this ID."""
    return session.get(Row, number)


def lock(session: Session, number: int) -> Row | None:
    """The filter with this ID as it is now, locked until the transaction ends."""
    return session.get(Row, number, populate_existing=True, with_for_update=True)


def named(session: Session, owner: str, page: str, name: str) -> Row | None:
    """The filter that someone has saved for a page under this name."""
    query = select(Row).where(Row.owner == owner, Row.page == page, Row.name == name)
    return session.scalars(query.limit(1)).first()


def count_of(session: Session, owner: str) -> int:
    """How many filters someone has saved."""
    return session.scalar(select(func.count()).select_from(Row).where(Row.owner == owner)) or 0


def of_page(session: Session, page: str, reader: Reader) -> Sequence[Row]:
    """The filters of a page that someone sees, by name. One query."""
    query = select(Row).where(Row.page == page, _seen_by(reader))
    return sorted(session.scalars(query), key=lambda each: each.name.casefold())


def page_of_filters(session: Session, reader: Reader, limit: int, after: int) -> Sequence[Row]:
    """Up to `limit` filters that someone sees, with IDs above `after`. One query."""
    query = select(Row).where(_seen_by(reader), Row.id > after)
    return session.scalars(query.order_by(Row.id).limit(limit)).all()


def all_emailed(session: Session, *, running: bool = False) -> Sequence[Row]:
    """The filters with a schedule; with `running` only those that nothing has stopped."""
    query = select(Row).where(Row.every != "")
    if running:
        query = query.where(Row.stopped_at.is_(None))
    return session.scalars(query.order_by(Row.id)).all()


def recipients(session: Session, numbers: Sequence[int]) -> Mapping[int, Sequence[Recipient]]:
    """Who gets each of these filters by email, by address. One query."""
    query = select(Recipient).where(Recipient.filter_id.in_(numbers))
    found: dict[int, list[Recipient]] = {number: [] for number in numbers}
    for each in session.scalars(query.order_by(Recipient.email)) if numbers else ():
        found[each.filter_id].append(each)
    return found


def set_recipients(
    session: Session, number: int, emails: Sequence[str], by: str, now: datetime
) -> None:
    """Make these addresses, in lower case, the recipients. Those known stay as they are."""
    known = {each.email: each for each in recipients(session, [number])[number]}
    for email, each in known.items():
        if email not in emails:
            session.delete(each)
    for email in dict.fromkeys(emails):
        if email not in known:
            session.add(Recipient(filter_id=number, email=email, added_by=by, added_at=now,
                                  sent_at=None, left_out=""))  # fmt: skip
    session.flush()


def remove(session: Session, row: Row) -> None:
    """Delete a filter and its recipients."""
    session.execute(delete(Recipient).where(Recipient.filter_id == row.id))
    session.delete(row)
    session.flush()


def every_of(row: Row) -> Every:
    return cast(Every, row.every)


def stop(row: Row, why: StopReason, now: datetime) -> None:
    """Email it no more, until someone resumes it."""
    row.stopped_at, row.stopped_because = now, why


def set_done(row: Row, day: date, now: datetime) -> None:
    """Record that the report of this day was emailed."""
    row.done_on, row.sent_at = day, now


def erase_owner(session: Session, subject: Subject) -> None:
    """Delete what the person saved for themselves. What they shared stays, without their name."""
    mine = select(Row.id).where(Row.owner.in_(subject.names), Row.shared.is_(False))
    session.execute(delete(Recipient).where(Recipient.filter_id.in_(mine)))
    session.execute(delete(Row).where(Row.id.in_(mine)))
    for row in session.scalars(select(Row).where(Row.owner.in_(subject.names))):
        row.owner = FORMER_MEMBER
    session.flush()


def _seen_by(reader: Reader) -> ColumnElement[bool]:
    """SQL condition: as `Reader.sees`."""
    own = Row.owner == reader.email
    return or_(own, Row.shared) if reader.all_shared else own
