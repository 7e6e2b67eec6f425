"""Members who may be the person that someone is about to add, or whose details they would share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.membership.numbers import number_key
from bridge.store.members import number_answers
from bridge.store.members.lookup import COLUMNS, FoundMember
from bridge.store.members.matching import email_key, name_key
from bridge.store.members.number_questions import (
    SAME_DETAILS,
    SPELLING,
    NewNumberQuestion,
    add_questions,
    member_meant,
)
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.members import Member

Why = Literal["number", "meant", "unnumbered", "spelling", "details", "email"]
"""The same number; a number that means them by an answer; their address, and they have no number;
the number in another spelling; the same name and address; the same address.
"""
IMPOSSIBLE: frozenset[Why] = frozenset({"number", "meant", "unnumbered"})
"""No answer lets two members have this."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells whether two records are about one person."""

    number: str | None
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class SimilarMember:
    """A member, and what they have in common with the record."""

    member: FoundMember
    why: Why

    @property
    def is_impossible(self) -> bool:
        return self.why in IMPOSSIBLE


def find_similar(
    session: Session, wanted: Identity, besides: int = 0, *, alone: bool = True
) -> Sequence[SimilarMember]:
    """The members who may be the same person as `wanted`, or share their address. Two queries.

    `besides`: the member who is changed. `alone`: a member without a number who has the address
    would be taken for `wanted`, as imports do.
    """
    meant = member_meant(session, wanted.number) if wanted.number else None
    same = (
        Member.email_key == email_key(wanted.email),
        Member.number_key.in_({number_key(wanted.number)} - {""}),
        Member.id == (meant or 0),
    )
    rows = session.execute(
        select(*COLUMNS).where(or_(*same), Member.id != besides).order_by(Member.id)
    )
    found = [FoundMember(**row._mapping) for row in rows]
    return [SimilarMember(each, _why(each, wanted, meant, alone=alone)) for each in found]


def _why(each: FoundMember, wanted: Identity, meant: int | None, *, alone: bool) -> Why:
    if wanted.number and each.number == wanted.number:
        return "number"
    if each.id == meant:
        return "meant"
    same_email = email_key(each.email) == email_key(wanted.email)
    if same_email and alone and not each.number:
        return "unnumbered"
    if wanted.number and number_key(each.number) == number_key(wanted.number):
        return "spelling"
    names = (name_key(each.first_name), name_key(each.last_name))
    same_name = names == (name_key(wanted.first_name), name_key(wanted.last_name))
    return "details" if same_name else "email"


def remember_different(
    session: Session,
    number: str,
    others: Iterable[SimilarMember],
    own: Collection[int],
    actor: str,
    now: datetime,
) -> None:
    """Store the answer that a record with this number is about none of these members.

    Imports of the number then ask nothing. `own`: the member records of `actor`.
    """
    asked = [
        NewNumberQuestion(
            each.member.id, number, SPELLING if each.why == "spelling" else SAME_DETAILS,
            "", "", "", "page",
        )
        for each in others
        if each.why in ("spelling", "details") and each.member.number
    ]  # fmt: skip
    if not asked:
        return
    add_questions(session, asked, now)
    ids = session.scalars(
        select(NumberQuestion.id).where(
            NumberQuestion.number == number,
            NumberQuestion.answer == "",
            NumberQuestion.member_id.in_({each.member_id for each in asked}),
        )
    ).all()
    number_answers.answer(session, ids, "different", actor, now, own=own)
