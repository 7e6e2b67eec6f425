"""Effects owed to members: claimed by one worker at a time, tried until they are done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store.delivery.unreadable_rows import set_aside
from bridge.store.dialect import insert_into
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.members import Member

MAX_ERROR_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One effect owed: unique by member, kind and target. No personal data in `payload`."""

    member_id: int
    kind: str
    target: str
    payload: Mapping[str, object]
    award_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that is ours until the lease ends, with the member it is for.

    `attempts` counts this one. `repeated`: an earlier try may have carried it out, so look before
    repeating it. A person's "try again" begins to count anew, and what was tried stays tried.
    """

    id: int
    member_id: int
    award_id: int | None
    kind: str
    target: str
    payload: Mapping[str, object]
    attempts: int
    number: str | None
    email: str
    first_name: str
    last_name: str
    region: str
    language: str
    moodle_user_id: int | None
    repeated: bool = False


COLUMNS = (
    Delivery.id,
    Delivery.member_id,
    Delivery.award_id,
    Delivery.kind,
    Delivery.target,
    Delivery.payload,
    (Delivery.attempts + 1).label("attempts"),
    Member.number,
    Member.email,
    Member.first_name,
    Member.last_name,
    Member.region,
    Member.language,
    Member.moodle_user_id,
    or_(Delivery.attempts > 0, Delivery.last_error != "").label("repeated"),
)


def enqueue(session: Session, records: Sequence[DeliveryRecord], now: datetime) -> int:
    """Record effects owed from `now` on; returns how many were not owed before. One query."""
    rows = [
        {
            "member_id": record.member_id,
            "award_id": record.award_id,
            "kind": record.kind,
            "target": record.target,
            "payload": dict(record.payload),
            "state": "owed",
            "reason": "",
            "attempts": 0,
            "next_try": now,
            "lease_until": None,
            "lease_owner": "",
            "last_error": "",
            "done_at": None,
            "created_at": now,
        }
        for record in sorted(records, key=lambda r: (r.member_id, r.kind, r.target))
    ]
    if not rows:
        return 0
    insert = insert_into(session, Delivery).on_conflict_do_nothing().returning(Delivery.id)
    return len(session.scalars(insert, rows).all())


def claim(
    session: Session,
    kind: str,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    *,
    needs_account: bool = False,
) -> list[ClaimedDelivery]:
    """Take up to `limit` deliveries of a kind that are due; nobody else gets them for `lease`.

    `owner` names the worker and must be its own alone. With `needs_account` only those of
    members whose Moodle account is known. Needs a transaction; two queries.
    """
    due = [
        Delivery.state == "owed",
        Delivery.kind == kind,
        Delivery.next_try <= now,
        or_(Delivery.lease_until.is_(None), Delivery.lease_until <= now),
    ]
    if needs_account:
        due.append(Member.moodle_user_id.is_not(None))
    try:
        claimed = _due(session, due, limit)
    except ValueError:  # one of them is not JSON
        ids = select(Delivery.id).join(Member, Member.id == Delivery.member_id).where(*due)
        set_aside(session, Delivery, session.scalars(ids).all())
        claimed = _due(session, due, limit)
    taken = update(Delivery).where(Delivery.id.in_([one.id for one in claimed]))
    session.execute(
        taken.values(attempts=Delivery.attempts + 1, lease_until=now + lease, lease_owner=owner)
    )
    return claimed


def _due(session: Session, due: Sequence[ColumnElement[bool]], limit: int) -> list[ClaimedDelivery]:
    query = select(*COLUMNS).join(Member, Member.id == Delivery.member_id).where(*due)
    query = query.order_by(Delivery.next_try, Delivery.id).limit(limit)
    # SQLite has no row locks and needs none: its transaction is the only writer.
    rows = session.execute(query.with_for_update(of=Delivery, skip_locked=True))
    return [ClaimedDelivery(**row._mapping) for row in rows]


def mark_done(session: Session, ids: Collection[int], owner: str, now: datetime) -> int:
    """The effects have happened. Returns how many were still leased by `owner`."""
    return _settle(session, ids, owner, state="done", reason="", last_error="", done_at=now)


def retry_later(
    session: Session,
    delivery_id: int,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration"] = "later",
    *,
    tried: bool = True,
) -> int:
    """It did not work this time; returns 1, or 0 if it is no longer leased by `owner`.

    Where it was not `tried`, because others met this error, no attempt is counted.
    """
    values = {"reason": reason, "last_error": printable(error), "next_try": next_try}
    counted = {} if tried else {"attempts": one_less(Delivery.attempts)}
    return _settle(session, [delivery_id], owner, **values, **counted)


def mark_failed(session: Session, delivery_id: int, owner: str, error: str) -> int:
    """It will never work; returns 1, or 0 if it is no longer leased by `owner`."""
    return _settle(
        session, [delivery_id], owner, state="failed", reason="never", last_error=printable(error)
    )


def _settle(session: Session, ids: Collection[int], owner: str, **values: object) -> int:
    settled = session.scalars(
        update(Delivery)
        .where(
            Delivery.id.in_(ids),
            Delivery.state == "owed",
            Delivery.lease_owner == owner,
            Delivery.lease_until.is_not(None),
        )
        .values(lease_until=None, lease_owner="", **values)
        .returning(Delivery.id)
    )
    return len(settled.all())


def printable(error: str) -> str:
    """`error` as both databases can keep it: clipped, without NUL and halves of characters."""
    kept = error.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return kept[:MAX_ERROR_LENGTH]


def one_less(attempts: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """An attempt that was not made; a person may have set the count to 0 meanwhile."""
    return case((attempts > 0, attempts - 1), else_=0)


def release(session: Session, owner: str) -> int:
    """Give back untried what `owner` still holds, because it stops; returns how many."""
    freed = session.scalars(
        update(Delivery)
        .where(Delivery.state == "owed", Delivery.lease_owner == owner)
        .values(lease_until=None, lease_owner="", attempts=one_less(Delivery.attempts))
        .returning(Delivery.id)
    )
    return len(freed.all())
