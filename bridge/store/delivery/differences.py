"""Where Moodle differs from a delivery, and someone may have meant it: a person decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from bridge.access.rights import ABOUT_YOURSELF as ABOUT_YOURSELF
from bridge.delivery_check import What
from bridge.membership.status import statuses_without
from bridge.store.delivery import promises
from bridge.store.dialect import insert_into
from bridge.store.operations import audit_log, runs
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.accounts import MoodleDifference
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.members import Member

CHECK_RUN = "check-deliveries"
"""The kind of run that compares Moodle with what was delivered."""
DifferenceAnswer = Literal["again", "leave"]
"""Carry it out again; leave Moodle as it is."""
NOT_SERVED = statuses_without(lambda rights: rights.served)

# Refusals in English. Pages show them in the visitor's language.
MISSING = "It is not listed any more."
IN_MOODLE_ONLY = "Stewardpath does not unsuspend accounts. Do it in Moodle, or leave it so."
CARRIED_OUT = "It has been carried out again already."
REFUSALS = (MISSING, ABOUT_YOURSELF, IN_MOODLE_ONLY, CARRIED_OUT)


@dataclass(frozen=True, slots=True)
class NewDifference:
    """A delivery that Moodle differs from."""

    member_id: int
    delivery_id: int
    kind: str
    target: str
    what: What


@dataclass(frozen=True, slots=True)
class ListedDifference:
    """A difference with its member. `answer`: '' if it is open."""

    id: int
    member_id: int
    delivery_id: int
    number: str | None
    first_name: str
    last_name: str
    region: str
    moodle_user_id: int | None
    kind: str
    target: str
    what: What
    found_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for each difference, by ID. `refused`: each with the reason."""

    changed: Sequence[int] = ()
    refused: Mapping[int, str] = field(default_factory=dict)


def record(
    session: Session,
    found: Sequence[NewDifference],
    fine: Collection[int],
    started: datetime,
) -> None:
    """Store what differs, and remove what doesn't any more (`fine`: delivery IDs).

    `started`: when Moodle was read. A known difference keeps its date and its answer. It is asked
    again if it was carried out again before that, or if it differs in another way now.
    """
    if fine:
        session.execute(delete(MoodleDifference).where(MoodleDifference.delivery_id.in_(fine)))
    if found:
        _upsert(session, found, started)


def _upsert(session: Session, found: Sequence[NewDifference], started: datetime) -> None:
    unanswered = {"answer": "", "answered_by": "", "answered_at": None}
    rows = [
        asdict(each) | unanswered | {"found_at": started}
        for each in sorted(found, key=lambda each: each.delivery_id)
    ]
    insert = insert_into(session, MoodleDifference)
    new = insert.excluded
    repeated = and_(MoodleDifference.answer == "again", MoodleDifference.answered_at < started)
    statement = insert.on_conflict_do_update(
        index_elements=["delivery_id"],
        set_={"what": new.what, "found_at": new.found_at, **unanswered},
        where=or_(repeated, MoodleDifference.what != new.what),
    )
    session.execute(statement, rows)


def remove_orphans(session: Session) -> None:
    """Remove differences whose delivery was removed with its award."""
    known = exists().where(Delivery.id == MoodleDifference.delivery_id)
    session.execute(delete(MoodleDifference).where(~known))


def answer(
    session: Session,
    ids: Collection[int],
    answer: DifferenceAnswer,
    by: str,
    now: datetime,
    *,
    own: Collection[int] = (),
) -> Result:
    """Answer differences, each with an audit entry. A given answer can be changed.

    `again`: the delivery is queued. `leave`: it is not; if it is queued and no worker has begun
    it, it isn't carried out. `own`: the member records of who answers; differences about them are
    refused.
    """
    return _set(session, ids, answer, by, now, own)


def withdraw(
    session: Session, ids: Collection[int], by: str, now: datetime, *, own: Collection[int] = ()
) -> Result:
    """Reopen answered differences, each with an audit entry. `own`: as in `answer`."""
    return _set(session, ids, "", by, now, own)


def _set(
    session: Session,
    ids: Collection[int],
    answer: str,
    by: str,
    now: datetime,
    own: Collection[int],
) -> Result:
    query = select(MoodleDifference).where(MoodleDifference.id.in_(ids))
    rows = session.scalars(
        query.order_by(MoodleDifference.id).with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    refused = dict.fromkeys(set(ids) - {row.id for row in rows}, MISSING)
    refused |= dict.fromkeys([row.id for row in rows if row.member_id in own], ABOUT_YOURSELF)
    changing = [row for row in rows if row.answer != answer and row.id not in refused]
    if answer == "again":
        refused |= {row.id: IN_MOODLE_ONLY for row in changing if row.kind == "account"}
    refused |= _stop(session, [row for row in changing if row.answer == "again"], now)
    changing = [row for row in changing if row.id not in refused]
    if answer == "again":
        promises.queue_again(session, [row.delivery_id for row in changing], now)
    lines = [AuditRecord(row.member_id, _shown(row), _shown(row, answer)) for row in changing]
    for row in changing:
        row.answer, row.answered_by = answer, by if answer else ""
        row.answered_at = now if answer else None
    session.flush()
    audit_log.write_all(session, by, "difference-answer", lines, now)
    return Result([row.id for row in changing], refused)


def _stop(session: Session, rows: Sequence[MoodleDifference], now: datetime) -> dict[int, str]:
    """Don't carry these out again; return why not for those where it is too late."""
    if not rows:
        return {}
    stopped = promises.put_back_done(session, [row.delivery_id for row in rows], now)
    return {row.id: CARRIED_OUT for row in rows if row.delivery_id not in stopped}


def _shown(row: MoodleDifference, answer: str | None = None) -> dict[str, object]:
    about: dict[str, object] = {"kind": row.kind, "target": row.target, "what": row.what}
    return about | {"answer": row.answer if answer is None else answer}


def list_differences(
    session: Session,
    limit: int,
    after: int = 0,
    *,
    answered: bool = False,
    regions: Collection[str] | None = None,
) -> list[ListedDifference]:
    """Return up to `limit` open or answered differences with IDs above `after`. One query.

    Not of people whose status stops deliveries.
    """
    state = MoodleDifference.answer != "" if answered else _is_open()
    return _rows(session, [state, MoodleDifference.id > after, *_visible(regions)], limit)


def differences_of(session: Session, member_id: int) -> list[ListedDifference]:
    """Return all differences of a member, open and answered. One query."""
    return _rows(session, [MoodleDifference.member_id == member_id])


def by_ids(session: Session, ids: Collection[int]) -> list[ListedDifference]:
    """Return those of these differences that exist. One query."""
    return _rows(session, [MoodleDifference.id.in_(ids)])


def count_open(session: Session, regions: Collection[str] | None = None) -> int:
    """Return how many differences are open in these regions."""
    query = select(func.count()).select_from(MoodleDifference)
    query = query.join(Member, Member.id == MoodleDifference.member_id)
    return session.scalar(query.where(_is_open(), *_visible(regions))) or 0


def held_kinds(session: Session) -> Mapping[str, Sequence[int]]:
    """Return what the last check held because too much was missing: missing and checked by kind."""
    run = runs.last_run(session, CHECK_RUN, ok_only=True)
    return cast("Mapping[str, Sequence[int]]", run.detail.get("held", {}) if run else {})


def _visible(regions: Collection[str] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Member.status.not_in(NOT_SERVED)]
    return conditions if regions is None else [*conditions, Member.region.in_(regions)]


def _is_open() -> ColumnElement[bool]:
    """SQL condition, with the same literal as the partial index: a bound value could not use it."""
    return MoodleDifference.answer == literal_column("''", String)


def _rows(
    session: Session, conditions: Sequence[ColumnElement[bool]], limit: int | None = None
) -> list[ListedDifference]:
    one = MoodleDifference
    query = (
        select(
            one.id, one.member_id, one.delivery_id, Member.number, Member.first_name,
            Member.last_name, Member.region, Member.moodle_user_id, one.kind, one.target,
            one.what, one.found_at, one.answer, one.answered_by, one.answered_at,
        )
        .join(Member, Member.id == one.member_id)
        .where(*conditions)
        .order_by(one.id)
        .limit(limit)
    )  # fmt: skip
    return [ListedDifference(**row._mapping) for row in session.execute(query)]
