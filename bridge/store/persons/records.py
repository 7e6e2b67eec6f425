"""Finding and adding persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bridge.errors import NoSuchPerson, PersonError
from bridge.member_records import MAX_LENGTHS
from bridge.membership.emails import EMAIL, MAX_EMAIL_LENGTH
from bridge.messages import Message
from bridge.printable_text import find_unprintable
from bridge.store.dialect import insert_into
from bridge.store.members.matching import email_key, name_key
from bridge.store.operations import audit_log
from bridge.store.persons import personal_links
from bridge.store.persons.locking import lock as lock
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person

MAX_ID = 2**63 - 1
"""The largest ID that the database can store."""
MAX_NAME_LENGTH = 201
"""A member's first and last name fit, with a space."""
SELF_DECLARED_SOURCES = ("form", "moodle")
"""Sources of members who confirmed their address by opening a link sent there."""
REMOVED = "removed"
"""The `link` of a person after the committee has removed the one to a member."""
PersonSource = Literal["self", "committee", "settings", "member"]
"""Who gave us a person's address: see `Person.source`."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What someone says about a person. It proves nothing: anyone can type it."""

    name: str
    email: str
    language: str = ""

    def __post_init__(self) -> None:
        """Trim the texts. Raises PersonError if one of them can't be stored."""
        for field in ("name", "email", "language"):
            object.__setattr__(self, field, getattr(self, field).strip())
        if problem := _problem(self):
            raise PersonError(problem, where="person")


def _problem(record: PersonRecord) -> str:
    """What is wrong with a record, as a sentence; '' if nothing is."""
    for text in (record.name, record.email, record.language):
        if bad := find_unprintable(text):
            return Message(
                "the name or email contains an unprintable character "
                "(%(code)s, character %(column)s).",
                code=bad.code, column=bad.column,
            )  # fmt: skip
    if not 0 < len(record.name) <= MAX_NAME_LENGTH:
        return Message("the name must have 1 to %(count)s characters.", count=MAX_NAME_LENGTH)
    if not EMAIL.fullmatch(record.email) or len(record.email) > MAX_EMAIL_LENGTH:
        return Message("the email is not an address such as name@example.org.")
    if len(record.language) > MAX_LENGTHS["language"]:
        return Message("the language is not a code such as en or fr.")
    return ""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person who was found, or added just now.

    `kept`: they had typed their address themselves, and aren't deleted any more if they never
    confirm it, because now someone else has named them.
    """

    id: int
    added: bool
    kept: bool = False


def find_or_add(
    session: Session, record: PersonRecord, now: datetime, source: PersonSource = "self"
) -> FoundPerson:
    """Return the person with this address, or add one whose address isn't proved.

    A person who was found keeps their name and language: the record may come from a stranger who
    typed their address. If members share the address, the person is the one without a member.
    Callers that show more to a known address than to an unknown one reveal who is known.
    `source`: who says so. A person from "self" who never confirms the address is deleted: see
    `bridge/jobs/unconfirmed_persons.py`.
    """
    if (found := _find_by_email(session, record.email)) is not None:
        return FoundPerson(found, added=False, kept=_keep(session, found, source))
    values = {
        **_text_columns(record), "proof": "", "proved_at": None, "member_id": None, "link": "",
        "source": source, "created_at": now, "updated_at": now,
    }  # fmt: skip
    add = insert_into(session, Person).values(values).on_conflict_do_nothing()
    added = session.scalar(add.returning(Person.id))
    if added is not None:
        return FoundPerson(added, added=True)
    # Another process added them at the same moment.
    found = _find_by_email(session, record.email)
    if found is None:
        raise PersonError(
            Message("this person was changed at the same moment."), todo=Message("Try again.")
        )
    return FoundPerson(found, added=False, kept=_keep(session, found, source))


def _keep(session: Session, person_id: int, source: PersonSource) -> bool:
    """Note that someone else named a person who had typed their address; False if not so."""
    if source == "self":
        return False
    typed = update(Person).where(Person.id == person_id, Person.source == "self")
    return bool(session.scalar(typed.values(source=source).returning(Person.id)))


def person_of_member(session: Session, member_id: int, now: datetime) -> int:
    """Return the person of a member, up to date with the member's name and address.

    Adds one if there is none. The member's address is proved, so someone without a member who has
    the same address, and no one else does, becomes this member's person, unless the committee has
    removed such a link. Raises PersonError if
    there is no such member.
    """
    member = session.get(
        Member, member_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if member is None:
        raise NoSuchPerson(Message("there is no such member."), where=f"member {member_id}")
    known = session.scalar(select(Person.id).where(Person.member_id == member_id))
    if known is None:
        known = _stranger_with_email(session, member)
    if known is not None:
        follow_member(session, lock(session, known), member, now)
        return known
    proof = {"proof": proof_of(member), "proved_at": now, "member_id": member_id, "link": "email"}
    columns = {
        **_text_columns(record_of(member)), **proof, "source": "member",
        "created_at": now, "updated_at": now,
    }  # fmt: skip
    return session.scalars(insert(Person).values(columns).returning(Person.id)).one()


def is_kept_apart(session: Session, email: str) -> bool:
    """Whether a person with this address isn't the member with it, as the committee said."""
    removed = (Person.email_key == email_key(email), Person.link == REMOVED)
    return session.scalar(select(Person.id).where(*removed).limit(1)) is not None


def greeting(person: Person) -> str:
    """The name for emails to a person; '' if a stranger may have typed it, with any address."""
    return person.name if person.proof or person.source != "self" else ""


def find_of_member(session: Session, member_id: int) -> int | None:
    """Return the person of a member, None if there is none yet."""
    return session.scalar(select(Person.id).where(Person.member_id == member_id))


def record_of(member: Member) -> PersonRecord:
    """The member's name, address and language."""
    name = f"{member.first_name} {member.last_name}".strip() or member.email
    return PersonRecord(name, member.email, member.language)


def proof_of(member: Member) -> str:
    """How the member's address was proved: see `Person.proof`."""
    return "link" if member.source in SELF_DECLARED_SOURCES else "membership"


def find(session: Session, identifier: str | int) -> Person | None:
    """Return a person by ID (int, or str of digits) or by email. Raises PersonError if several
    persons, who are members and share an address, have the email."""
    if isinstance(identifier, int) or (identifier.isascii() and identifier.isdecimal()):
        number = int(identifier)
        return session.get(Person, number, populate_existing=True) if number <= MAX_ID else None
    query = select(Person).where(Person.email_key == email_key(identifier)).limit(2)
    found = session.scalars(query, execution_options={"populate_existing": True}).all()
    if len(found) > 1:
        raise PersonError(
            Message("several persons have this email."),
            where=identifier,
            todo=Message("Enter the ID instead; `stewardpath persons list` shows it."),
        )
    return found[0] if found else None


def set_texts(person: Person, record: PersonRecord) -> None:
    """Set the name, address and language, with the columns for searching."""
    for column, value in _text_columns(record).items():
        setattr(person, column, value)


def _text_columns(record: PersonRecord) -> dict[str, str]:
    return {
        "name": record.name,
        "name_key": name_key(record.name),
        "email": record.email,
        "email_key": email_key(record.email),
        "language": record.language,
    }


def _find_by_email(session: Session, email: str) -> int | None:
    """The only person with an address, or of several the one without a member."""
    query = select(Person.id, Person.member_id).where(Person.email_key == email_key(email))
    found = session.execute(query.order_by(Person.id).limit(3)).all()
    if len(found) == 1:
        return int(found[0].id)
    return next((int(row.id) for row in found if row.member_id is None), None)


def _stranger_with_email(session: Session, member: Member) -> int | None:
    """The person without a member who has this member's address, if no other member has it."""
    holders = select(Member.id).where(Member.email_key == member.email_key).limit(2)
    if len(session.scalars(holders).all()) != 1:
        return None
    same_email = (Person.email_key == member.email_key, Person.member_id.is_(None))
    return session.scalar(select(Person.id).where(*same_email, Person.link != REMOVED))


def follow_member(
    session: Session, person: Person, member: Member, now: datetime, proof: str = ""
) -> None:
    """Take over the name and address of the person's member, with an audit entry.

    `proof`: what proves a new address, '' for what the member's source says. Links that were sent
    to the former address stop working.
    """
    before = {"name": person.name, "email": person.email, "member_id": person.member_id}
    record = record_of(member)
    if person.email_key != member.email_key:
        personal_links.end_all(session, person.id)
    if person.email_key != member.email_key or not person.proof:
        person.proof, person.proved_at = proof or proof_of(member), now
    if person.member_id is None:
        person.member_id, person.link = member.id, "email"
    set_texts(person, PersonRecord(record.name, record.email, record.language or person.language))
    after = {"name": person.name, "email": person.email, "member_id": person.member_id}
    if before != after:
        person.updated_at = now
        audit_log.write(
            session, "members", "person", member.id, before, after, now, person_id=person.id
        )
    session.flush()
