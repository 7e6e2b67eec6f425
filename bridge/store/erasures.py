"""What erasing someone does besides deleting their rows: counts that stay, names elsewhere."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.accounts import erasure
from bridge.store.dialect import insert_into
from bridge.store.members import contact_requests
from bridge.store.subject import FORMER_MEMBER, Subject
from bridge.store.tables.auth import Login, TeamRole
from bridge.store.tables.learning import Award, ErasedAwardCount
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry


def count_awards(session: Session, subject: Subject) -> None:
    """Keep a count of the awards, without a name."""
    earned = select(Award.curriculum, Award.milestone, literal(1))
    counted = earned.where(Award.member_id == subject.member_id, Award.withdrawn_at.is_(None))
    insert = insert_into(session, ErasedAwardCount).from_select(
        ["curriculum", "milestone", "count"], counted
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["curriculum", "milestone"], set_={"count": ErasedAwardCount.count + 1}
        )
    )


def delete_logins_of_email(session: Session, subject: Subject) -> None:
    if subject.email_key is not None:
        session.execute(delete(Login).where(Login.email == subject.email_key))


def delete_unsent_contact_emails(session: Session, subject: Subject) -> None:
    if subject.email_key is not None:
        contact_requests.delete_unsent_emails(session, subject.email_key)


def clear_questions(session: Session, subject: Subject) -> None:
    if subject.email_key is not None:
        erasure.clear_questions(session, subject.email_key, subject.number)


def clear_supervisor(session: Session, subject: Subject) -> None:
    """Clear them as the supervisor of other members, until the membership system says it again."""
    supervised = update(Member).where(func.lower(Member.supervisor_email) == subject.email_key)
    session.execute(supervised.values(supervisor_name="", supervisor_email=""))


def audit_entries(subject: Subject) -> ColumnElement[bool]:
    return or_(
        AuditEntry.member_id == subject.member_id,
        AuditEntry.person_id.in_(subject.person_ids),
    )


def clear_audit_entries(session: Session, subject: Subject) -> None:
    session.execute(update(AuditEntry).where(audit_entries(subject)).values(before={}, after={}))


def clear_lineages(session: Session, subject: Subject) -> None:
    """Replace them among those who brought others into the team."""
    for row in session.scalars(select(TeamRole)):
        row.lineage = [FORMER_MEMBER if each in subject.names else each for each in row.lineage]
    session.flush()
