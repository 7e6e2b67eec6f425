"""Who leads a session: members, or persons such as outside speakers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.store.members import queries
from bridge.store.persons import records
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person


def find(session: Session, name: str, now: datetime) -> int:
    """The person with a member number or an email address. Raises SessionError if unknown.

    A member gets a person if they have none. Someone else must be among the people already.
    """
    member = queries.find(session, name)
    if member is not None:
        return records.person_of_member(session, member.id, now)
    person = records.find(session, name) if "@" in name else None
    if person is None:
        raise SessionError(
            Message("there is no member or person `%(name)s`.", name=name),
            todo=Message("Add an outside speaker to the people first."),
        )
    return person.id


def name_of(session: Session, person: Person) -> str:
    """What the form shows of a leader: the member number, or the address."""
    member = session.get(Member, person.member_id) if person.member_id is not None else None
    return (member.number if member else "") or person.email
