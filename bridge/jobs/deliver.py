"""Deliveries are made: claimed, tried, and settled by what came of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.errors import (
    ConfigError,
    MailError,
    MoodleMisconfigured,
    MoodleUnavailable,
    StewardpathError,
)
from bridge.logs import event
from bridge.store import deliveries
from bridge.store.database import Database
from bridge.store.deliveries import Claimed

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
LONGEST_BATCH = timedelta(minutes=4)
"""After so long no further part of a batch is begun: the longest call then ends in the lease."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
CONFIGURATION_WAIT = timedelta(minutes=5)

Fate = Literal["done", "later", "never", "configuration"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one delivery. `user`: the Moodle user it found or made; `then` records more
    in the transaction that settles it."""

    delivery: Claimed
    fate: Fate
    error: str = ""
    after: float | None = None
    user: int | None = None
    then: Then | None = None


Then = Callable[[Session, Sequence[Outcome], datetime], Mapping[int, StewardpathError]]
"""Records all outcomes of a part at once; for each delivery (id) that could not be, the error."""
Handler = Callable[[Sequence[Claimed]], Iterator[Sequence[Outcome]]]
"""Makes a batch and yields what came of it, part by part; each part is settled at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """How one kind of delivery is made: by whom, and how many at a time."""

    kind: str
    handler: Handler
    needs_account: bool
    batch: int


def deliver(
    database: Database,
    lines: Sequence[Line],
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Make all that is due, until nothing is or `stopped`; returns the fates.

    A batch of each kind in turn, so that no kind waits until another has come to its end; a kind
    that gets nowhere is left for the next time.

    What was claimed and not begun is released. After a kill, or an error that nobody foresaw, it
    may have been begun: it is free again when its lease ends, and counts as tried, so that its
    effect is looked up before it is repeated.
    """
    fates: Counter[Fate] = Counter()
    going, progress = list(lines), True
    while progress and not stopped():
        progress = False
        for line in tuple(going):
            if stopped():
                break
            settled = _batch(database, line, owner, clock, stopped)
            fates += settled
            if settled["done"] + settled["never"]:
                progress = True
            elif settled:
                going.remove(line)
    with database.transaction() as session:
        deliveries.release(session, owner)
    return fates


def _batch(
    database: Database,
    line: Line,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool],
) -> Counter[Fate]:
    begun = clock()
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
    fates: Counter[Fate] = Counter()
    with closing(_made(line.handler, claimed)) as parts:
        for part in parts:
            with database.transaction() as session:
                settled = _settle(session, part, owner, clock())
            fates.update(outcome.fate for outcome in settled)
            if stopped() or clock() - begun > LONGEST_BATCH:
                break
    return fates


def _made(handler: Handler, claimed: Sequence[Claimed]) -> Generator[Sequence[Outcome], None, None]:
    """The handler's outcomes; what an error kept it from settles by the error's type."""
    if not claimed:
        return
    open_ones = {delivery.id: delivery for delivery in claimed}
    try:
        for part in handler(claimed):
            for outcome in part:
                open_ones.pop(outcome.delivery.id, None)
            if part:
                yield part
    except StewardpathError as error:
        yield [failed(delivery, error) for delivery in open_ones.values()]


def failed(delivery: Claimed, error: StewardpathError) -> Outcome:
    """The outcome that an error means."""
    fate, after = fate_of(error)
    return Outcome(delivery, fate, str(error), after)


def fate_of(error: StewardpathError) -> tuple[Fate, float | None]:
    """Again later (and after how many seconds, if asked), never, or when a setting is mended."""
    if isinstance(error, MoodleUnavailable):
        return "later", error.after
    if isinstance(error, MailError) and error.again:
        return "later", None
    if isinstance(error, MoodleMisconfigured | ConfigError):
        return "configuration", None
    return "never", None


def _settle(
    session: Session, part: Sequence[Outcome], owner: str, now: datetime
) -> Sequence[Outcome]:
    """Record what came of a part; what is done, usually all of it, in one statement."""
    settled = _recorded(session, part, now)
    done = [outcome.delivery.id for outcome in settled if outcome.fate == "done"]
    if done:
        deliveries.done(session, done, owner, now)
    for outcome in settled:
        if outcome.fate != "done":
            _put_off(session, outcome, owner, now)
        _log(outcome)
    return settled


def _recorded(session: Session, part: Sequence[Outcome], now: datetime) -> Sequence[Outcome]:
    errors: dict[int, StewardpathError] = {}
    for then in dict.fromkeys(outcome.then for outcome in part if outcome.then):
        errors |= then(session, [outcome for outcome in part if outcome.then is then], now)
    return [
        failed(outcome.delivery, errors[outcome.delivery.id])
        if outcome.delivery.id in errors
        else outcome
        for outcome in part
    ]


def _put_off(session: Session, outcome: Outcome, owner: str, now: datetime) -> None:
    delivery = outcome.delivery.id
    if outcome.fate in ("later", "configuration"):
        next_try = now + wait(outcome.fate, outcome.delivery.attempts, outcome.after)
        deliveries.again(session, delivery, owner, outcome.error, next_try, reason=outcome.fate)
    else:
        deliveries.fail(session, delivery, owner, outcome.error)


def _log(outcome: Outcome) -> None:
    delivery = outcome.delivery
    event(
        log,
        "delivery",
        kind=delivery.kind,
        delivery=delivery.id,
        member=delivery.member_id,
        fate=outcome.fate,
        attempt=delivery.attempts,
    )


def wait(fate: Fate, attempts: int, after: float | None = None) -> timedelta:
    """Twice as long each time, as long as the server asks, or until somebody can have mended it."""
    if fate == "configuration":
        return CONFIGURATION_WAIT
    doubled = FIRST_WAIT * int(2 ** min(attempts - 1, 12))
    return max(timedelta(seconds=after or 0), min(doubled, LONGEST_WAIT))
