"""Erases persons who typed their address themselves and never confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bridge.access.rights import CONFIDENTIAL
from bridge.features import FEATURES
from bridge.foundations.feature import Feature
from bridge.privacy import erase_person
from bridge.store.database import Database
from bridge.store.persons import unconfirmed

ACTOR = "retention"
"""The actor in the audit log."""


def erase_unconfirmed_persons(
    database: Database, now: datetime, features: Sequence[Feature] = FEATURES
) -> int:
    """Erase those whose time is over, with everything they left; return how many.

    Each in a transaction of its own, with an audit entry. Someone who confirms meanwhile stays.
    """
    with database.reading() as session:
        found = unconfirmed.list_expired(session, now)
    return sum(_erase(database, person, now, features) for person in found)


def _erase(database: Database, person: int, now: datetime, features: Sequence[Feature]) -> bool:
    with database.transaction() as session:
        if not unconfirmed.lock_expired(session, person, now):
            return False
        erase_person(session, person, ACTOR, now, features, CONFIDENTIAL)
    return True
