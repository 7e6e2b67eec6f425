"""Remembers which keys of the curricula were renamed, so that chains of renames are followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from bridge.curriculum.library.renames import new_renames, taken_back, written_renames
from bridge.curriculum.model import Curriculum
from bridge.plan import Change
from bridge.store.curricula import former_keys
from bridge.store.database import Database
from bridge.workflows.site_sync import ApplyResult


def remember_renames(database: Database, curricula: Iterable[Curriculum], now: datetime) -> None:
    """Store the renames that the files say and the database doesn't know yet. Raises StoreError.

    Those that were taken back are forgotten. One that was applied is only replaced by the next
    `apply`. One query if there is nothing new.
    """
    curricula = tuple(curricula)
    with database.reading() as session:
        known = former_keys.known_renames(session)
    new = new_renames(curricula, known)
    gone = taken_back(curricula, known)
    if new or gone:
        with database.transaction() as session:
            former_keys.forget(session, gone)
            former_keys.remember(session, new, now)


def confirm_renames(
    database: Database, curriculum: Curriculum, applied: ApplyResult, now: datetime
) -> None:
    """Record that the renames in a curriculum were applied: from now on, they stay remembered.

    Not if Moodle refused one of them. Raises StoreError.
    """
    if any(change.action == "rename" for change in _not_made(applied)):
        return
    written = written_renames([curriculum])
    with database.transaction() as session:
        former_keys.remember(session, written, now, applied=True)


def _not_made(applied: ApplyResult) -> Iterator[Change]:
    yield from (change for change, _ in applied.refused)
    yield from applied.not_tried
