"""Reading the audit log, newest entries first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.store.operations.audit_log import AuditAction
from bridge.store.tables.learning import Award
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to show.

    `regions`: entries about members of these regions; None means all. `curriculum` and
    `milestones`: entries about members who earned one of these milestones. `readable`: the
    confidential rights of the reader. Nobody can find out by a filter who an entry is about whose
    content they may not see.
    """

    member_id: int | None = None
    action: str = ""
    regions: Collection[str] | None = None
    curriculum: str = ""
    milestones: Collection[str] = ()
    readable: Collection[Right] = ()

    @property
    def tells_who(self) -> bool:
        """Whether being in the result says something about the member of an entry."""
        return self.member_id is not None or self.regions is not None or bool(self.milestones)


NO_FILTER = AuditFilter()


def has_entry(session: Session, action: AuditAction, actor: str, at: datetime) -> bool:
    """Whether the log has an entry with exactly this action, actor and time."""
    wanted = (AuditEntry.action == action, AuditEntry.actor == actor, AuditEntry.at == at)
    return bool(session.scalar(select(exists().where(*wanted))))


def entries(
    session: Session, limit: int, wanted: AuditFilter = NO_FILTER, *, before: int | None = None
) -> list[AuditEntry]:
    """Return up to `limit` entries older than the entry `before`. One query."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if wanted.member_id is not None:
        query = query.where(AuditEntry.member_id == wanted.member_id)
    if wanted.tells_who:
        query = query.where(AuditEntry.needs.in_(["", *wanted.readable]))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.regions is not None:
        in_region = (Member.id == AuditEntry.member_id, Member.region.in_(wanted.regions))
        query = query.where(exists().where(*in_region))
    if wanted.milestones:
        earned = exists().where(
            Award.member_id == AuditEntry.member_id,
            Award.curriculum == wanted.curriculum,
            Award.milestone.in_(wanted.milestones),
            Award.withdrawn_at.is_(None),
        )
        query = query.where(earned)
    return list(session.scalars(query))
