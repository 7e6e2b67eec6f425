"""Locks members until the transaction ends, so that what is decided from their data stays true.

Every transaction locks in the same order, which prevents deadlocks: members first, by ID, in one
query; then persons; then questions, deliveries and whatever else belongs to the members. The locks
let other transactions add rows that refer to a member. SQLite needs none: a transaction is its only
writer.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bridge.membership.numbers import number_key
from bridge.store.members.matching import email_key
from bridge.store.tables.members import Member


def lock_members(session: Session, ids: Collection[int]) -> None:
    """Lock these members, before their data is read or written. One query."""
    if ids:
        lock_where(session, Member.id.in_(ids))


def lock_matching(
    session: Session, numbers: Collection[str], accounts: Collection[int], emails: Collection[str]
) -> None:
    """Lock all members with one of these numbers, Moodle accounts or emails. One query."""
    keys = {email_key(email) for email in emails}
    lock_where(
        session,
        or_(
            Member.number.in_(numbers),
            Member.number_key.in_({number_key(number) for number in numbers} - {""}),
            Member.moodle_user_id.in_(accounts),
            Member.email_key.in_(keys),
        ),
    )


def lock_where(session: Session, condition: ColumnElement[bool]) -> None:
    """Lock the members of a condition. One query."""
    query = select(Member.id).where(condition).order_by(Member.id)
    session.execute(query.with_for_update(key_share=True)).all()
