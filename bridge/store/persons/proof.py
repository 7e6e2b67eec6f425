"""What proves an email address, and which member a person is.

A name or an address that someone typed proves nothing. A person is linked to a member only if both
have confirmed the same address and no other member has it, or if a person of the committee says so.
From then on their name and address are those of the member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from bridge.errors import PersonError
from bridge.messages import Message
from bridge.store.members.locking import lock_where
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.store.persons import personal_links
from bridge.store.persons.records import (
    REMOVED,
    PersonRecord,
    follow_member,
    lock,
    proof_of,
    record_of,
    set_texts,
)
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person


def confirm_email(session: Session, person_id: int, now: datetime) -> None:
    """Record that the person opened a link sent to their address; link them to their member.

    Raises PersonError if there is no such person.
    """
    known = session.scalar(select(Person.email_key).where(Person.id == person_id))
    lock_where(session, Member.email_key == known)  # members are locked before persons
    person = lock(session, person_id)
    if not person.proof:
        person.proof, person.proved_at, person.updated_at = "link", now, now
        audit_log.write(
            session, audit_actor(person_id), "person-confirmed", person.member_id, {}, {}, now,
            person_id=person_id,
        )  # fmt: skip
    session.flush()
    link_by_email(session, [person.email_key], now)


def confirm_address(session: Session, email: str, now: datetime) -> None:
    """Record the same for a person who isn't a member and signed in with their address, if any."""
    mine = (Person.email_key == email_key(email), Person.member_id.is_(None))
    for person_id in session.scalars(select(Person.id).where(*mine)).all():
        confirm_email(session, person_id, now)


def link_by_email(session: Session, emails: Collection[str], now: datetime) -> None:
    """Link persons to members who have the same confirmed address. One query if there are none.

    Someone whose address several members share isn't linked, nor is a member with another person:
    the committee can merge those two. Nor is someone whose link the committee has removed.
    """
    other = aliased(Member)
    shared = exists().where(other.email_key == Member.email_key, other.id != Member.id)
    taken = exists().where(aliased(Person).member_id == Member.id)
    same_email = and_(Member.email_key == Person.email_key, Person.proof != "")
    query = (
        select(Person, Member)
        .join(Member, same_email)
        .where(
            Person.email_key.in_(emails),
            Person.member_id.is_(None),
            Person.link != REMOVED,
            ~shared,
            ~taken,
        )
        .order_by(Person.id)
        .with_for_update(of=Person)
    )
    for person, member in session.execute(query).all():
        become(session, person, member, "email", "members", now)


def follow_members(
    session: Session, member_ids: Collection[int], now: datetime, proof: str = ""
) -> None:
    """Give the persons of members the members' new names and addresses. One query if none has one.

    `proof`: what proves a new address, '' for what the member's source says. Links that were sent
    to a former address stop working.
    """
    if not member_ids:
        return
    query = (
        select(Person, Member)
        .join(Member, Member.id == Person.member_id)
        .where(Person.member_id.in_(member_ids))
        .order_by(Person.id)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    for person, member in session.execute(query).all():
        follow_member(session, person, member, now, proof)


def certain_member(session: Session, person: Person) -> int | None:
    """Return the member that a person certainly is at this moment.

    None if the link rests on the address and the member has another one by now, or if several
    members have it: then reading that mailbox no longer shows which of them it is.
    """
    if person.member_id is None or person.link == "committee":
        return person.member_id
    holders = select(Member.id).where(Member.email_key == person.email_key).limit(2)
    found = session.scalars(holders).all()
    return person.member_id if list(found) == [person.member_id] else None


def certain_members(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """The member that each of these persons certainly is, as `certain_member`. Two queries."""
    linked = (Person.id.in_(person_ids), Person.member_id.is_not(None))
    people = session.scalars(select(Person).where(*linked)).all()
    holders: defaultdict[str, list[int]] = defaultdict(list)
    keys = {each.email_key for each in people}
    same = select(Member.email_key, Member.id).where(Member.email_key.in_(keys))
    for key, member in session.execute(same):
        holders[key].append(member)
    return {
        each.id: each.member_id
        for each in people
        if each.member_id is not None
        and (each.link == "committee" or holders[each.email_key] == [each.member_id])
    }


def has_own_address(session: Session, person: Person) -> bool:
    """Whether what is stored under the address is the person's: it is proved, and no member's."""
    holders = select(Member.id).where(Member.email_key == person.email_key).limit(1)
    return bool(person.proof) and session.scalar(holders) is None


def lose_proof(session: Session, person: Person, now: datetime) -> None:
    """Forget what proved the person's address, and end all links sent there.

    The committee says so, and keeps them: who typed an address and never confirms it is deleted.
    """
    if person.source == "self":
        person.source = "committee"
    person.proof, person.proved_at, person.updated_at = "", None, now
    personal_links.end_all(session, person.id)
    session.flush()


def details_before_link(person: Person) -> dict[str, object]:
    """What `Person.before_link` keeps of someone who isn't linked yet."""
    return {
        "name": person.name, "email": person.email, "language": person.language,
        "proof": person.proof,
        "proved_at": person.proved_at.isoformat() if person.proved_at else None,
        "link": person.link if person.member_id is None else "",
    }  # fmt: skip


def holder_of_address(session: Session, person: Person, key: str) -> int | None:
    """The ID of someone else, without a member, who has this address; None if there is no one."""
    others = (Person.email_key == key, Person.member_id.is_(None), Person.id != person.id)
    return session.scalar(select(func.min(Person.id)).where(*others))


def refuse_taken_address(session: Session, person: Person, key: str) -> None:
    """Raises PersonError if someone else, without a member, has this address."""
    if (found := holder_of_address(session, person, key)) is not None:
        raise PersonError(
            Message("someone else has this email address (ID %(id)s).", id=str(found)),
            todo=Message("If they are the same person, merge the two entries."),
        )


def audit_actor(person_id: int) -> str:
    """Return the person's name in audit entries: an ID, because entries outlive the record."""
    return f"person:{person_id}"


def become(
    session: Session, person: Person, member: Member, link: str, actor: str, now: datetime
) -> None:
    """Link the person to the member, whose name and address they get. `link`: see `Person.link`."""
    before = {"name": person.name, "email": person.email, "member_id": person.member_id}
    if person.email_key != member.email_key:
        personal_links.end_all(session, person.id)
        person.before_link = details_before_link(person)
    if person.email_key != member.email_key or not person.proof:
        person.proof, person.proved_at = proof_of(member), now
    person.member_id, person.link, person.updated_at = member.id, link, now
    record = record_of(member)
    set_texts(person, PersonRecord(record.name, record.email, record.language or person.language))
    after = {"name": person.name, "email": person.email, "member_id": member.id}
    audit_log.write(
        session, actor, "person-linked", member.id, before, after, now, person_id=person.id
    )
    session.flush()
