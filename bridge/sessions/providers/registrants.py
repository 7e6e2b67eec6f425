"""Adds those with a seat to the registrants of Zoom's meeting, and removes those who left."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, Result, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.logs import event
from bridge.sessions.providers.errors import ProviderError, ProviderRefused
from bridge.sessions.providers.retries import LEASE, is_due, wait_after
from bridge.sessions.providers.tables import JoinLink
from bridge.sessions.providers.targets import target_of
from bridge.sessions.providers.zoom import Registrant, Zoom
from bridge.store.database import Database
from bridge.store.tables.persons import Person

log = logging.getLogger(__name__)

OPEN = or_(and_(JoinLink.wanted.is_(True), JoinLink.link == ""), JoinLink.wanted.is_(False))
"""The rows with something to do: a link is missing, or the provider should forget someone."""


@dataclass(frozen=True, slots=True)
class Task:
    """One row to work on. `known`: the provider may know the person. `name`, `email`: '' if erased.

    `shared`: someone else with a seat is the same registrant, because they share an address.
    """

    row: int
    session: int
    meeting: str
    wanted: bool
    registrant: str
    known: bool
    shared: bool
    name: str
    email: str


def register_people(
    config: Config, database: Database, now: datetime, in_time: Callable[[], bool]
) -> None:
    """Work through what is due, those to remove first. Raises StoreError.

    If the provider itself fails, all wait. If it refuses one person, the others go on.
    """
    zoom: Zoom | None = None
    while in_time() and (task := _claim(database, now)):
        try:
            zoom = zoom or Zoom.of(config)
            _do(zoom, database, task, now)
        except ProviderRefused as error:
            _refuse(database, task, error, now)
        except ProviderError as error:
            _hold_all(database, task, error, now)
            return


def _do(zoom: Zoom, database: Database, task: Task, now: datetime) -> None:
    if not task.wanted:
        _remove(zoom, database, task)
        return
    found = zoom.find(task.meeting, task.email) if task.known else None
    added = found or zoom.add(task.meeting, task.name, task.email)
    with database.transaction() as session:
        _store(session, task, added, now)


def _store(session: Session, task: Task, added: Registrant, now: datetime) -> None:
    """Keep the link, or only what is needed to remove someone who left meanwhile."""
    row = session.get(JoinLink, task.row, with_for_update=True)
    if row is None:
        return
    row.registrant_id, row.error = added.id, None
    row.link = added.link if row.wanted else ""
    row.next_try_at = now
    session.flush()


def _remove(zoom: Zoom, database: Database, task: Task) -> None:
    registrant = task.registrant
    if not registrant and task.email:
        found = zoom.find(task.meeting, task.email)
        registrant = found.id if found else ""
    if registrant and not task.shared:
        zoom.remove(task.meeting, registrant)
    with database.transaction() as session:
        _forget(session, task)


def _forget(session: Session, task: Task) -> None:
    """Delete the row; someone who registered again meanwhile is added once more."""
    gone = delete(JoinLink).where(JoinLink.id == task.row, JoinLink.wanted.is_(False))
    if not _count(session.execute(gone)):
        again = update(JoinLink).where(JoinLink.id == task.row)
        session.execute(again.values(registrant_id="", link=""))


def _claim(database: Database, now: datetime) -> Task | None:
    """The next row, which nobody else works on for a while. The attempt is counted before it."""
    with database.transaction() as session:
        query = select(JoinLink).where(OPEN, is_due(JoinLink.next_try_at, now))
        order = (JoinLink.wanted, JoinLink.attempts, JoinLink.id)
        row = session.scalar(query.order_by(*order).limit(1).with_for_update(skip_locked=True))
        if row is None:
            return None
        task = _task(session, row)
        row.attempts += 1
        row.next_try_at = now + LEASE
        session.flush()
        return task


def _task(session: Session, row: JoinLink) -> Task:
    person = session.get(Person, row.person_id) if row.person_id is not None else None
    target = target_of(row.target)
    same = select(JoinLink.id).where(
        JoinLink.target == row.target, JoinLink.registrant_id == row.registrant_id,
        JoinLink.id != row.id, JoinLink.wanted.is_(True),
    )  # fmt: skip
    shared = bool(row.registrant_id) and session.scalar(same.limit(1)) is not None
    return Task(
        row.id, row.session_id, target.meeting if target else "", row.wanted, row.registrant_id,
        row.attempts > 0, shared, person.name if person else "", person.email if person else "",
    )  # fmt: skip


def _refuse(database: Database, task: Task, error: ProviderRefused, now: datetime) -> None:
    """Try again later. What can't be removed is given up: the provider doesn't have it, or lets
    nobody remove it."""
    event(log, "session-link-refused", level=logging.WARNING, session=task.session,
          reason=str(error))  # fmt: skip
    with database.transaction() as session:
        if not task.wanted:
            _forget(session, task)
            return
        row = session.get(JoinLink, task.row, with_for_update=True)
        if row is not None:
            row.error, row.next_try_at = error.as_data(), now + wait_after(error, row.attempts)
            session.flush()


def _hold_all(database: Database, task: Task, error: ProviderError, now: datetime) -> None:
    """The provider can't be used: nobody gets a link until it is asked again."""
    event(log, "session-links-failed", level=logging.WARNING, session=task.session,
          reason=str(error))  # fmt: skip
    with database.transaction() as session:
        row = session.get(JoinLink, task.row)
        until = now + wait_after(error, row.attempts if row else 1)
        waiting = update(JoinLink).where(OPEN, JoinLink.next_try_at < until)
        session.execute(waiting.values(next_try_at=until, error=error.as_data()))
        own = update(JoinLink).where(JoinLink.id == task.row)
        session.execute(own.values(next_try_at=until, error=error.as_data()))


def _count(result: Result[tuple[object, ...]]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
