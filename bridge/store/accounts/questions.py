"""Questions about Moodle accounts: does an account belong to a member? A person answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from bridge.store.accounts.answers import Answer as Answer
from bridge.store.accounts.answers import Result as Result
from bridge.store.accounts.answers import answer as answer
from bridge.store.accounts.answers import drop_open as drop_open
from bridge.store.accounts.answers import withdraw as withdraw
from bridge.store.dialect import insert_into
from bridge.store.tables.accounts import AccountQuestion
from bridge.store.tables.members import Member

MAX_EMAIL_LENGTH = 254
MAX_NUMBER_LENGTH = 255

# Reasons in English. Pages show them in the visitor's language.
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
class NewQuestion:
    """A new question: does a Moodle account belong to a member?

    `reason`: why a person must decide. `account_email` and `account_number`: from the account,
    '' if it has none.
    """

    member_id: int
    moodle_user_id: int
    reason: str
    account_email: str = ""
    account_number: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers about one member: Moodle user IDs of accounts that are theirs or aren't."""

    same: int | None = None
    different: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """A question with its member. `linked`: the member's current Moodle account.

    `answer`: '' for an open question. `other_id`: the member record that the account was moved
    from, None if it was erased.
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


def add_questions(session: Session, questions: Iterable[NewQuestion], now: datetime) -> None:
    """Store questions. An open question is updated; an answered one stays answered.

    Questions about members who don't exist are ignored. Two queries.
    """
    by_key = {(one.member_id, one.moodle_user_id): one for one in questions}
    if not by_key:
        return
    members = select(Member.id).where(Member.id.in_({member for member, _ in by_key}))
    locked = members.order_by(Member.id).with_for_update(key_share=True)
    existing = set(session.scalars(locked))
    rows = [_row(by_key[key], now) for key in sorted(by_key) if key[0] in existing]
    if not rows:
        return
    insert = insert_into(session, AccountQuestion)
    new = insert.excluded
    updated = ("reason", "account_email", "account_number")
    statement = insert.on_conflict_do_update(
        index_elements=["member_id", "moodle_user_id"],
        set_={name: new[name] for name in updated},
        where=AccountQuestion.answer == "",
    )
    session.execute(statement, rows)


def _row(one: NewQuestion, now: datetime) -> dict[str, object]:
    return {
        "member_id": one.member_id,
        "moodle_user_id": one.moodle_user_id,
        "reason": one.reason.replace("\0", ""),
        "account_email": one.account_email.replace("\0", "")[:MAX_EMAIL_LENGTH],
        "account_number": one.account_number.replace("\0", "")[:MAX_NUMBER_LENGTH],
        "asked_at": now,
        "answer": "",
        "answered_by": "",
        "answered_at": None,
        "moved_from": None,
    }


def answers(session: Session, member_ids: Collection[int]) -> Mapping[int, Answers]:
    """Return the answers about these members, without members who have none. One query."""
    query = select(
        AccountQuestion.member_id, AccountQuestion.moodle_user_id, AccountQuestion.answer
    ).where(AccountQuestion.member_id.in_(member_ids), AccountQuestion.answer != "")
    found: dict[int, Answers] = {}
    for member, account, given in session.execute(query):
        before = found.get(member, Answers())
        found[member] = (
            Answers(account, before.different)
            if given == "same"
            else Answers(before.same, before.different | {account})
        )
    return found


def open_questions(
    session: Session, limit: int, after: int = 0, regions: Collection[str] | None = None
) -> Sequence[ListedQuestion]:
    """Return up to `limit` open questions with IDs above `after`, in these regions. One query."""
    page = (_is_open(), AccountQuestion.id > after)
    return _listed(session, page, limit, regions)


def answered_questions(
    session: Session, limit: int, after: int = 0, regions: Collection[str] | None = None
) -> Sequence[ListedQuestion]:
    """Return up to `limit` answered questions above the ID `after`, in these regions. One query."""
    page = (AccountQuestion.answer != "", AccountQuestion.id > after)
    return _listed(session, page, limit, regions)


def questions_by_ids(session: Session, ids: Collection[int]) -> Sequence[ListedQuestion]:
    """Return those of these questions that exist. One query."""
    return _listed(session, (AccountQuestion.id.in_(ids),), len(ids), None)


def count_open(session: Session, regions: Collection[str] | None = None) -> int:
    """Return how many questions are open in these regions."""
    query = select(func.count()).select_from(AccountQuestion)
    query = query.where(_is_open())
    if regions is not None:
        query = query.join(Member, Member.id == AccountQuestion.member_id)
        query = query.where(Member.region.in_(regions))
    return session.scalar(query) or 0


def _is_open() -> ColumnElement[bool]:
    """SQL condition, with the same literal as the partial index: a bound value could not use it."""
    return AccountQuestion.answer == literal_column("''", String)


def _listed(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
    regions: Collection[str] | None,
) -> list[ListedQuestion]:
    question, other = AccountQuestion, aliased(Member)
    query = (
        select(
            question.id, question.member_id, Member.number, Member.first_name, Member.last_name,
            Member.email, Member.region, Member.moodle_user_id.label("linked"),
            question.moodle_user_id, question.reason, question.account_email,
            question.account_number, question.asked_at, question.answer,
            question.answered_by, question.answered_at, other.id.label("other_id"),
        )
        .join(Member, Member.id == question.member_id)
        .outerjoin(other, other.id == question.moved_from)
        .where(*conditions)
    )  # fmt: skip
    if regions is not None:
        query = query.where(Member.region.in_(regions))
    rows = session.execute(query.order_by(question.id).limit(limit))
    return [ListedQuestion(**row._mapping) for row in rows]
