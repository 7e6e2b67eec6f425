"""Which members are meant by numbers and emails that someone typed. Also lists to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from bridge.membership.numbers import number_key
from bridge.store.members.matching import email_key
from bridge.store.members.number_questions import MEANS_MEMBER
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.learning import Enrolment
from bridge.store.tables.members import Member, MemberRole


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A member, as lists show one."""

    id: int
    number: str | None
    first_name: str
    last_name: str
    email: str
    region: str
    status: str


@dataclass(frozen=True, slots=True)
class Part:
    """Some members: those of these regions (None: of all) with these IDs (None: any)."""

    regions: frozenset[str] | None = None
    ids: frozenset[int] | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """SQL: a member belongs to it."""
        regions = true() if self.regions is None else Member.region.in_(self.regions)
        return regions & (true() if self.ids is None else Member.id.in_(self.ids))


Scope = Sequence[Part]
"""The members that someone may see: those of any of these parts."""
EVERYONE: Scope = (Part(),)
COLUMNS = (
    Member.id, Member.number, Member.first_name, Member.last_name, Member.email, Member.region,
    Member.status,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meant:
    """Who may be meant by a text. `other_spelling`: the number is written in another way."""

    members: tuple[FoundMember, ...] = ()
    other_spelling: bool = False


def find_meant(session: Session, texts: Collection[str], scope: Scope) -> Mapping[str, Meant]:
    """For each number or email, who may be meant in this scope. Two queries.

    A number as it is stored comes first, then what a person has answered about it, then an email,
    then a number in another spelling, such as without the zeros at its beginning.
    """
    answers = _answers(session, texts)
    keys = {number_key(text) for text in texts if "@" not in text} - {""}
    wanted = or_(
        Member.number.in_(texts),
        Member.number_key.in_(keys),
        Member.email_key.in_({email_key(text) for text in texts if "@" in text}),
        Member.id.in_(answers.values()),
    )
    found = _read(session, _in_scope(scope).where(wanted))
    numbers = {each.number: each for each in found if each.number}
    ids = {each.id: each for each in found}
    by_key, emails = defaultdict(list), defaultdict(list)
    for each in found:
        by_key[number_key(each.number)].append(each)
        emails[email_key(each.email)].append(each)
    meant = {}
    for text in texts:
        exact = numbers.get(text) or ids.get(answers.get(text, 0))
        if exact:
            meant[text] = Meant((exact,))
        elif "@" in text:
            meant[text] = Meant(tuple(emails.get(email_key(text), ())))
        else:
            similar = by_key.get(number_key(text) or "-", ())
            meant[text] = Meant(tuple(similar), other_spelling=True)
    return meant


def by_ids(session: Session, ids: Collection[int], scope: Scope) -> dict[int, FoundMember]:
    """Those of these members who are in the scope, by ID. One query."""
    rows = _read(session, _in_scope(scope).where(Member.id.in_(ids)))
    return {each.id: each for each in rows}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who to list: a region ('' for all), who work on a milestone (its keys), or these members.

    `role`: who hold it on the day `on`, or later.
    """

    region: str = ""
    curriculum: str = ""
    milestones: Collection[str] = ()
    ids: frozenset[int] | None = None
    role: str = ""
    on: date = date.min


def list_members(session: Session, wanted: Choice, scope: Scope, limit: int) -> list[FoundMember]:
    """Up to `limit` members to choose from, by name. One query."""
    query = _in_scope(scope)
    if wanted.region:
        query = query.where(Member.region == wanted.region)
    if wanted.ids is not None:
        query = query.where(Member.id.in_(wanted.ids))
    if wanted.role:
        lasting = or_(MemberRole.until.is_(None), MemberRole.until >= wanted.on)
        holders = select(MemberRole.member_id).where(MemberRole.role == wanted.role, lasting)
        query = query.where(Member.id.in_(holders))
    if wanted.milestones:
        working = select(Enrolment.member_id).where(
            Enrolment.curriculum == wanted.curriculum,
            Enrolment.milestone.in_(wanted.milestones),
            Enrolment.earned_at.is_(None),
        )
        query = query.where(Member.id.in_(working))
    order = (Member.last_key, Member.first_key, Member.id)
    return _read(session, query.order_by(*order).limit(limit))


def _in_scope(scope: Scope) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).where(or_(false(), *(each.condition for each in scope)))


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[FoundMember]:
    return [FoundMember(**row._mapping) for row in session.execute(query)]


def _answers(session: Session, texts: Collection[str]) -> dict[str, int]:
    """The members that numbers mean by a person's answer. One query."""
    query = select(NumberQuestion.number, NumberQuestion.member_id).where(
        NumberQuestion.number.in_(texts), NumberQuestion.answer.in_(MEANS_MEMBER)
    )
    return {row.number: row.member_id for row in session.execute(query)}
