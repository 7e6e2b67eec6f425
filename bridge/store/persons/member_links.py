"""What the committee says about which member a person is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import NoSuchPerson, PersonError
from bridge.messages import Message
from bridge.store.members.locking import lock_members
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.store.persons import personal_links
from bridge.store.persons.changes import MoveRows, absorb
from bridge.store.persons.proof import (
    become,
    holder_of_address,
    lose_proof,
    refuse_taken_address,
)
from bridge.store.persons.records import REMOVED, PersonRecord, lock, set_texts
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person


def link_to_member(
    session: Session, person_id: int, member_id: int, actor: str, now: datetime
) -> bool:
    """Link a person to a member because `actor` says so; return False if they are linked already.

    Raises PersonError if the member has another person, or there is no such person or member.
    """
    lock_members(session, [member_id])
    person = lock(session, person_id)
    member = session.get(Member, member_id, populate_existing=True)
    if member is None:
        raise NoSuchPerson(Message("there is no such member."), where=f"member {member_id}")
    if (person.member_id, person.link) == (member_id, "committee"):
        return False
    if person.member_id not in (None, member_id):
        raise PersonError(
            Message("this person is linked to another member."),
            todo=Message("Remove that link first."),
        )
    other = select(Person.id).where(Person.member_id == member_id, Person.id != person_id)
    if (found := session.scalar(other)) is not None:
        raise PersonError(
            Message("this member has another entry among the people (ID %(id)s).", id=str(found)),
            todo=Message("Merge the two entries instead."),
        )
    become(session, person, member, "committee", actor, now)
    return True


def unlink(
    session: Session, person_id: int, moves: Iterable[MoveRows], actor: str, now: datetime
) -> int | None:
    """Remove the link to the member; return the ID of the person, None if there is no link.

    They get back the details that they had before. If they are known again under that address since
    then, the two entries are merged (`moves`: as for `merge`), and the returned ID is the other's.
    If they had no other address, they keep it, without a proof. Links sent to them stop working.
    Raises PersonError if someone without a member has the address that they keep.
    """
    person = lock(session, person_id)
    if person.member_id is None:
        return None
    if person.before_link is None:
        refuse_taken_address(session, person, person.email_key)
    return _unlink(session, person, moves, actor, now)


def leave_behind(
    session: Session, person_id: int, moves: Iterable[MoveRows], actor: str, now: datetime
) -> int:
    """Remove the link to a member who is about to be erased; return the ID of the person.

    As `unlink`, but it never fails, and doesn't leave the member's name.
    """
    person = lock(session, person_id)
    if person.before_link is None:
        set_texts(person, PersonRecord(person.email, person.email, person.language))
    return _unlink(session, person, moves, actor, now)


def address_without_link(person: Person) -> str:
    """The address, in lower case, that `unlink` leaves."""
    return email_key(str(person.before_link["email"])) if person.before_link else person.email_key


def _unlink(
    session: Session, person: Person, moves: Iterable[MoveRows], actor: str, now: datetime
) -> int:
    own, member_id = person.before_link, person.member_id
    before = {"member_id": member_id, "link": person.link}
    other = holder_of_address(session, person, address_without_link(person))
    found = other or person.id
    personal_links.end_all(session, person.id)
    if other is not None:
        kept = lock(session, other)
        absorb(session, person, kept, moves)
        _take_over(session, kept, own, now)
    elif own is None:
        person.member_id, person.link = None, REMOVED
        lose_proof(session, person, now)
    else:
        _give_back(session, person, own, now)
    audit_log.write(
        session, actor, "person-linked", member_id, before, {"member_id": None}, now,
        person_id=found,
    )  # fmt: skip
    return found


def _give_back(session: Session, person: Person, own: Mapping[str, object], now: datetime) -> None:
    """Give a person the details that they had before they were linked."""
    person.member_id, person.link, person.before_link = None, str(own.get("link", "")), None
    set_texts(person, PersonRecord(*(str(own[each]) for each in ("name", "email", "language"))))
    if own["proof"]:
        _give_proof(session, person, own, now)
    else:
        lose_proof(session, person, now)


def _take_over(
    session: Session, kept: Person, own: Mapping[str, object] | None, now: datetime
) -> None:
    """Give the entry that is kept what proved the address before the link, and a removed link.

    `own`: None if the address was the member's. Who typed an address and never confirms it is
    deleted; not so someone with rows of their own.
    """
    kept.link = REMOVED if own is None else str(own.get("link", "")) or kept.link
    if own is not None and own["proof"] and not kept.proof:
        _give_proof(session, kept, own, now)
    elif kept.source == "self":
        kept.source = "committee"


def _give_proof(session: Session, person: Person, own: Mapping[str, object], now: datetime) -> None:
    person.proof, person.updated_at = str(own["proof"]), now
    person.proved_at = datetime.fromisoformat(str(own["proved_at"]))
    session.flush()
