"""Is this Moodle account this member's? Questions for a person, and answers that are remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from bridge.store.account_answers import Answer as Answer
from bridge.store.account_answers import Result as Result
from bridge.store.account_answers import answer as answer
from bridge.store.account_answers import drop_open as drop_open
from bridge.store.account_answers import withdraw as withdraw
from bridge.store.account_tables import AccountQuestion
from bridge.store.dialect import insert_into
from bridge.store.tables import Member

LONGEST_EMAIL = 254
LONGEST_NUMBER = 255

# Reasons that this project gives, in English; pages show them in the visitor's language.
NUMBER_FROM_MOODLE = "The member number comes from the Moodle profile, where everyone can edit it."
EMAIL_DIFFERS = "The account has another email address than the member."
UNCONFIRMED = "The account's email address is not confirmed."
GONE = "Moodle does not show this account: it was deleted, or the token may not see it."
NUMBER_DIFFERS = "The account has another member number."
SUSPENDED = "The account is suspended."
NOT_CERTAIN = "Several accounts or members fit, or the email address is not certain."
REASONS = (
    NUMBER_FROM_MOODLE, EMAIL_DIFFERS, UNCONFIRMED, GONE, NUMBER_DIFFERS, SUSPENDED, NOT_CERTAIN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a Moodle account is a member's, and why a person must say.

    `account_email` and `account_number` are what the account says, '' if it says nothing.
    """

    member_id: int
    moodle_user_id: int
    reason: str
    account_email: str = ""
    account_number: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What people have said about one member's accounts: Moodle user ids."""

    same: int | None = None
    different: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Listed:
    """A question with its member. `linked`: the member's Moodle account now.

    `answer` is '' for an open question. `other_id`: the record that the account was moved from,
    while it exists; it can be erased.
    """

    id: int
    member_id: int
    number: str | None
    first_name: str
    last_name: str
    email: str
    region: str
    linked: int | None
    moodle_user_id: int
    reason: str
    account_email: str
    account_number: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    other_id: int | None


def ask(session: Session, questions: Iterable[Question], now: datetime) -> None:
    """Record questions. One that is open is refreshed; one that was answered stays answered.

    Questions about members who no longer exist are ignored. Two queries.
    """
    wanted = {(one.member_id, one.moodle_user_id): one for one in questions}
    if not wanted:
        return
    members = select(Member.id).where(Member.id.in_({member for member, _ in wanted}))
    existing = set(session.scalars(members.with_for_update()))
    rows = [_row(wanted[key], now) for key in sorted(wanted) if key[0] in existing]
    if not rows:
        return
    insert = insert_into(session, AccountQuestion)
    new = insert.excluded
    said = ("reason", "account_email", "account_number")
    statement = insert.on_conflict_do_update(
        index_elements=["member_id", "moodle_user_id"],
        set_={name: new[name] for name in said},
        where=AccountQuestion.answer == "",
    )
    session.execute(statement, rows)


def _row(one: Question, now: datetime) -> dict[str, object]:
    return {
        "member_id": one.member_id,
        "moodle_user_id": one.moodle_user_id,
        "reason": one.reason.replace("\0", ""),
        "account_email": one.account_email.replace("\0", "")[:LONGEST_EMAIL],
        "account_number": one.account_number.replace("\0", "")[:LONGEST_NUMBER],
        "asked_at": now,
        "answer": "",
        "answered_by": "",
        "answered_at": None,
        "moved_from": None,
    }


def answers(session: Session, member_ids: Collection[int]) -> Mapping[int, Answers]:
    """What people have said about these members' accounts; without an answer, no entry.

    One query.
    """
    query = select(
        AccountQuestion.member_id, AccountQuestion.moodle_user_id, AccountQuestion.answer
    ).where(AccountQuestion.member_id.in_(member_ids), AccountQuestion.answer != "")
    found: dict[int, Answers] = {}
    for member, account, said in session.execute(query):
        before = found.get(member, Answers())
        found[member] = (
            Answers(account, before.different)
            if said == "same"
            else Answers(before.same, before.different | {account})
        )
    return found


def open_questions(
    session: Session, limit: int, after: int = 0, regions: Collection[str] | None = None
) -> Sequence[Listed]:
    """Up to `limit` questions without an answer, ids past `after`; in these regions. One query."""
    page = (_is_open(), AccountQuestion.id > after)
    return _listed(session, page, limit, regions)


def answered_questions(
    session: Session, limit: int, after: int = 0, regions: Collection[str] | None = None
) -> Sequence[Listed]:
    """Up to `limit` questions with their answers, ids past `after`; in these regions. One query."""
    page = (AccountQuestion.answer != "", AccountQuestion.id > after)
    return _listed(session, page, limit, regions)


def questions_by_ids(session: Session, ids: Collection[int]) -> Sequence[Listed]:
    """Those of these questions that exist. One query."""
    return _listed(session, (AccountQuestion.id.in_(ids),), len(ids), None)


def count_open(session: Session, regions: Collection[str] | None = None) -> int:
    """How many questions wait for an answer; in these regions."""
    query = select(func.count()).select_from(AccountQuestion)
    query = query.where(_is_open())
    if regions is not None:
        query = query.join(Member, Member.id == AccountQuestion.member_id)
        query = query.where(Member.region.in_(regions))
    return session.scalar(query) or 0


def _is_open() -> ColumnElement[bool]:
    """In the words of the index, which a bound value would not be."""
    return AccountQuestion.answer == literal_column("''", String)


def _listed(
    session: Session,
    wanted: Sequence[ColumnElement[bool]],
    limit: int,
    regions: Collection[str] | None,
) -> list[Listed]:
    asked, other = AccountQuestion, aliased(Member)
    query = (
        select(
            asked.id, asked.member_id, Member.number, Member.first_name, Member.last_name,
            Member.email, Member.region, Member.moodle_user_id.label("linked"),
            asked.moodle_user_id, asked.reason, asked.account_email, asked.account_number,
            asked.asked_at, asked.answer, asked.answered_by, asked.answered_at,
            other.id.label("other_id"),
        )
        .join(Member, Member.id == asked.member_id)
        .outerjoin(other, other.id == asked.moved_from)
        .where(*wanted)
    )  # fmt: skip
    if regions is not None:
        query = query.where(Member.region.in_(regions))
    rows = session.execute(query.order_by(asked.id).limit(limit))
    return [Listed(**row._mapping) for row in rows]
