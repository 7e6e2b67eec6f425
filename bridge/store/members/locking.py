"""Locks members until the transaction ends, so that what is decided from their data stays true.

Every transaction locks in the same order, which prevents deadlocks: addresses; then members, by ID,
in one query; then persons; then questions, deliveries and whatever else belongs to the members. The
locks let other transactions add rows that refer to a member. SQLite needs none: a transaction is
its only writer.
"""

from __future__ import annotations

from collections.abc import Collection
from zlib import crc32

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.orm import Session

from bridge.membership.numbers import number_key
from bridge.store.members.matching import email_key
from bridge.store.tables.members import Member

ADDRESS_LOCKS = 1024
"""Addresses share them, so that a batch of members doesn't fill PostgreSQL's table of locks."""
ADDRESS_LOCK_KIND = 1_397_770_069
"""Arbitrary: PostgreSQL's advisory locks have two numbers, and this is the first."""
LOCK_ADDRESSES = text(
    "SELECT pg_advisory_xact_lock(:kind, each) FROM unnest(CAST(:numbers AS integer[])) AS each"
)


def lock_addresses(session: Session, emails: Collection[str]) -> None:
    """Lock email addresses, also those that nobody has yet. One query.

    Call it before looking for the members with an address that a member may get: two transactions
    that don't see each other would make two members of one person.
    """
    if not emails or session.get_bind().dialect.name != "postgresql":
        return
    numbers = sorted({crc32(email_key(each).encode()) % ADDRESS_LOCKS for each in emails})
    session.execute(LOCK_ADDRESSES, {"kind": ADDRESS_LOCK_KIND, "numbers": numbers}).all()


def lock_members(session: Session, ids: Collection[int]) -> None:
    """Lock these members, before their data is read or written. One query."""
    if ids:
        lock_where(session, Member.id.in_(ids))


def lock_matching(
    session: Session, numbers: Collection[str], accounts: Collection[int], emails: Collection[str]
) -> None:
    """Lock these emails, and all members with one of these numbers, Moodle accounts or emails.

    The addresses of those members are locked too, because they may be stored again. Three queries.
    """
    keys = {email_key(email) for email in emails}
    matching = or_(
        Member.number.in_(numbers),
        Member.number_key.in_({number_key(number) for number in numbers} - {""}),
        Member.moodle_user_id.in_(accounts),
        Member.email_key.in_(keys),
    )
    lock_addresses(session, {*keys, *session.scalars(select(Member.email_key).where(matching))})
    lock_where(session, matching)


def lock_where(session: Session, condition: ColumnElement[bool]) -> None:
    """Lock the members of a condition. One query."""
    query = select(Member.id).where(condition).order_by(Member.id)
    session.execute(query.with_for_update(key_share=True)).all()
