"""Searching members by number, email, name, region and milestone."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store.members.matching import email_key, name_key
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member, MemberRole

T = TypeVar("T")

LAST_SORT_KEY = "\U0010ffff"
"""The last character there is: no name contains it, so it ends a range of prefixes."""
MAX_WORDS = 8
"""How many words of a search count."""


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

    `words`: parts of a member number, of names or of an email; '' means all. `regions`: None means
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
    ).where(*conditions(wanted, after))  # fmt: skip
    rows = session.execute(query.order_by(Member.id).limit(limit))
    return [MemberRow(**row._mapping) for row in rows]


def count(session: Session, wanted: MemberFilter) -> int:
    """How many members the filter finds. One query."""
    query = select(func.count()).select_from(Member)
    return session.scalar(query.where(*conditions(wanted))) or 0


def conditions(wanted: MemberFilter, after: int = 0) -> list[ColumnElement[bool]]:
    """SQL conditions: the members of the filter, with IDs above `after`."""
    found: list[ColumnElement[bool]] = [Member.id > after]
    if wanted.words:
        found.append(_matches(wanted.words))
    if wanted.regions is not None:
        found.append(Member.region.in_(wanted.regions))
    if wanted.status:
        found.append(Member.status == wanted.status)
    if wanted.milestones:
        found.append(Member.id.in_(_earners(wanted, after)))
    return found


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


def _matches(words: str) -> ColumnElement[bool]:
    """SQL: each word is a part of the number, of a name, or of the email; or all are the number.

    It reads every member: an index doesn't help to find a part.
    """
    each = and_(*map(_has_part, words.split()[:MAX_WORDS]))
    return or_(each, _contains(func.lower(Member.number), words.lower()))


def _has_part(word: str) -> ColumnElement[bool]:
    """SQL: a number, name or email with this part. Of an email, the domain only if it is meant."""
    name, email = name_key(word), email_key(word)
    if not name:
        return false()  # nothing but accents
    return or_(
        _contains(Member.first_key, name),
        _contains(Member.last_key, name),
        _contains(func.lower(Member.number), word.lower()),
        _contains(Member.email_key, email, "" if "@" in email or "." in email else "@"),
    )


def _contains(column: SQLColumnExpression[str], part: str, before: str = "") -> ColumnElement[bool]:
    """SQL: a text with this part, and `before` somewhere after it."""
    escaped = re.sub(r"([%_/])", r"/\1", part)
    return column.like(f"%{escaped}%{before}%", escape="/")


def _earners(wanted: MemberFilter, after: int) -> Select[int]:
    return select(Award.member_id).where(
        Award.curriculum == wanted.curriculum,
        Award.milestone.in_(wanted.milestones),
        Award.withdrawn_at.is_(None),
        Award.member_id > after,
    )
