"""Deliveries are made: claimed, tried, and settled by what came of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.errors import (
    ConfigError,
    MailError,
    MemberError,
    MoodleMisconfigured,
    MoodleUnavailable,
    StewardpathError,
)
from bridge.logs import event
from bridge.store import deliveries
from bridge.store.database import Database
from bridge.store.deliveries import Claimed

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
CONFIGURATION_WAIT = timedelta(minutes=5)

Fate = Literal["done", "later", "never", "configuration"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one delivery; `then` records more in the transaction that settles it."""

    delivery: Claimed
    fate: Fate
    error: str = ""
    after: float | None = None
    then: Callable[[Session, datetime], object] | None = None


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
    """Make all that is due, kind by kind, until nothing is or `stopped`; returns the fates.

    What is claimed but not settled when this ends, by an error or a stop, is released; after a
    kill it is free again when its lease ends.
    """
    fates: Counter[Fate] = Counter()
    try:
        for line in lines:
            while not stopped():
                settled = _batch(database, line, owner, clock)
                fates += settled
                if not settled or settled["done"] == 0:
                    break
    finally:
        with database.transaction() as session:
            deliveries.release(session, owner)
    return fates


def _batch(
    database: Database, line: Line, owner: str, clock: Callable[[], datetime]
) -> Counter[Fate]:
    with database.transaction() as session:
        claimed = deliveries.claim(
            session,
            line.kind,
            owner,
            clock(),
            LEASE,
            line.batch,
            needs_account=line.needs_account,
        )
    fates: Counter[Fate] = Counter()
    for part in _made(line.handler, claimed) if claimed else ():
        with database.transaction() as session:
            for outcome in part:
                _settle(session, outcome, owner, clock())
        fates.update(outcome.fate for outcome in part)
    return fates


def _made(handler: Handler, claimed: Sequence[Claimed]) -> Iterator[Sequence[Outcome]]:
    """The handler's outcomes; what an error kept it from settles by the error's type."""
    open_ones = {delivery.id: delivery for delivery in claimed}
    try:
        for part in handler(claimed):
            for outcome in part:
                open_ones.pop(outcome.delivery.id, None)
            yield part
    except StewardpathError as error:
        yield [failed(delivery, error) for delivery in open_ones.values()]


def failed(delivery: Claimed, error: StewardpathError) -> Outcome:
    """The outcome that an error means: again later, never, or when a setting is mended."""
    fate: Fate = "never"
    after = None
    if isinstance(error, MoodleUnavailable):
        fate, after = "later", error.after
    elif isinstance(error, MailError) and error.again:
        fate = "later"
    elif isinstance(error, MoodleMisconfigured | ConfigError):
        fate = "configuration"
    return Outcome(delivery, fate, str(error), after)


def _settle(session: Session, outcome: Outcome, owner: str, now: datetime) -> None:
    delivery = outcome.delivery
    if outcome.then:
        try:
            outcome.then(session, now)
        except MemberError as error:
            outcome = failed(delivery, error)
    if outcome.fate == "done":
        deliveries.done(session, [delivery.id], owner, now)
    elif outcome.fate == "never":
        deliveries.fail(session, delivery.id, owner, outcome.error)
    else:
        wait = _wait(outcome)
        deliveries.again(
            session, delivery.id, owner, outcome.error, now + wait, reason=outcome.fate
        )
    event(
        log,
        "delivery",
        kind=delivery.kind,
        delivery=delivery.id,
        member=delivery.member_id,
        fate=outcome.fate,
        attempt=delivery.attempts,
    )


def _wait(outcome: Outcome) -> timedelta:
    """Twice as long each time, as long as the server asks, or until somebody can have mended it."""
    if outcome.fate == "configuration":
        return CONFIGURATION_WAIT
    doubled = FIRST_WAIT * int(2 ** min(outcome.delivery.attempts - 1, 12))
    asked = timedelta(seconds=outcome.after or 0)
    return max(asked, min(doubled, LONGEST_WAIT))
