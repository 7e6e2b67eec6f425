"""Members with their Moodle accounts, and what may make such a link wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bridge.store.account_tables import AccountQuestion
from bridge.store.tables import Audit, Member

MOODLE = "moodle"
"""Source of members who registered themselves in Moodle, and who wrote audit lines from there."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Linked:
    """A member with a Moodle account. `confirmed`: a person answered that it is theirs."""

    id: int
    number: str | None
    first_name: str
    last_name: str
    email: str
    region: str
    source: str
    moodle_user_id: int
    confirmed: bool


def linked_members(session: Session, limit: int, after: int = 0) -> list[Linked]:
    """Up to `limit` members with an account, ids past `after`. One query."""
    said = and_(
        AccountQuestion.member_id == Member.id,
        AccountQuestion.moodle_user_id == Member.moodle_user_id,
        AccountQuestion.answer == "same",
    )
    query = (
        select(
            Member.id, Member.number, Member.first_name, Member.last_name, Member.email,
            Member.region, Member.source, Member.moodle_user_id,
            AccountQuestion.id.is_not(None).label("confirmed"),
        )
        .outerjoin(AccountQuestion, said)
        .where(Member.moodle_user_id.is_not(None), Member.id > after)
        .order_by(Member.id)
        .limit(limit)
    )  # fmt: skip
    return [Linked(**row._mapping) for row in session.execute(query)]


def numbers_from_moodle(session: Session, member_ids: Collection[int]) -> set[int]:
    """Those of these members whose member number comes from their Moodle profile alone.

    They registered in Moodle, and no audit line says that another source gave them the number.
    Two queries.
    """
    query = select(Member.id, Member.number).where(
        Member.id.in_(member_ids), Member.source == MOODLE, Member.number.is_not(None)
    )
    numbers = {row.id: row.number for row in session.execute(query)}
    if not numbers:
        return set()
    given = select(Audit.member_id, Audit.after).where(
        Audit.member_id.in_(numbers), Audit.action == "member", Audit.who != MOODLE
    )
    proven = {
        member
        for member, after in session.execute(given)
        if member is not None and after.get("number") == numbers[member]
    }
    return numbers.keys() - proven


def unproven_numbers(session: Session, member_ids: Collection[int]) -> set[int]:
    """Those of these members whose member number comes from their Moodle profile alone, and no
    person has answered that the account is theirs. Three queries."""
    said = and_(
        AccountQuestion.member_id == Member.id,
        AccountQuestion.moodle_user_id == Member.moodle_user_id,
        AccountQuestion.answer == "same",
    )
    confirmed = select(Member.id).join(AccountQuestion, said).where(Member.id.in_(member_ids))
    return numbers_from_moodle(session, member_ids) - set(session.scalars(confirmed))


def count_numbers_from_moodle(session: Session) -> int:
    """How many members with an account have a number that comes from Moodle alone, and that no
    person has confirmed. Two queries for each 1,000 members who registered in Moodle."""
    count, after = 0, 0
    while page := _registered(session, after):
        count += len(numbers_from_moodle(session, page))
        after = page[-1]
    return count


def _registered(session: Session, after: int) -> list[int]:
    """The next members who registered in Moodle and have a number, not confirmed by a person."""
    said = select(AccountQuestion.id).where(
        AccountQuestion.member_id == Member.id,
        AccountQuestion.moodle_user_id == Member.moodle_user_id,
        AccountQuestion.answer == "same",
    )
    query = select(Member.id).where(
        Member.source == MOODLE,
        Member.number.is_not(None),
        Member.moodle_user_id.is_not(None),
        Member.id > after,
        ~said.exists(),
    )
    return list(session.scalars(query.order_by(Member.id).limit(PAGE)))
