"""Deliveries are made: claimed, tried, and settled by what came of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.errors import (
    ConfigError,
    MailError,
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleUnavailable,
    StewardpathError,
    StoreError,
)
from bridge.logs import event
from bridge.moodle.client.transport import Unreached
from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.unexpected_errors import UnexpectedError, as_unexpected_error

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
MAX_BATCH_DURATION = timedelta(minutes=4)
"""After so long no further part of a batch is begun: the longest call then ends in the lease."""
INITIAL_RETRY_DELAY = timedelta(seconds=30)
MAX_RETRY_DELAY = timedelta(hours=6)
CONFIGURATION_RETRY_DELAY = timedelta(minutes=5)
MOST_CRASHES = 3
"""Deliveries that fail one after the other with errors nobody expected, before the rest is put
back."""

Resolution = Literal["done", "later", "never", "configuration"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one delivery. `user`: the Moodle user it found or made; `then` records more
    in the transaction that settles it. Not `tried`: put back, and no attempt is counted."""

    delivery: ClaimedDelivery
    resolution: Resolution
    error: str = ""
    after: float | None = None
    user: int | None = None
    then: OnSettle | None = None
    tried: bool = True


OnSettle = Callable[[Session, Sequence[Outcome], datetime], Mapping[int, StewardpathError]]
"""Records all outcomes of a part at once; for each delivery (id) that could not be, the error."""
Handler = Callable[[Sequence[ClaimedDelivery]], Iterator[Sequence[Outcome]]]
"""Makes a batch and yields what came of it, part by part; each part is settled at once.

An error that it raises is one of the call or the site, never of a member. Halt puts back what it
has not settled.
"""


SILENT = UnexpectedError("nothing was recorded about this delivery.", todo="It is tried again.")


class Halt(Exception):
    """This kind stops for this run, because of `error`; what is left was not tried."""

    def __init__(self, error: StewardpathError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class DeliveryKind:
    """How one kind of delivery is made: by whom, and how many at a time."""

    kind: str
    handler: Handler
    needs_account: bool
    batch: int


def deliver(
    database: Database,
    lines: Sequence[DeliveryKind],
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[Resolution]:
    """Make all that is due, until nothing is or `stopped`; returns the fates.

    A batch of each kind in turn, so that no kind waits until another has come to its end; a kind
    that gets nowhere, or whose site fails, is left for the next time.

    What was claimed and not begun is released. After a kill it may have been begun: it is free
    again when its lease ends, and counts as tried, so that its effect is looked up before it is
    repeated.
    """
    resolutions: Counter[Resolution] = Counter()
    going, progress = list(lines), True
    while progress and not stopped():
        progress = False
        for line in tuple(going):
            if stopped():
                break
            settled, halted = _batch(database, line, owner, clock, stopped)
            resolutions += settled
            if halted or (settled and not settled["done"] + settled["never"]):
                going.remove(line)
            elif settled:
                progress = True
    with database.transaction() as session:
        deliveries.release(session, owner)
    return resolutions


def _batch(
    database: Database,
    line: DeliveryKind,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool],
) -> tuple[Counter[Resolution], bool]:
    """One batch; returns the fates, and whether something was put back untried."""
    begun, halted = clock(), False
    with database.transaction() as session:
        claimed = deliveries.claim(
            session,
            line.kind,
            owner,
            begun,
            LEASE,
            line.batch,
            needs_account=line.needs_account,
        )
    resolutions: Counter[Resolution] = Counter()
    with closing(_made(line.handler, claimed)) as parts:
        for part in parts:
            settled = _settled(database, part, owner, clock())
            resolutions.update(outcome.resolution for outcome in settled)
            halted = halted or not all(outcome.tried for outcome in settled)
            if stopped() or clock() - begun > MAX_BATCH_DURATION:
                break
    return resolutions, halted


def _made(
    handler: Handler, claimed: Sequence[ClaimedDelivery]
) -> Generator[Sequence[Outcome], None, None]:
    """The handler's outcomes, and one for each delivery that an error kept it from."""
    open_ones = {delivery.id: delivery for delivery in claimed}
    try:
        for part in _isolated(handler, claimed, Counter()):
            for outcome in part:
                open_ones.pop(outcome.delivery.id, None)
            yield part
        rest = [failed_outcome(delivery, SILENT) for delivery in open_ones.values()]
    except Halt as halt:
        rest = [_put_back(delivery, halt.error) for delivery in open_ones.values()]
    except (Unreached, MoodleMaintenance) as error:
        rest = [_put_back(delivery, error) for delivery in open_ones.values()]
    except StewardpathError as error:
        rest = [_kept_from(delivery, error) for delivery in open_ones.values()]
    if rest:
        yield rest


def _isolated(
    handler: Handler, claimed: Sequence[ClaimedDelivery], crashes: Counter[str]
) -> Iterator[Sequence[Outcome]]:
    """The handler's outcomes. After an error that nobody expected, each half of what is left is
    made by itself, until the one that causes it is alone.

    What is tried again so may have been done: it is looked up first. Raises Halt after
    MOST_CRASHES in a row.
    """
    if not claimed:
        return
    open_ones = {delivery.id: delivery for delivery in claimed}
    try:
        for part in handler(claimed):
            for outcome in part:
                open_ones.pop(outcome.delivery.id, None)
            if part:
                crashes.clear()
                yield part
    except (Halt, StewardpathError):
        raise
    except Exception as error:  # noqa: BLE001  (one delivery must not end the others)
        rest = [replace(delivery, repeated=True) for delivery in open_ones.values()]
        if len(rest) < 2:
            yield from _crashed(rest, error, crashes)
            return
        middle = len(rest) // 2
        for half in (rest[:middle], rest[middle:]):
            yield from _isolated(handler, half, crashes)


def _crashed(
    alone: Sequence[ClaimedDelivery], error: Exception, crashes: Counter[str]
) -> Iterator[Sequence[Outcome]]:
    """Called while `error` is handled, so that the log has where it happened."""
    for delivery in alone:
        event(
            log, "delivery-crashed", level=logging.ERROR, kind=delivery.kind, delivery=delivery.id
        )
        yield [failed_outcome(delivery, as_unexpected_error(error))]
    crashes["in a row"] += 1
    if crashes["in a row"] >= MOST_CRASHES:
        raise Halt(as_unexpected_error(error))


def failed_outcome(delivery: ClaimedDelivery, error: StewardpathError) -> Outcome:
    """The outcome that an error means."""
    resolution, after = resolution_for(error)
    return Outcome(delivery, resolution, str(error), after)


def _kept_from(delivery: ClaimedDelivery, error: StewardpathError) -> Outcome:
    """The outcome of an error that is not about this delivery: never a refusal."""
    return Outcome(delivery, _fate_of_all(error), str(error), resolution_for(error)[1])


def _put_back(delivery: ClaimedDelivery, error: StewardpathError) -> Outcome:
    """The outcome of one that was not tried because of what others met."""
    return replace(_kept_from(delivery, error), tried=False)


def _fate_of_all(error: StewardpathError) -> Literal["later", "configuration"]:
    mine = isinstance(error, MoodleMisconfigured | ConfigError)
    return "configuration" if mine else "later"


def resolution_for(error: StewardpathError) -> tuple[Resolution, float | None]:
    """What an error about one delivery means: again later (and after how many seconds, if the
    server says so), never, or when a setting is changed."""
    if isinstance(error, MoodleUnavailable):
        return "later", error.after
    if isinstance(error, UnexpectedError | StoreError) or (
        isinstance(error, MailError) and error.again
    ):
        return "later", None
    if isinstance(error, MoodleMisconfigured | ConfigError):
        return "configuration", None
    return "never", None


def _settled(
    database: Database, part: Sequence[Outcome], owner: str, now: datetime
) -> Sequence[Outcome]:
    """Record a part in one transaction, or each outcome in its own if one cannot be recorded.

    One that cannot be recorded even so is put off with the error. Raises StoreError where even
    that cannot be written.
    """
    try:
        with database.transaction() as session:
            return _settle(session, part, owner, now)
    except Exception as error:  # noqa: BLE001  (one row must not end the others)
        if len(part) > 1:
            return [each for one in part for each in _settled(database, [one], owner, now)]
        event(log, "delivery-not-recorded", level=logging.ERROR, delivery=part[0].delivery.id)
        reason = error if isinstance(error, StewardpathError) else as_unexpected_error(error)
    plain = _kept_from(part[0].delivery, reason)
    with database.transaction() as session:
        return _settle(session, [plain], owner, now)


def _settle(
    session: Session, part: Sequence[Outcome], owner: str, now: datetime
) -> Sequence[Outcome]:
    """Record what came of a part; what is done, usually all of it, in one statement."""
    settled = _recorded(session, part, now)
    done = [outcome.delivery.id for outcome in settled if outcome.resolution == "done"]
    if done:
        deliveries.mark_done(session, done, owner, now)
    for outcome in settled:
        if outcome.resolution != "done":
            _put_off(session, outcome, owner, now)
        _log(outcome)
    return settled


def _recorded(session: Session, part: Sequence[Outcome], now: datetime) -> Sequence[Outcome]:
    errors: dict[int, StewardpathError] = {}
    for then in dict.fromkeys(outcome.then for outcome in part if outcome.then):
        errors |= then(session, [outcome for outcome in part if outcome.then is then], now)
    return [
        failed_outcome(outcome.delivery, errors[outcome.delivery.id])
        if outcome.delivery.id in errors
        else outcome
        for outcome in part
    ]


def _put_off(session: Session, outcome: Outcome, owner: str, now: datetime) -> None:
    delivery = outcome.delivery.id
    if outcome.resolution in ("later", "configuration"):
        pause = retry_delay(outcome.resolution, outcome.delivery.attempts, outcome.after)
        if not outcome.tried:
            pause = max(timedelta(seconds=outcome.after or 0), INITIAL_RETRY_DELAY)
        deliveries.retry_later(
            session,
            delivery,
            owner,
            outcome.error,
            now + pause,
            outcome.resolution,
            tried=outcome.tried,
        )
    else:
        deliveries.mark_failed(session, delivery, owner, outcome.error)


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


def retry_delay(resolution: Resolution, attempts: int, after: float | None = None) -> timedelta:
    """Twice as long each time, as long as the server asks, or time to change a setting."""
    if resolution == "configuration":
        return CONFIGURATION_RETRY_DELAY
    doubled = INITIAL_RETRY_DELAY * int(2 ** min(attempts - 1, 12))
    return max(timedelta(seconds=after or 0), min(doubled, MAX_RETRY_DELAY))
