"""The queue of deliveries: one worker at a time claims each and records its outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import ColumnElement, case, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.membership.status import statuses_without
from bridge.store.delivery import unknown_outcomes
from bridge.store.delivery.kinds import DeliveryKindName
from bridge.store.delivery.unreadable_rows import READ_ERRORS, fail_unreadable, is_unreadable
from bridge.store.delivery.waiting import is_ready
from bridge.store.dialect import insert_into
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.members import Member

MAX_ERROR_LENGTH = 1000
NOT_SERVED = statuses_without(lambda rights: rights.served)


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery to queue, unique by kind, target and award, or member if it has no award.

    `payload` has no personal data.
    """

    member_id: int
    kind: DeliveryKindName
    target: str
    payload: Mapping[str, object]
    award_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that one worker holds until the lease ends, with its member.

    `attempts` includes the current one. `repeated`: an earlier attempt may have succeeded, so
    check before you repeat it. It stays True when someone retries the delivery and the count of
    attempts starts again. `owner`: the worker that holds it. `profile_…`, `missing_language`: see
    `Member`.
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
    profile_first_name: str | None = None
    profile_last_name: str | None = None
    profile_email: str | None = None
    missing_language: str | None = None
    owner: str = ""


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
    Member.profile_first_name,
    Member.profile_last_name,
    Member.profile_email,
    Member.missing_language,
)


def enqueue(session: Session, records: Sequence[DeliveryRecord], now: datetime) -> int:
    """Queue deliveries that are due from `now` on; return how many are new. One query."""
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
            "unknown_outcomes": 0,
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


def hold(session: Session, member_ids: Collection[int], now: datetime, until: datetime) -> None:
    """Let what was queued for these members `now` wait until later. One query."""
    if member_ids:
        queued = (Delivery.state == "owed", Delivery.attempts == 0, Delivery.next_try == now)
        waiting = update(Delivery).where(Delivery.member_id.in_(member_ids), *queued)
        session.execute(waiting.values(next_try=until))


def of_award(session: Session, award_id: int) -> list[DeliveryRecord]:
    """Return the deliveries of an award, in any state."""
    query = select(Delivery).where(Delivery.award_id == award_id).order_by(Delivery.id)
    return [
        DeliveryRecord(each.member_id, _kind(each), each.target, each.payload, award_id)
        for each in session.scalars(query)
    ]


def cancel(
    session: Session, award_ids: Collection[int], kinds: Collection[DeliveryKindName]
) -> int:
    """Remove deliveries of these awards that are not done; return how many. One query.

    A worker that holds one loses its lease: its outcome is not recorded.
    """
    pending = delete(Delivery).where(
        Delivery.award_id.in_(award_ids), Delivery.kind.in_(kinds), Delivery.state != "done"
    )
    return len(session.scalars(pending.returning(Delivery.id)).all())


def _kind(delivery: Delivery) -> DeliveryKindName:
    return cast(DeliveryKindName, delivery.kind)


def claim(
    session: Session,
    kind: DeliveryKindName,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    *,
    needs_account: bool = False,
    needs_payload: bool = True,
    waits_for: Collection[str] = (),
) -> list[ClaimedDelivery]:
    """Claim up to `limit` due deliveries of a kind; no other worker gets them for `lease`.

    Deliveries to people whose status stops them (they left the union, for example) stay queued.
    `owner`: the unique name of the worker. `needs_account`: only deliveries to members whose
    Moodle account is known. `waits_for`: kinds that must be done for the member before; see
    `waiting`. Without `needs_payload`, the payload is not read and is empty. Needs
    a transaction. Two queries.
    """
    due = [
        Delivery.state == "owed",
        Delivery.kind == kind,
        Delivery.next_try <= now,
        or_(Delivery.lease_until.is_(None), Delivery.lease_until <= now),
        Member.status.not_in(NOT_SERVED),
    ]
    if needs_account:
        due.append(Member.moodle_user_id.is_not(None))
    if waits_for:
        due.append(is_ready(waits_for, now))
    claimed = _lock_readable(session, due, limit, needs_payload)
    repeated = [one.id for one in claimed if one.repeated]
    given_up = unknown_outcomes.hand_over(session, Delivery, repeated)
    claimed = [replace(one, owner=owner) for one in claimed if one.id not in given_up]
    held = update(Delivery).where(Delivery.id.in_([one.id for one in claimed]))
    session.execute(
        held.values(attempts=Delivery.attempts + 1, lease_until=now + lease, lease_owner=owner)
    )
    return claimed


def _lock_readable(
    session: Session, due: Sequence[ColumnElement[bool]], limit: int, needs_payload: bool
) -> list[ClaimedDelivery]:
    """Lock what is due. Rows that can't be read fail, so that they don't stop the others."""
    try:
        return _lock_due(session, due, limit, needs_payload)
    except READ_ERRORS as error:
        if not is_unreadable(error):
            raise
    ids = select(Delivery.id).join(Member, Member.id == Delivery.member_id).where(*due)
    fail_unreadable(session, Delivery, session.scalars(ids).all())
    return _lock_due(session, due, limit, needs_payload)


def _lock_due(
    session: Session, due: Sequence[ColumnElement[bool]], limit: int, needs_payload: bool
) -> list[ClaimedDelivery]:
    columns = [each for each in COLUMNS if needs_payload or each is not Delivery.payload]
    query = select(*columns).join(Member, Member.id == Delivery.member_id).where(*due)
    query = query.order_by(Delivery.next_try, Delivery.id).limit(limit)
    # SQLite has no row locks and needs none: its transaction is the only writer.
    rows = session.execute(query.with_for_update(of=Delivery, skip_locked=True))
    return [ClaimedDelivery(**{"payload": {}, **row._mapping}) for row in rows]


def requeue(
    session: Session, member_ids: Collection[int], kind: DeliveryKindName, now: datetime
) -> int:
    """Queue the deliveries of a kind of these members again, whatever their state.

    A worker that holds one loses its lease. Returns how many were queued. One query.
    """
    queued = session.scalars(
        update(Delivery)
        .where(Delivery.member_id.in_(member_ids), Delivery.kind == kind)
        .values(
            state="owed", reason="", attempts=0, unknown_outcomes=0, next_try=now, last_error="",
            lease_until=None, lease_owner="", done_at=None,
        )
        .returning(Delivery.id)
    )  # fmt: skip
    return len(queued.all())


def begin_sending(session: Session, ids: Collection[int], owner: str, until: datetime) -> set[int]:
    """Count an attempt to send the email of these; see `unknown_outcomes.begin`."""
    return unknown_outcomes.begin(session, Delivery, ids, owner, until)


def lock_held(session: Session, ids: Collection[int], owner: str) -> set[int]:
    """Lock those of these deliveries that `owner` still holds; return their IDs. One query."""
    query = select(Delivery.id).where(Delivery.id.in_(ids), *_is_held_by(owner))
    return set(session.scalars(query.with_for_update()))


def mark_done(session: Session, ids: Collection[int], owner: str, now: datetime) -> int:
    """Record that deliveries are done; return how many `owner` still held."""
    return _record_outcome(session, ids, owner, state="done", reason="", last_error="", done_at=now)


def record_done_to(session: Session, targets: Mapping[int, tuple[int | None, int | None]]) -> None:
    """Record what deliveries (ids) were done to: the Moodle object and the Moodle account."""
    rows = [
        {"id": id_, "object_id": object_id, "account_id": account}
        for id_, (object_id, account) in sorted(targets.items())
    ]
    if rows:
        session.execute(update(Delivery), rows)


def retry_later(
    session: Session,
    delivery_id: int,
    owner: str,
    error: str,
    next_try: datetime,
    reason: Literal["later", "configuration", "companion"] = "later",
    *,
    tried: bool = True,
    began: bool = False,
) -> int:
    """Record a temporary failure; return 1, or 0 if `owner` no longer holds the delivery.

    With `tried=False` the attempt doesn't count: an error came from another delivery. `began`: a
    reply explained the attempt that `unknown_outcomes.begin` counted.
    """
    values = {"reason": reason, "last_error": storable_error(error), "next_try": next_try}
    counted = {} if tried else {"attempts": undo_attempt(Delivery.attempts)}
    if began:
        counted["unknown_outcomes"] = unknown_outcomes.one_less(Delivery)
    return _record_outcome(session, [delivery_id], owner, **values, **counted)


def record_unknown(
    session: Session, delivery_id: int, owner: str, error: str, next_try: datetime
) -> None:
    """Record that an email may have been sent: retry it, or leave it to a person after several."""
    if retry_later(session, delivery_id, owner, error, next_try):
        unknown_outcomes.hand_over(session, Delivery, [delivery_id])


def mark_failed(session: Session, delivery_id: int, owner: str, error: str) -> int:
    """Record a permanent failure; return 1, or 0 if `owner` no longer holds the delivery."""
    return _record_outcome(
        session,
        [delivery_id],
        owner,
        state="failed",
        reason="never",
        last_error=storable_error(error),
    )


def _record_outcome(session: Session, ids: Collection[int], owner: str, **values: object) -> int:
    recorded = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(ids), *_is_held_by(owner))
        .values(lease_until=None, lease_owner="", **values)
        .returning(Delivery.id)
    )
    return len(recorded.all())


def _is_held_by(owner: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Delivery.state == "owed",
        Delivery.lease_owner == owner,
        Delivery.lease_until.is_not(None),
    )


def storable_error(error: str) -> str:
    """Return the error as both databases can store it: shortened, without NUL or surrogates."""
    text = error.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return text[:MAX_ERROR_LENGTH]


def undo_attempt(attempts: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """SQL: one attempt less, but not below 0 (a retry may have reset the count meanwhile)."""
    return case((attempts > 0, attempts - 1), else_=0)


def release(session: Session, owner: str) -> int:
    """Release what `owner` still holds without counting an attempt; return how many."""
    released = session.scalars(
        update(Delivery)
        .where(Delivery.state == "owed", Delivery.lease_owner == owner)
        .values(lease_until=None, lease_owner="", attempts=undo_attempt(Delivery.attempts))
        .returning(Delivery.id)
    )
    return len(released.all())
