"""Searching members by number, email, name, region and milestone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store.members.matching import email_key, name_key
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member, MemberRole

T = TypeVar("T")

LAST_SORT_KEY = "\U0010ffff"
"""The last character there is: no name contains it, so it ends a range of prefixes."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list."""

    id: int
    number: str | None
    first_name: str
    last_name: str
    email: str
    region: str
    status: str
    role: str
    role_since: date | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members to find.

    `words`: a member number, an email or parts of a name; '' means all. `regions`: None means
    all. `curriculum` and `milestones`: members who earned one of these milestones. `status`: ''
    means any.
    """

    words: str = ""
    regions: Collection[str] | None = None
    curriculum: str = ""
    milestones: Collection[str] = ()
    status: str = ""


def search(
    session: Session, wanted: MemberFilter, limit: int, today: date, after: int = 0
) -> list[MemberRow]:
    """Return up to `limit` members with IDs above `after`, ordered by ID. One query.

    Of several roles, the row has the one held `today` that began last.
    """
    query = select(
        Member.id, Member.number, Member.first_name, Member.last_name, Member.email,
        Member.region, Member.status, Member.created_at,
        func.coalesce(_main_role(MemberRole.role, today), "").label("role"),
        _main_role(MemberRole.since, today).label("role_since"),
    ).where(Member.id > after)  # fmt: skip
    if wanted.words:
        query = query.where(Member.id.in_(_matching_words(wanted.words)))
    if wanted.regions is not None:
        query = query.where(Member.region.in_(wanted.regions))
    if wanted.status:
        query = query.where(Member.status == wanted.status)
    if wanted.milestones:
        query = query.where(Member.id.in_(_earners(wanted, after)))
    rows = session.execute(query.order_by(Member.id).limit(limit))
    return [MemberRow(**row._mapping) for row in rows]


def _main_role(column: InstrumentedAttribute[T], today: date) -> ScalarSelect[T]:
    """SQL: a column of the role held that day that began last."""
    since, until = MemberRole.since, MemberRole.until
    held = select(column).where(
        MemberRole.member_id == Member.id,
        or_(since.is_(None), since <= today),
        or_(until.is_(None), until >= today),
    )
    newest = held.order_by(since.is_(None), since.desc(), MemberRole.id.desc())
    return newest.limit(1).scalar_subquery()


def _matching_words(words: str) -> CompoundSelect[int]:
    """SQL: members with this exact number or email, or with a name that each word starts.

    A union, because a combined condition could not use the indexes.
    """
    exact = (
        select(Member.id).where(Member.number == words),
        select(Member.id).where(Member.email_key == email_key(words)),
    )
    parts = [name_key(part) for part in words.split()]
    if any(char.isdigit() or char == "@" for char in words) or not all(parts):
        return union(*exact)  # not a name
    other_parts = (Member.id.in_(union(*_name_starts_with(part))) for part in parts[1:])
    return union(*exact, *_name_starts_with(parts[0], *other_parts))


def _name_starts_with(part: str, *also: ColumnElement[bool]) -> list[Select[int]]:
    """SQL: members whose first name, and members whose last name, starts with `part`."""
    return [
        select(Member.id).where(key >= part, key < part + LAST_SORT_KEY, *also)
        for key in (Member.first_key, Member.last_key)
    ]


def _earners(wanted: MemberFilter, after: int) -> Select[int]:
    return select(Award.member_id).where(
        Award.curriculum == wanted.curriculum,
        Award.milestone.in_(wanted.milestones),
        Award.withdrawn_at.is_(None),
        Award.member_id > after,
    )
