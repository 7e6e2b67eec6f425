"""The persons of many members: emails and subscriptions belong to persons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.store.members.locking import lock_members
from bridge.store.persons import records
from bridge.store.tables.persons import Person


def add_persons(session: Session, members: Collection[int], now: datetime) -> None:
    """Make a person of each of these members who was never written to, and can be."""
    known = session.scalars(select(Person.member_id).where(Person.member_id.in_(members)))
    missing = sorted(set(members) - set(known))
    lock_members(session, missing)  # before any person
    for each in missing:
        try:
            records.person_of_member(session, each, now)
        except PersonError:
            continue  # no email can be sent to their address
