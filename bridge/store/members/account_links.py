"""Members linked to Moodle accounts, and links that may be wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bridge.store.tables.accounts import AccountQuestion
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry

MOODLE = "moodle"
"""Source of members who registered in Moodle, and actor of audit entries that Moodle caused."""
PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True)
class LinkedMember:
    """A member linked to a Moodle account. `confirmed`: a person confirmed the link."""

    id: int
    number: str | None
    first_name: str
    last_name: str
    email: str
    region: str
    source: str
    moodle_user_id: int
    confirmed: bool
    profile_email: str | None = None


def linked_members(session: Session, limit: int, after: int = 0) -> list[LinkedMember]:
    """Return up to `limit` members with a Moodle account and IDs above `after`. One query."""
    query = (
        select(
            Member.id, Member.number, Member.first_name, Member.last_name, Member.email,
            Member.region, Member.source, Member.moodle_user_id,
            AccountQuestion.id.is_not(None).label("confirmed"), Member.profile_email,
        )
        .outerjoin(AccountQuestion, _is_confirmed())
        .where(Member.moodle_user_id.is_not(None), Member.id > after)
        .order_by(Member.id)
        .limit(limit)
    )  # fmt: skip
    return [LinkedMember(**row._mapping) for row in session.execute(query)]


def numbers_from_moodle(session: Session, member_ids: Collection[int]) -> set[int]:
    """Return those of these members whose member number comes only from their Moodle profile.

    They registered in Moodle, and no audit entry shows that another source set the number. Two
    queries.
    """
    query = select(Member.id, Member.number).where(
        Member.id.in_(member_ids), Member.source == MOODLE, Member.number.is_not(None)
    )
    numbers = {row.id: row.number for row in session.execute(query)}
    if not numbers:
        return set()
    other_sources = select(AuditEntry.member_id, AuditEntry.after).where(
        AuditEntry.member_id.in_(numbers), AuditEntry.action == "member", AuditEntry.actor != MOODLE
    )
    proven = {
        member
        for member, after in session.execute(other_sources)
        if member is not None and after.get("number") == numbers[member]
    }
    return numbers.keys() - proven


def unproven_numbers(session: Session, member_ids: Collection[int]) -> set[int]:
    """Return those of these members whose member number comes only from their Moodle profile.

    Members whose link to the account was confirmed by a person are not included. Three queries.
    """
    confirmed = (
        select(Member.id).join(AccountQuestion, _is_confirmed()).where(Member.id.in_(member_ids))
    )
    return numbers_from_moodle(session, member_ids) - set(session.scalars(confirmed))


def count_numbers_from_moodle(session: Session) -> int:
    """Count members with a Moodle account whose number is unproven (see `unproven_numbers`).

    Two queries for each 1,000 members who registered in Moodle.
    """
    count, after = 0, 0
    while page := _unconfirmed_registrations(session, after):
        count += len(numbers_from_moodle(session, page))
        after = page[-1]
    return count


def _unconfirmed_registrations(session: Session, after: int) -> list[int]:
    """Return the next members who registered in Moodle with a number, without confirmed link."""
    confirmed = select(AccountQuestion.id).where(_is_confirmed())
    query = select(Member.id).where(
        Member.source == MOODLE,
        Member.number.is_not(None),
        Member.moodle_user_id.is_not(None),
        Member.id > after,
        ~confirmed.exists(),
    )
    return list(session.scalars(query.order_by(Member.id).limit(PAGE_SIZE)))


def _is_confirmed() -> ColumnElement[bool]:
    """SQL condition: a person answered that the account is the member's."""
    return and_(
        AccountQuestion.member_id == Member.id,
        AccountQuestion.moodle_user_id == Member.moodle_user_id,
        AccountQuestion.answer == "same",
    )
