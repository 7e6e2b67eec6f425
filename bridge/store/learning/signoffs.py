"""Sign-offs: what the committee confirms about a member."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.members.queries import lock_member
from bridge.store.operations import audit_log
from bridge.store.tables.learning import Signoff


def record_signoff(
    session: Session,
    member_id: int,
    requirement: str,
    by_name: str,
    note: str,
    actor: str,
    now: datetime,
) -> bool:
    """Record that `by_name` confirmed a requirement; return False if it was recorded before.

    Raises MemberError if there is no such member.
    """
    lock_member(session, member_id)
    row = {
        "member_id": member_id,
        "requirement": requirement,
        "by_name": by_name,
        "note": note,
        "at": now,
    }
    insert = insert_into(session, Signoff).on_conflict_do_nothing().returning(Signoff.id)
    if session.scalars(insert, [row]).first() is None:
        return False
    after = {"requirement": requirement, "by_name": by_name}
    audit_log.write(session, actor, "sign-off", member_id, {}, after, now)
    return True


def signoffs_of(session: Session, member_id: int) -> list[Signoff]:
    """Return the sign-offs of a member, oldest first."""
    return list(
        session.scalars(select(Signoff).where(Signoff.member_id == member_id).order_by(Signoff.id))
    )
