"""Runs what is due: a late reminder is dropped, a late deadline is executed and says so."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.errors import StewardpathError, StoreError
from bridge.foundations import owners
from bridge.foundations.deadlines import claims
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.duplicates import cancel_duplicate
from bridge.foundations.deadlines.tables import DONE, DROPPED
from bridge.logs import event
from bridge.store.database import Database
from bridge.workflows.delivery.outcomes import retry_delay
from bridge.workflows.unexpected_errors import as_unexpected_error

log = logging.getLogger(__name__)

BATCH_SIZE = 100
LATE_AFTER = timedelta(hours=1)

Run = Callable[[Session, DueDeadline, timedelta], None]
"""Executes a deadline, in the transaction that records it as done: both happen or neither.

The last argument says how late it is: zero unless it is late. It may only write to the database;
emails go through the outbox.
"""
Update = Callable[[Database, datetime], None]
"""Schedules and moves deadlines whose times come from elsewhere, such as from files."""
Outcome = Literal["done", "late", "dropped", "retried", "lost", "duplicate"]


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """One kind of deadline. A `reminder` that is more than `late_after` late is dropped.

    `update`: called each time before any deadline is run, so that none runs at a former time.
    """

    name: str
    reminder: bool
    run: Run
    late_after: timedelta = LATE_AFTER
    update: Update | None = None


def run_due(
    database: Database,
    kinds: Sequence[DeadlineKind],
    holidays: Collection[date],
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[Outcome]:
    """Run every deadline of these kinds whose time has come. Returns a count by outcome.

    Each is settled separately: one that fails is retried later, and the next one runs. A kind
    whose `update` fails waits for the next time. Raises StoreError if the database can't be used.
    """
    by_name = {kind.name: kind for kind in kinds if _update(database, kind, clock())}
    outcomes: Counter[Outcome] = Counter()
    try:
        while not stopped() and (batch := _claim(database, by_name, holidays, owner, clock())):
            for due in batch:
                if stopped():
                    break
                outcomes[_settle(database, by_name[due.kind], due, owner, clock())] += 1
    finally:
        with database.transaction() as session:
            claims.release(session, owner)
    return outcomes


def _update(database: Database, kind: DeadlineKind, now: datetime) -> bool:
    """Whether the deadlines of this kind are up to date."""
    try:
        if kind.update is not None:
            kind.update(database, now)
    except StoreError:
        raise
    except Exception:  # noqa: BLE001  (one kind must not end the others)
        event(log, "deadlines-crashed", level=logging.ERROR, kind=kind.name)
        return False
    return True


def _claim(
    database: Database,
    kinds: Collection[str],
    holidays: Collection[date],
    owner: str,
    now: datetime,
) -> list[DueDeadline]:
    with database.transaction() as session:
        return claims.claim(session, kinds, holidays, owner, now, BATCH_SIZE)


def _settle(
    database: Database, kind: DeadlineKind, due: DueDeadline, owner: str, now: datetime
) -> Outcome:
    try:
        outcome = _execute(database, kind, due, owner, now)
    except StewardpathError as error:
        _retry(database, due, owner, error, now)
        return "retried"
    except Exception as error:  # noqa: BLE001  (one deadline must not end the others)
        event(log, "deadline-crashed", level=logging.ERROR, deadline=due.id, kind=kind.name)
        _retry(database, due, owner, as_unexpected_error(error), now)
        return "retried"
    if outcome in ("late", "dropped"):
        event(log, f"deadline-{outcome}", level=logging.WARNING, deadline=due.id, kind=kind.name)
    return outcome


def _execute(
    database: Database, kind: DeadlineKind, due: DueDeadline, owner: str, now: datetime
) -> Outcome:
    """Run it and record it in one transaction.

    Returns `lost` if another worker has it now, or whose it is changed at the same moment, and
    `duplicate` if the owner has another one about the same, which counts.
    """
    delay = now - due.due_at
    late = delay if delay > kind.late_after else timedelta()
    with database.transaction() as session:
        whole = owners.whole_owner(session, due.owner)
        owners.lock(session, whole)  # before the deadline: everything locks in this order
        if owners.whole_owner(session, due.owner) != whole:
            return "lost"
        if not claims.hold(session, due.id, owner):
            return "lost"
        if cancel_duplicate(session, due, whole):
            return "duplicate"
        if late and kind.reminder:
            claims.finish(session, due.id, owner, DROPPED, late, now)
            return "dropped"
        kind.run(session, due, late)
        claims.finish(session, due.id, owner, DONE, late, now)
    return "late" if late else "done"


def _retry(
    database: Database, due: DueDeadline, owner: str, error: StewardpathError, now: datetime
) -> None:
    next_try = now + retry_delay("later", due.attempts + 1)
    with database.transaction() as session:
        claims.retry_later(session, due.id, owner, str(error), next_try)
