"""Members as the committee looks for them, and what one of them has completed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union
from sqlalchemy.orm import Session

from bridge.store.members.matching import email_key, name_key
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member

LAST_SORT_KEY = "\U0010ffff"
"""No name goes on with it: it comes after every other character."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: int
    number: str | None
    first_name: str
    last_name: str
    email: str
    region: str
    role: str
    role_since: date | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """`words`: a number, an e-mail, or parts of a name; '' is everybody.

    `regions`: None is all. `curriculum` and `milestones`: who has earned one of these keys.
    """

    words: str = ""
    regions: Collection[str] | None = None
    curriculum: str = ""
    milestones: Collection[str] = ()


def search(session: Session, wanted: MemberFilter, limit: int, after: int = 0) -> list[MemberRow]:
    """Up to `limit` members with ids past `after`, by id. One query."""
    query = select(
        Member.id, Member.number, Member.first_name, Member.last_name, Member.email,
        Member.region, Member.role, Member.role_since, Member.created_at,
    ).where(Member.id > after)  # fmt: skip
    if wanted.words:
        query = query.where(Member.id.in_(_said(wanted.words)))
    if wanted.regions is not None:
        query = query.where(Member.region.in_(wanted.regions))
    if wanted.milestones:
        query = query.where(Member.id.in_(_earners(wanted, after)))
    rows = session.execute(query.order_by(Member.id).limit(limit))
    return [MemberRow(**row._mapping) for row in rows]


def _said(words: str) -> CompoundSelect[int]:
    """Who has that number or that e-mail, whole; or every word at the beginning of a name.

    Each is looked up in an index of its own: together, no index would serve.
    """
    exact = (
        select(Member.id).where(Member.number == words),
        select(Member.id).where(Member.email_key == email_key(words)),
    )
    parts = [name_key(part) for part in words.split()]
    if any(letter.isdigit() or letter == "@" for letter in words) or not all(parts):
        return union(*exact)  # no name
    others = (Member.id.in_(union(*_named(part))) for part in parts[1:])
    return union(*exact, *_named(parts[0], *others))


def _named(part: str, *also: ColumnElement[bool]) -> list[Select[int]]:
    """Whose first name, and whose last name, begins like that."""
    return [
        select(Member.id).where(key >= part, key < part + LAST_SORT_KEY, *also)
        for key in (Member.first_key, Member.last_key)
    ]


def _earners(wanted: MemberFilter, after: int) -> Select[int]:
    return select(Award.member_id).where(
        Award.curriculum == wanted.curriculum,
        Award.milestone.in_(wanted.milestones),
        Award.member_id > after,
    )
