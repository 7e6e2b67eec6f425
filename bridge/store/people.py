"""Members as the committee looks for them, and what one of them has completed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from bridge.store.matching import email_key
from bridge.store.tables import Award, Completion, Member


@dataclass(frozen=True, slots=True)
class Person:
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
class Wanted:
    """`words`: a number, an e-mail, or parts of a name; '' is everybody.

    `regions`: None is all. `curriculum` and `milestones`: who has earned one of these keys.
    """

    words: str = ""
    regions: Collection[str] | None = None
    curriculum: str = ""
    milestones: Collection[str] = ()


def search(session: Session, wanted: Wanted, limit: int, after: int = 0) -> list[Person]:
    """Up to `limit` members with ids past `after`, by id. One query."""
    query = select(
        Member.id, Member.number, Member.first_name, Member.last_name, Member.email,
        Member.region, Member.role, Member.role_since, Member.created_at,
    ).where(Member.id > after)  # fmt: skip
    if wanted.words:
        query = query.where(_said(wanted.words))
    if wanted.regions is not None:
        query = query.where(Member.region.in_(wanted.regions))
    if wanted.milestones:
        query = query.where(_has_earned(wanted.curriculum, wanted.milestones))
    rows = session.execute(query.order_by(Member.id).limit(limit))
    return [Person(**row._mapping) for row in rows]


def completions_of(session: Session, member_id: int) -> list[Completion]:
    """The newest state of every activity of one member, the latest first."""
    query = select(Completion).where(Completion.member_id == member_id)
    return list(session.scalars(query.order_by(Completion.at.desc(), Completion.activity)))


def _said(words: str) -> ColumnElement[bool]:
    """A number or an e-mail, whole; or every word at the beginning of one of the names."""
    exact = or_(Member.number == words, Member.email_key == email_key(words))
    if any(letter.isdigit() or letter == "@" for letter in words):
        return exact  # no name: both are looked up in an index
    names = and_(
        *(
            func.lower(Member.first_name).startswith(part.lower(), autoescape=True)
            | func.lower(Member.last_name).startswith(part.lower(), autoescape=True)
            for part in words.split()
        )
    )
    return or_(exact, names)


def _has_earned(curriculum: str, milestones: Collection[str]) -> ColumnElement[bool]:
    return exists().where(
        Award.member_id == Member.id,
        Award.curriculum == curriculum,
        Award.milestone.in_(milestones),
    )
