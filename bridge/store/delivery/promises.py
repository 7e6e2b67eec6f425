"""Deliveries that are done: whether they are still true, and queueing them again if not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from bridge.delivery_check import CheckedKind
from bridge.membership.status import statuses_without
from bridge.store.tables.accounts import MoodleDifference
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Award, Enrolment
from bridge.store.tables.members import Member

CHECKED_KINDS: tuple[CheckedKind, ...] = get_args(CheckedKind)
REVOCATIONS = ("cohort-leave", "badge-revoke")
NOT_SERVED = statuses_without(lambda rights: rights.served)


@dataclass(frozen=True, slots=True)
class CheckedMember:
    """A member whose deliveries are checked. `moodle_user_id`: None if the account was lost."""

    id: int
    moodle_user_id: int | None


@dataclass(frozen=True, slots=True)
class DoneDelivery:
    """A delivery that is done. `object_id` and `account_id`: what it was done to, if known."""

    id: int
    member_id: int
    kind: CheckedKind
    target: str
    payload: Mapping[str, object]
    object_id: int | None
    account_id: int | None
    is_listed: bool
    """Whether a difference is known: a person has it to answer, or answered."""


def checked_members(session: Session, limit: int, after: int) -> list[CheckedMember]:
    """Return members above the ID `after` who have a Moodle account or had one. One query.

    Not those whose status stops deliveries.
    """
    had_account = exists().where(
        Delivery.member_id == Member.id, Delivery.kind == "account", Delivery.state == "done"
    )
    query = select(Member.id, Member.moodle_user_id).where(
        Member.id > after,
        Member.status.not_in(NOT_SERVED),
        or_(Member.moodle_user_id.is_not(None), had_account),
    )
    rows = session.execute(query.order_by(Member.id).limit(limit))
    return [CheckedMember(*row) for row in rows]


def done_deliveries(session: Session, member_ids: Collection[int]) -> list[DoneDelivery]:
    """Return the promises of these members that still hold here. One query.

    What a withdrawn award gave is no promise any more; that it was taken away is one.
    """
    withdrawn = exists().where(Award.id == Delivery.award_id, Award.withdrawn_at.is_not(None))
    query = (
        select(
            Delivery.id, Delivery.member_id, Delivery.kind, Delivery.target, Delivery.payload,
            Delivery.object_id, Delivery.account_id,
            exists().where(MoodleDifference.delivery_id == Delivery.id).label("is_listed"),
        )
        .where(
            Delivery.member_id.in_(member_ids),
            Delivery.kind.in_(CHECKED_KINDS),
            Delivery.state == "done",
            or_(Delivery.kind.in_(REVOCATIONS), ~withdrawn),
        )
        .order_by(Delivery.member_id, Delivery.id)
    )  # fmt: skip
    return [DoneDelivery(**row._mapping) for row in session.execute(query)]


def queue_again(session: Session, ids: Collection[int], now: datetime) -> int:
    """Queue deliveries that are done again; return how many. Three statements.

    Deliveries that changed meanwhile are left alone.
    """
    return _queue(session, [Delivery.id.in_(ids)], now)


def put_back_done(session: Session, ids: Collection[int], now: datetime) -> set[int]:
    """Take deliveries that were queued again out of the queue, if no worker has begun them.

    Return those (IDs). One statement.
    """
    not_begun = (
        Delivery.id.in_(ids),
        Delivery.state != "done",
        or_(Delivery.lease_until.is_(None), Delivery.lease_until <= now),
    )
    taken = (
        update(Delivery)
        .where(*not_begun)
        .values(state="done", reason="", last_error="", done_at=now)
    )
    return set(session.scalars(taken.returning(Delivery.id)))


def queue_replaced(
    session: Session, kinds: Collection[str], targets: Collection[str], object_id: int,
    now: datetime,
) -> int:  # fmt: skip
    """Queue what was done to a Moodle object that was replaced by the one with `object_id`.

    Return how many. Not what a person has to answer, or answered: what applied to the old object
    applies to the new one.
    """
    listed = exists().where(MoodleDifference.delivery_id == Delivery.id)
    withdrawn = exists().where(Award.id == Delivery.award_id, Award.withdrawn_at.is_not(None))
    served = exists().where(Member.id == Delivery.member_id, Member.status.not_in(NOT_SERVED))
    conditions = [
        Delivery.kind.in_(kinds),
        Delivery.target.in_(targets),
        Delivery.object_id.is_not(None),
        Delivery.object_id != object_id,
        ~listed,
        ~withdrawn,
        served,
    ]
    return _queue(session, conditions, now)


def _queue(session: Session, conditions: Sequence[ColumnElement[bool]], now: datetime) -> int:
    queued = session.execute(
        update(Delivery)
        .where(*conditions, Delivery.state == "done")
        .values(
            state="owed", reason="", attempts=0, next_try=now, last_error="", done_at=None,
            lease_until=None, lease_owner="",
        )
        .returning(Delivery.member_id, Delivery.kind, Delivery.payload),
        execution_options={"synchronize_session": False},
    ).all()  # fmt: skip
    _reopen_enrolments(session, [row for row in queued if row.kind == "enrol"])
    return len(queued)


def _reopen_enrolments(session: Session, rows: Sequence[object]) -> None:
    """Pages show these courses as pending until Moodle has enrolled the members again."""
    by_course: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        payload = row.payload  # type: ignore[attr-defined]
        course = str(payload.get("curriculum")), str(payload.get("milestone"))
        by_course.setdefault(course, []).append(row.member_id)  # type: ignore[attr-defined]
    for (curriculum, milestone), members in by_course.items():
        session.execute(
            update(Enrolment)
            .where(
                Enrolment.member_id.in_(members),
                Enrolment.curriculum == curriculum,
                Enrolment.milestone == milestone,
            )
            .values(enrolled_at=None)
        )


def record_seen(session: Session, seen: Mapping[int, tuple[int | None, int]]) -> None:
    """Record the object and the account of deliveries that an earlier release carried out."""
    rows = [
        {"id": id_, "object_id": object_id, "account_id": account}
        for id_, (object_id, account) in sorted(seen.items())
    ]
    if rows:
        session.execute(update(Delivery), rows)
