"""Who had an address before: changing one's address makes nobody another person.

The audit log has the former ones. Erasing someone clears them.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person

PERSON_ACTIONS = ("person", "person-linked", "person-merged")
"""Entries that may have the former address of a person."""


def members_who_had(session: Session, email: str) -> set[int]:
    """The IDs of all members who had this address, also as the person that they were before.

    It reads the whole history of members, so it is for changes, not for pages.
    """
    key = email_key(email)
    former = select(AuditEntry.member_id).where(AuditEntry.action == "member", _had(key))
    found = {*session.scalars(former), *session.scalars(_linked_from(key))}
    return {each for each in found if each is not None}


def addresses_of(session: Session, members: Collection[int]) -> set[str]:
    """The addresses that these members had, in lower case, also as the person they were before."""
    former = select(func.lower(AuditEntry.before["email"].as_string())).where(
        AuditEntry.member_id.in_(members), AuditEntry.action == "member"
    )
    linked = select(func.lower(Person.before_link["email"].as_string())).where(
        Person.member_id.in_(members)
    )
    return {each for query in (former, linked) for each in session.scalars(query) if each}


def member_had(session: Session, member_id: int, email: str) -> bool:
    """Whether a member had this address, also as the person that they were before."""
    key = email_key(email)
    former = select(AuditEntry.id).where(*_of_member(member_id), _had(key))
    linked = _linked_from(key).where(Person.member_id == member_id)
    return session.scalar(select(or_(former.exists(), linked.exists()))) is True


def person_had(session: Session, person: Person, email: str) -> bool:
    """Whether a person, or the member that they are, had this address."""
    entries = [and_(AuditEntry.person_id == person.id, AuditEntry.action.in_(PERSON_ACTIONS))]
    if person.member_id is not None:
        entries.append(and_(*_of_member(person.member_id)))
    former = select(AuditEntry.id).where(or_(*entries), _had(email_key(email))).limit(1)
    return session.scalar(former) is not None


def _of_member(member_id: int) -> tuple[ColumnElement[bool], ...]:
    return AuditEntry.member_id == member_id, AuditEntry.action == "member"


def _had(key: str) -> ColumnElement[bool]:
    return func.lower(AuditEntry.before["email"].as_string()) == key


def _linked_from(key: str) -> Select[int | None]:
    """The members that the committee has linked to the person with this address."""
    linked = func.lower(Person.before_link["email"].as_string()) == key
    return select(Person.member_id).where(Person.member_id.is_not(None), linked)
