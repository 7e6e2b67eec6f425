"""Carries out deliveries: claims them, hands them to handlers, and records the outcome of each."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from bridge.errors import MoodleMaintenance, StewardpathError
from bridge.logs import event
from bridge.moodle.client.transport import NotConnected
from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.delivery.kinds import DELIVERIES, DeliveryKindName
from bridge.store.members.locking import lock_members
from bridge.workflows.delivery.outcomes import (
    INITIAL_RETRY_DELAY,
    Halt,
    Outcome,
    Resolution,
    blocked_outcome,
    failed_outcome,
    put_back_outcome,
    retry_delay,
)
from bridge.workflows.unexpected_errors import UnexpectedError, as_unexpected_error

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
MAX_BATCH_DURATION = timedelta(minutes=4)
"""After this time, no further part of a batch begins: the longest call must end in the lease."""
NO_OUTCOME = UnexpectedError("nothing was recorded about this delivery.", todo="It is tried again.")
MAX_CRASHES_IN_A_ROW = 3
"""After so many unexpected errors in a row, the rest of a kind is put back."""

Handler = Callable[[Sequence[ClaimedDelivery]], Iterator[Sequence[Outcome]]]
"""Carries out a batch and yields the outcomes in parts. Each part is recorded immediately.

An error that it raises is about the call or the site, never about a member. After Halt, the
deliveries that have no outcome yet are put back.
"""


@dataclass(frozen=True, slots=True)
class DeliveryKind:
    """How one kind of delivery is carried out. The rest is as in DeliveryDeclaration."""

    kind: DeliveryKindName
    handler: Handler
    needs_account: bool
    batch: int
    needs_payload: bool = True


def carried_out_by(kind: DeliveryKindName, handler: Handler) -> DeliveryKind:
    """The declared kind, with its handler."""
    declared = DELIVERIES[kind]
    return DeliveryKind(
        kind, handler, declared.needs_account, declared.batch, declared.needs_payload
    )


def deliver(
    database: Database,
    kinds: Sequence[DeliveryKind],
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[Resolution]:
    """Carry out all deliveries that are due, or until `stopped`. Returns the resolutions.

    The kinds take turns, one batch each, so that none waits for another to finish. A kind that
    makes no progress, or whose site fails, is left for the next run.

    Deliveries that were claimed but not begun are released. A killed process can't release
    them: they are free again when the lease ends, and count as tried, so that a handler looks
    up their effect before it repeats it.
    """
    resolutions: Counter[Resolution] = Counter()
    active, progress = list(kinds), True
    while progress and not stopped():
        progress = False
        for kind in tuple(active):
            if stopped():
                break
            settled, halted = _deliver_batch(database, kind, owner, clock, stopped)
            resolutions += settled
            if halted or (
                settled and not settled["done"] + settled["never"] + settled["companion"]
            ):
                active.remove(kind)
            elif settled:
                progress = True
    with database.transaction() as session:
        deliveries.release(session, owner)
    return resolutions


def _deliver_batch(
    database: Database,
    kind: DeliveryKind,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool],
) -> tuple[Counter[Resolution], bool]:
    """Carry out one batch. Returns the resolutions, and whether any delivery was put back."""
    begun, halted = clock(), False
    with database.transaction() as session:
        claimed = deliveries.claim(
            session,
            kind.kind,
            owner,
            begun,
            LEASE,
            kind.batch,
            needs_account=kind.needs_account,
            needs_payload=kind.needs_payload,
            waits_for=DELIVERIES[kind.kind].waits_for,
        )
    resolutions: Counter[Resolution] = Counter()
    with closing(_outcomes(kind.handler, claimed)) as parts:
        for part in parts:
            settled = _settle(database, part, owner, clock())
            resolutions.update(outcome.resolution for outcome in settled)
            halted = halted or not all(outcome.tried for outcome in settled)
            if stopped() or clock() - begun > MAX_BATCH_DURATION:
                break
    return resolutions, halted


def _outcomes(
    handler: Handler, claimed: Sequence[ClaimedDelivery]
) -> Generator[Sequence[Outcome], None, None]:
    """The handler's outcomes, then one for each delivery that an error kept it from."""
    pending = {delivery.id: delivery for delivery in claimed}
    try:
        for part in _isolate_crashes(handler, claimed, Counter()):
            for outcome in part:
                pending.pop(outcome.delivery.id, None)
            yield part
        rest = [failed_outcome(delivery, NO_OUTCOME) for delivery in pending.values()]
    except Halt as halt:
        rest = [put_back_outcome(delivery, halt.error) for delivery in pending.values()]
    except (NotConnected, MoodleMaintenance) as error:
        rest = [put_back_outcome(delivery, error) for delivery in pending.values()]
    except StewardpathError as error:
        rest = [blocked_outcome(delivery, error) for delivery in pending.values()]
    if rest:
        yield rest


def _isolate_crashes(
    handler: Handler, claimed: Sequence[ClaimedDelivery], crashes: Counter[str]
) -> Iterator[Sequence[Outcome]]:
    """The handler's outcomes. After an unexpected error, run each half of the rest by itself,
    until the delivery that causes the error is alone.

    A delivery that is run again may already have been done: the handler looks it up first.
    Raises Halt after MAX_CRASHES_IN_A_ROW.
    """
    if not claimed:
        return
    pending = {delivery.id: delivery for delivery in claimed}
    try:
        for part in handler(claimed):
            for outcome in part:
                pending.pop(outcome.delivery.id, None)
            if part:
                crashes.clear()
                yield part
    except (Halt, StewardpathError):
        raise
    except Exception as error:  # noqa: BLE001  (one delivery must not end the others)
        rest = [replace(delivery, repeated=True) for delivery in pending.values()]
        if len(rest) < 2:
            yield from _crashed(rest, error, crashes)
            return
        middle = len(rest) // 2
        for half in (rest[:middle], rest[middle:]):
            yield from _isolate_crashes(handler, half, crashes)


def _crashed(
    alone: Sequence[ClaimedDelivery], error: Exception, crashes: Counter[str]
) -> Iterator[Sequence[Outcome]]:
    """Call this while `error` is handled, so that the log includes its traceback."""
    for delivery in alone:
        event(
            log, "delivery-crashed", level=logging.ERROR, kind=delivery.kind, delivery=delivery.id
        )
        yield [failed_outcome(delivery, as_unexpected_error(error))]
    crashes["in a row"] += 1
    if crashes["in a row"] >= MAX_CRASHES_IN_A_ROW:
        raise Halt(as_unexpected_error(error))


def _settle(
    database: Database, part: Sequence[Outcome], owner: str, now: datetime
) -> Sequence[Outcome]:
    """Record a part in one transaction, or each outcome in its own if one can't be recorded.

    An outcome that still can't be recorded is retried later, with the error. Raises StoreError
    if even that can't be written.
    """
    try:
        with database.transaction() as session:
            return _record(session, part, owner, now)
    except Exception as error:  # noqa: BLE001  (one row must not end the others)
        if len(part) > 1:
            return [each for one in part for each in _settle(database, [one], owner, now)]
        event(log, "delivery-not-recorded", level=logging.ERROR, delivery=part[0].delivery.id)
        reason = error if isinstance(error, StewardpathError) else as_unexpected_error(error)
    blocked = blocked_outcome(part[0].delivery, reason)
    with database.transaction() as session:
        return _record(session, [blocked], owner, now)


def _record(
    session: Session, part: Sequence[Outcome], owner: str, now: datetime
) -> Sequence[Outcome]:
    """Record the outcomes of a part. All that are done take one statement.

    An outcome is dropped if the lease was lost meanwhile, for example because a person answered
    an account question: the delivery is queued again, and its effect is looked up then.
    """
    lock_members(session, {outcome.delivery.member_id for outcome in part})
    held = deliveries.lock_held(session, [outcome.delivery.id for outcome in part], owner)
    part = [outcome for outcome in part if outcome.delivery.id in held]
    settled = _call_on_settle(session, part, now)
    done = {each.delivery.id: each for each in settled if each.resolution == "done"}
    if done:
        deliveries.mark_done(session, done.keys(), owner, now)
        done_to = {id_: (each.object_id, each.account) for id_, each in done.items()}
        deliveries.record_done_to(session, done_to)
    for outcome in settled:
        if outcome.resolution != "done":
            _record_failure(session, outcome, owner, now)
        _log(outcome)
    return settled


def _call_on_settle(session: Session, part: Sequence[Outcome], now: datetime) -> Sequence[Outcome]:
    """The outcomes, with a failure for each one that `on_settle` couldn't record."""
    errors: dict[int, StewardpathError] = {}
    for callback in dict.fromkeys(outcome.on_settle for outcome in part if outcome.on_settle):
        outcomes = [outcome for outcome in part if outcome.on_settle is callback]
        errors |= callback(session, outcomes, now)
    return [
        failed_outcome(outcome.delivery, errors[outcome.delivery.id])
        if outcome.delivery.id in errors
        else outcome
        for outcome in part
    ]


def _record_failure(session: Session, outcome: Outcome, owner: str, now: datetime) -> None:
    delivery = outcome.delivery.id
    match outcome.resolution:
        case "never" | "done":
            deliveries.mark_failed(session, delivery, owner, outcome.error)
            return
        case "unknown":
            delay = retry_delay(outcome.resolution, outcome.delivery.attempts)
            deliveries.record_unknown(session, delivery, owner, outcome.error, now + delay)
            return
        case "later" | "configuration" | "companion":
            pass
        case _:
            assert_never(outcome.resolution)
    delay = retry_delay(outcome.resolution, outcome.delivery.attempts, outcome.after)
    if not outcome.tried:
        delay = max(timedelta(seconds=outcome.after or 0), INITIAL_RETRY_DELAY)
    deliveries.retry_later(
        session,
        delivery,
        owner,
        outcome.error,
        now + delay,
        outcome.resolution,
        tried=outcome.tried and outcome.resolution != "companion",
        began=outcome.began,
    )


def _log(outcome: Outcome) -> None:
    delivery = outcome.delivery
    event(
        log,
        "delivery",
        kind=delivery.kind,
        delivery=delivery.id,
        member=delivery.member_id,
        resolution=outcome.resolution,
        attempt=delivery.attempts if outcome.tried else 0,
    )
