"""Export and erasure: everything stored about a member or a person, and how to delete it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import RowMapping, and_, or_, select
from sqlalchemy.orm import Session

from bridge.errors import NoSuchMember, NoSuchPerson
from bridge.messages import Message
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.store.personal_tables import FORMER_MEMBER, NO_MEMBER, PersonalTable, Subject
from bridge.store.persons import member_links
from bridge.store.persons.own_details import OwnDetails, Row
from bridge.store.persons.proof import certain_member, has_own_address
from bridge.store.persons.records import REMOVED, record_of
from bridge.store.tables.base import Base
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person

SECRET_COLUMNS = frozenset({"token", "nonce", "client", "browser", "code"})
"""Never exported, in any table."""
LINK = re.compile(r"https?://\S+", re.IGNORECASE)
WITHOUT_LINKS = frozenset({"payload"})
"""Exported without their links: a link lets anyone in who has it."""
NO_SUCH_MEMBER = "there is no such member."


def export_member(
    session: Session, tables: Sequence[PersonalTable], member_id: int
) -> dict[str, object]:
    """Return everything stored about a member: rows by table, as values that JSON can hold.

    Raises MemberError if there is no such member.
    """
    exported = _export(session, tables, _certain_subject(session, member_id))
    [member] = exported[Member.__tablename__]
    return {**exported, Member.__tablename__: member}


def uncertain_person(session: Session, member_id: int) -> Person | None:
    """Return the person of a member whose rows may be someone else's, None if there is no such one.

    The committee linked them to a member with another address, or other members have the address.
    """
    member, person = session.get(Member, member_id), _linked_person(session, member_id)
    if member is None or person is None or _is_own_entry(person):
        return None
    same_address = member_links.address_without_link(person) == member.email_key
    return None if same_address and not _is_shared(session, member) else person


def erase_member(
    session: Session, tables: Iterable[PersonalTable], member_id: int, actor: str, now: datetime
) -> None:
    """Delete a member and their person. A count of their awards and audit entries without
    content remain.

    Someone without a member who has the same address is deleted too, if no other member has it.

    Names in other members' records (who signed off a requirement) remain too. Raises
    MemberError if there is no such member.
    """
    subject = _member_subject(session, member_id, lock=True)
    _erase(session, tables, subject)
    audit_log.write(session, _shown(actor, subject), "forgot", member_id, {}, {}, now)


def export_person(
    session: Session, tables: Sequence[PersonalTable], person_id: int
) -> dict[str, object]:
    """Return everything stored about a person, without their member: export that separately.

    Rows that are stored under an address, such as contact requests, belong to the person only if
    the address is proved and no member has it. Raises PersonError if there is no such person.
    """
    exported = _export(session, tables, _person_subject(session, person_id))
    [person] = exported[Person.__tablename__]
    held = {key: rows for key, rows in exported.items() if rows}
    return {**held, Person.__tablename__: person}


def erase_person(
    session: Session, tables: Iterable[PersonalTable], person_id: int, actor: str, now: datetime
) -> None:
    """Delete a person, without their member. Audit entries without content remain.

    Raises PersonError if there is no such person.
    """
    subject = _person_subject(session, person_id, lock=True)
    _erase(session, tables, subject)
    shown_actor = _shown(actor, subject)
    audit_log.write(session, shown_actor, "person-erased", None, {}, {}, now, person_id=person_id)


def _member_subject(session: Session, member_id: int, *, lock: bool = False) -> Subject:
    """The member and their person, and someone without a member who has the same address.

    Not if another member has the address, or the committee has said that this is someone else.
    """
    member = session.get(Member, member_id, populate_existing=lock, with_for_update=lock or None)
    if member is None:
        raise NoSuchMember(NO_SUCH_MEMBER, where=f"member {member_id}")
    same_email = and_(
        Person.member_id.is_(None), Person.email_key == member.email_key, Person.link != REMOVED
    )
    others = () if _is_shared(session, member) else (same_email,)
    persons = session.scalars(
        select(Person.id).where(or_(Person.member_id == member_id, *others)).order_by(Person.id)
    )
    return Subject(member.id, tuple(persons), member.email, member.email_key, member.number)


def _certain_subject(session: Session, member_id: int) -> Subject:
    """The member with the persons who certainly are this member."""
    subject = _member_subject(session, member_id)
    linked = _linked_person(session, member_id)
    if linked is None or certain_member(session, linked) == member_id:
        return subject
    certain = tuple(each for each in subject.person_ids if each != linked.id)
    return replace(subject, person_ids=certain)


def _linked_person(session: Session, member_id: int) -> Person | None:
    return session.scalar(select(Person).where(Person.member_id == member_id))


def _is_own_entry(person: Person) -> bool:
    """Whether an entry was added for its member, and so never was anyone else's."""
    return person.source == "member" and person.before_link is None


def _is_shared(session: Session, member: Member) -> bool:
    """Whether another member has the same address."""
    others = (Member.email_key == member.email_key, Member.id != member.id)
    return session.scalar(select(Member.id).where(*others).limit(1)) is not None


def _person_subject(session: Session, person_id: int, *, lock: bool = False) -> Subject:
    person = session.get(Person, person_id, populate_existing=lock, with_for_update=lock or None)
    if person is None:
        raise NoSuchPerson(Message("there is no such person."), where=f"person {person_id}")
    key = person.email_key if has_own_address(session, person) else None
    return Subject(NO_MEMBER, (person.id,), person.email, key)


def _export(
    session: Session, tables: Sequence[PersonalTable], subject: Subject
) -> dict[str, list[dict[str, object]]]:
    own = _own_details(session, subject)
    return {
        each.key: _export_rows(session, each, subject, own)
        for each in tables
        if each.export is not None
    }


def _own_details(session: Session, subject: Subject) -> OwnDetails:
    """What the subject is called, as a member and as the persons who they certainly are."""
    persons = select(Person.name, Person.email).where(Person.id.in_(subject.person_ids))
    called = [(row.name, row.email) for row in session.execute(persons)]
    member = session.get(Member, subject.member_id)
    if member is not None:
        record = record_of(member)
        called.append((record.name, record.email))
    return OwnDetails({name for name, _ in called}, {email_key(email) for _, email in called})


def _erase(session: Session, tables: Iterable[PersonalTable], subject: Subject) -> None:
    for each in _pointing_rows_first(tables):
        each.erase(session, subject)


def _shown(actor: str, subject: Subject) -> str:
    return FORMER_MEMBER if actor in subject.names else actor


def _pointing_rows_first(tables: Iterable[PersonalTable]) -> list[PersonalTable]:
    """No row may point at a row that is deleted before it."""
    position = {table.name: n for n, table in enumerate(Base.metadata.sorted_tables)}
    return sorted(tables, key=lambda each: position[each.table.name], reverse=True)


def _export_rows(
    session: Session, each: PersonalTable, subject: Subject, own: OwnDetails
) -> list[dict[str, object]]:
    """The rows that belong to the subject, oldest first, without secrets."""
    if each.export is None:
        return []
    query = select(each.table).where(each.export(subject)).order_by(*each.table.primary_key)
    return [
        {
            each.renamed.get(name, name): _as_json(
                _without_links(value) if name in WITHOUT_LINKS else value
            )
            for name, value in _shown_row(each, row._mapping, own).items()
            if name not in SECRET_COLUMNS | each.hidden
        }
        for row in session.execute(query)
    ]


def _shown_row(each: PersonalTable, mapping: RowMapping, own: OwnDetails) -> Row:
    row = cast(Row, mapping)
    return each.shown(row, own) if each.shown else row


def _without_links(value: object) -> object:
    """A JSON value with `…` instead of each link and of each code that works like one."""
    match value:
        case str():
            return LINK.sub("…", value)
        case dict():
            return {
                key: "…" if key == "code" else _without_links(each) for key, each in value.items()
            }
        case list():
            return [_without_links(each) for each in value]
        case _:
            return value


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
