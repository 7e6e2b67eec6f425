"""Locks persons until the transaction ends: after their members, and by ID.

See `bridge/store/members/locking.py`.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import NoSuchPerson, PersonError
from bridge.messages import Message
from bridge.store.members.locking import lock_members
from bridge.store.tables.persons import Person


def lock(session: Session, person_id: int) -> Person:
    """Return the person, locked until the transaction ends. Raises PersonError."""
    person = session.get(Person, person_id, populate_existing=True, with_for_update=True)
    if person is None:
        raise NoSuchPerson(Message("there is no such person."), where=f"person {person_id}")
    return person


def lock_with_members(session: Session, *person_ids: int) -> list[Person]:
    """Return persons, in this order, locked with their members until the transaction ends.

    Raises PersonError if there is no such person, or they were linked at the same moment.
    """
    query = select(Person.member_id).where(Person.id.in_(person_ids), Person.member_id.is_not(None))
    members = [each for each in session.scalars(query) if each is not None]
    lock_members(session, members)
    locked = {each: lock(session, each) for each in sorted(person_ids)}
    if any(each.member_id not in (None, *members) for each in locked.values()):
        raise PersonError(
            Message("this person was changed at the same moment."), todo=Message("Try again.")
        )
    return [locked[each] for each in person_ids]
