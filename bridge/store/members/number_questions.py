"""Questions about member numbers: is a record with another number about a member? A person answers.

Answers are remembered. See docs/decisions/0067.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, String, delete, func, literal_column, select
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.members import Member

NumberAnswer = Literal["same", "replace", "different"]
"""The same person, whose number stays; the same person with a new number; another person."""
MEANS_MEMBER = ("same", "replace")
"""Answers after which the number means the member."""

# Reasons in English. Pages show them in the visitor's language.
SPELLING = "Both numbers differ only in their spelling, such as zeros at the beginning."
SAME_DETAILS = "Both have the same name and email address."
REASONS = (SPELLING, SAME_DETAILS)

ANSWERS_BY_NUMBER = Mapping[str, Mapping[int, str]]
"""For each number, the answers about members (ids)."""


@dataclass(frozen=True, slots=True)
class NewNumberQuestion:
    """Is the record with this number about the member? `source`: of the record."""

    member_id: int
    number: str
    reason: str
    email: str
    first_name: str
    last_name: str
    source: str


@dataclass(frozen=True, slots=True)
class ListedNumberQuestion:
    """A question with its member, whose details have the prefix `member_`."""

    id: int
    member_id: int
    member_number: str | None
    member_first_name: str
    member_last_name: str
    member_email: str
    region: str
    number: str
    reason: str
    email: str
    first_name: str
    last_name: str
    source: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


def answers_about(session: Session, numbers: Collection[str]) -> dict[str, dict[int, str]]:
    """Return the answers about these numbers. One query."""
    query = select(NumberQuestion.number, NumberQuestion.member_id, NumberQuestion.answer).where(
        NumberQuestion.number.in_(numbers), NumberQuestion.answer != ""
    )
    found: dict[str, dict[int, str]] = {}
    for number, member, answer in session.execute(query):
        found.setdefault(number, {})[member] = answer
    return found


def member_meant(session: Session, number: str) -> int | None:
    """Return the member that a number means by an answer, None if it means nobody."""
    query = select(NumberQuestion.member_id).where(
        NumberQuestion.number == number, NumberQuestion.answer.in_(MEANS_MEMBER)
    )
    return session.scalar(query.limit(1))


def add_questions(session: Session, questions: Iterable[NewNumberQuestion], now: datetime) -> None:
    """Store questions about members who exist. An open question is updated. One query."""
    by_key = {(one.member_id, one.number): one for one in questions}
    rows = [_row(by_key[key], now) for key in sorted(by_key)]
    if not rows:
        return
    insert = insert_into(session, NumberQuestion)
    updated = ("reason", "email", "first_name", "last_name", "source")
    statement = insert.on_conflict_do_update(
        index_elements=["member_id", "number"],
        set_={name: insert.excluded[name] for name in updated},
        where=NumberQuestion.answer == "",
    )
    session.execute(statement, rows)


def drop_corrected(session: Session, members: Collection[int], source: str) -> None:
    """Delete open questions about the spelling of these members' numbers, from this source.

    It has sent the right numbers now. One query.
    """
    corrected = (
        NumberQuestion.member_id.in_(members),
        NumberQuestion.reason == SPELLING,
        NumberQuestion.source == source,
        _is_open(),
    )
    session.execute(delete(NumberQuestion).where(*corrected))


def _row(one: NewNumberQuestion, now: datetime) -> dict[str, object]:
    names = ("member_id", "number", "reason", "email", "first_name", "last_name", "source")
    unanswered = {"asked_at": now, "answer": "", "answered_by": "", "answered_at": None}
    return {name: getattr(one, name) for name in names} | unanswered


def open_questions(
    session: Session, limit: int, after: int = 0, regions: Collection[str] | None = None
) -> Sequence[ListedNumberQuestion]:
    """Return up to `limit` open questions with IDs above `after`, in these regions. One query."""
    return _listed(session, (_is_open(), NumberQuestion.id > after), limit, regions)


def answered_questions(
    session: Session, limit: int, after: int = 0, regions: Collection[str] | None = None
) -> Sequence[ListedNumberQuestion]:
    """Return up to `limit` answered questions above the ID `after`, in these regions. One query."""
    page = (NumberQuestion.answer != "", NumberQuestion.id > after)
    return _listed(session, page, limit, regions)


def count_open(session: Session, regions: Collection[str] | None = None) -> int:
    """Return how many questions are open in these regions."""
    query = select(func.count()).select_from(NumberQuestion).where(_is_open())
    if regions is not None:
        query = query.join(Member, Member.id == NumberQuestion.member_id)
        query = query.where(Member.region.in_(regions))
    return session.scalar(query) or 0


def _is_open() -> ColumnElement[bool]:
    """SQL condition, with the same literal as the partial index: a bound value could not use it."""
    return NumberQuestion.answer == literal_column("''", String)


def _listed(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
    regions: Collection[str] | None,
) -> list[ListedNumberQuestion]:
    one = NumberQuestion
    query = (
        select(
            one.id, one.member_id, Member.number.label("member_number"),
            Member.first_name.label("member_first_name"),
            Member.last_name.label("member_last_name"), Member.email.label("member_email"),
            Member.region, one.number, one.reason, one.email, one.first_name, one.last_name,
            one.source, one.asked_at, one.answer, one.answered_by, one.answered_at,
        )
        .join(Member, Member.id == one.member_id)
        .where(*conditions)
    )  # fmt: skip
    if regions is not None:
        query = query.where(Member.region.in_(regions))
    rows = session.execute(query.order_by(one.id).limit(limit))
    return [ListedNumberQuestion(**row._mapping) for row in rows]
