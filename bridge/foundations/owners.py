"""Whose something is: a member's, or a person's without an account.

A row belongs to the member or to the person who made it, and stays theirs. A member also has what
they made as a person, before they were a member, as long as it is certain that they are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ForeignKey, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import NoSuchMember
from bridge.messages import Message
from bridge.store.members import profile
from bridge.store.persons import proof, records
from bridge.store.tables.base import Base
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person


class Owned(Base):
    """A table whose rows belong to a member or to a person, never to both."""

    __abstract__ = True

    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


ONE_OWNER = "(member_id IS NULL) <> (person_id IS NULL)"
"""Check constraint: exactly one of them."""
NO_TWO_OWNERS = "member_id IS NULL OR person_id IS NULL"
"""Check constraint: at most one of them."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A member or a person. A member may have a `person_id` too: that of the same human being."""

    member_id: int | None = None
    person_id: int | None = None

    @property
    def columns(self) -> dict[str, int | None]:
        """The values of a new row."""
        return {
            "member_id": self.member_id,
            "person_id": self.person_id if self.member_id is None else None,
        }

    @property
    def audit_actor(self) -> str:
        """The owner's name in audit entries."""
        if self.member_id is not None:
            return profile.audit_actor(self.member_id)
        return proof.audit_actor(self.person_id or 0)

    def owns(self, member_id: int | None, person_id: int | None) -> bool:
        """Whether a row with these columns is the owner's."""
        mine = member_id is not None and member_id == self.member_id
        return mine or (person_id is not None and person_id == self.person_id)


def owner_of_member(session: Session, member_id: int) -> Owner:
    """The member, with the person who certainly is this member."""
    theirs = select(Person).where(Person.member_id == member_id)
    person = session.scalar(theirs, execution_options={"populate_existing": True})
    same = person is not None and proof.certain_member(session, person) == member_id
    return Owner(member_id, person.id if person and same else None)


def whole_owner(session: Session, owner: Owner) -> Owner:
    """The owner of a row, with the person or member who certainly is the same."""
    if owner.member_id is not None:
        return owner_of_member(session, owner.member_id)
    if owner.person_id is None:
        return owner
    person = session.get(Person, owner.person_id, populate_existing=True)
    member = proof.certain_member(session, person) if person else None
    return Owner(member, owner.person_id)


def is_apart(session: Session, owner: Owner) -> bool:
    """Whether what the person has may be someone else's than the member's.

    The committee linked them although they had another address, which may be wrong.
    """
    if owner.member_id is None or owner.person_id is None:
        return False
    person = session.get(Person, owner.person_id)
    return person is not None and person.before_link is not None


def rows_of(model: type[Owned], owner: Owner) -> ColumnElement[bool]:
    """SQL condition: the row is the owner's."""
    if owner.member_id is None:
        return model.person_id == owner.person_id
    if owner.person_id is None:
        return model.member_id == owner.member_id
    return or_(model.member_id == owner.member_id, model.person_id == owner.person_id)


def lock(session: Session, owner: Owner) -> None:
    """Lock the owner until the end of the transaction. Raises MemberError, PersonError.

    A member is locked before their person, as everywhere.
    """
    if owner.member_id is not None:
        member = select(Member.id).where(Member.id == owner.member_id)
        if session.scalar(member.with_for_update(key_share=True)) is None:
            raise NoSuchMember(
                Message("there is no such member."), where=f"member {owner.member_id}"
            )
    if owner.person_id is not None:
        records.lock(session, owner.person_id)
