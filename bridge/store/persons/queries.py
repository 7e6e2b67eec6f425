"""Listing and searching persons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, outerjoin, select, union
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key, name_key
from bridge.store.members.search import LAST_SORT_KEY
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list. `region` is the one of their member, or ''."""

    id: int
    name: str
    email: str
    language: str
    proof: str
    proved_at: datetime | None
    member_id: int | None
    link: str
    source: str
    region: str
    created_at: datetime
    updated_at: datetime


COLUMNS = (
    Person.id, Person.name, Person.email, Person.language, Person.proof, Person.proved_at,
    Person.member_id, Person.link, Person.source, func.coalesce(Member.region, "").label("region"),
    Person.created_at, Person.updated_at,
)  # fmt: skip
WITH_MEMBER = outerjoin(Person, Member, Member.id == Person.member_id)


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Which persons to find.

    `words`: an email, or how the name starts; '' means all. `regions`: only those whose member is
    in one of these; None means all.
    """

    words: str = ""
    regions: Collection[str] | None = None


ALL = PersonFilter()


def list_persons(
    session: Session, limit: int, after: int = 0, wanted: PersonFilter = ALL
) -> list[PersonRow]:
    """Return up to `limit` persons with IDs above `after`, ordered by ID. One query."""
    query = select(*COLUMNS).select_from(WITH_MEMBER).where(Person.id > after)
    if wanted.words:
        start = name_key(wanted.words)
        query = query.where(
            Person.id.in_(
                union(
                    select(Person.id).where(Person.email_key == email_key(wanted.words)),
                    select(Person.id).where(
                        Person.name_key >= start, Person.name_key < start + LAST_SORT_KEY
                    ),
                )
            )
        )
    if wanted.regions is not None:
        query = query.where(Member.region.in_(wanted.regions))
    rows = session.execute(query.order_by(Person.id).limit(limit))
    return [PersonRow(**row._mapping) for row in rows]


def get_person(session: Session, person_id: int) -> PersonRow | None:
    """Return a person, None if there is none. One query."""
    query = select(*COLUMNS).select_from(WITH_MEMBER).where(Person.id == person_id)
    row = session.execute(query).first()
    return PersonRow(**row._mapping) if row else None
