"""Locking a person until the transaction ends."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.messages import Message
from bridge.store.tables.persons import Person


def lock(session: Session, person_id: int) -> Person:
    """Return the person, locked until the transaction ends. Raises PersonError."""
    person = session.get(Person, person_id, populate_existing=True, with_for_update=True)
    if person is None:
        raise PersonError(Message("there is no such person."), where=f"person {person_id}")
    return person
