"""Writing to the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.store.tables.operations import AuditEntry

AuditAction = Literal[
    "looked",
    "listed",
    "exported",
    "signed-up",
    "member",
    "sign-off",
    "credit",
    "credit-withdrawn",
    "sign-offs",
    "sign-offs-undone",
    "roles",
    "roles-undone",
    "award-question",
    "award-kept",
    "award-withdrawn",
    "award-allowed",
    "role",
    "note-added",
    "note-changed",
    "note-removed",
    "member-merged",
    "members-imported",
    "import-undone",
    "reminded",
    "member-email",
    "retry",
    "treat-as-sent",
    "account-answer",
    "number-answer",
    "difference-answer",
    "contact",
    "curriculum",
    "apply",
    "token-added",
    "token-revoked",
    "file-stored",
    "file-read",
    "forgot",
    "person-looked",
    "person-exported",
    "person-added",
    "person",
    "person-confirmed",
    "person-linked",
    "person-merged",
    "person-erased",
    "form-read",
    "form-sent",
    "form-withdrawn",
    "session",
    "session-leaders",
    "attendance",
    "team-given",
    "team-confirmed",
    "team-invited-again",
    "team-accepted",
    "team-removed",
    "consultation",
    "consultation-invitation",
    "consultation-answers",
    "consultation-approval",
    "filter-saved",
    "filter-changed",
    "filter-deleted",
    "report-emailed",
    "report-stopped",
]
"""What an entry says was done. The pages have a label for each."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """The member and person an entry is about, and the values before and after (JSON).

    Personal data belongs only in `before` and `after`: erasing the member or person clears those.
    `needs`: a confidential right. Readers of the log without it see only when and what was done.
    """

    member_id: int | None
    before: Mapping[str, object]
    after: Mapping[str, object]
    person_id: int | None = None
    needs: Right | None = None


def write(
    session: Session,
    actor: str,
    action: AuditAction,
    member_id: int | None,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
    *,
    person_id: int | None = None,
    needs: Right | None = None,
) -> None:
    """Add an entry. See `AuditRecord` for what it may hold."""
    record = AuditRecord(member_id, before, after, person_id, needs)
    write_all(session, actor, action, [record], now)


def write_all(
    session: Session, actor: str, action: AuditAction, lines: Iterable[AuditRecord], now: datetime
) -> None:
    """Add an entry for each line. At most one query."""
    rows = [
        {
            "at": now,
            "actor": actor,
            "action": action,
            "member_id": line.member_id,
            "person_id": line.person_id,
            "before": dict(line.before),
            "after": dict(line.after),
            "needs": line.needs or "",
        }
        for line in lines
    ]
    if rows:
        session.execute(insert(AuditEntry), rows)
