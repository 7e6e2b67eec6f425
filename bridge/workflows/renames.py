"""Remembers which keys of the curricula were renamed, so that chains of renames are followed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bridge.curriculum.library.renames import written_renames
from bridge.curriculum.model import Curriculum
from bridge.store.curricula import former_keys
from bridge.store.database import Database


def remember_renames(database: Database, curricula: Iterable[Curriculum], now: datetime) -> None:
    """Store the renames that the files say and the database doesn't know yet. Raises StoreError.

    One query if there is nothing new.
    """
    written = written_renames(curricula)
    with database.reading() as session:
        known = former_keys.known_renames(session)
    new = {key: current for key, current in written.items() if known.get(key) != current}
    if new:
        with database.transaction() as session:
            former_keys.remember(session, new, now)
