"""Who did what to whom, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bridge.store.tables.operations import AuditEntry


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Whom it happened to, and what changed, as JSON can carry it.

    Personal data belongs only in `before` and `after`: `forget_member` empties those.
    """

    member_id: int | None
    before: Mapping[str, object]
    after: Mapping[str, object]


def write(
    session: Session,
    actor: str,
    action: str,
    member_id: int | None,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
) -> None:
    """Add one line; see Line."""
    write_all(session, actor, action, [AuditLine(member_id, before, after)], now)


def write_all(
    session: Session, actor: str, action: str, lines: Iterable[AuditLine], now: datetime
) -> None:
    """Add a line each, for what was done to many at once. One query, or none."""
    rows = [
        {
            "at": now,
            "actor": actor,
            "action": action,
            "member_id": line.member_id,
            "before": dict(line.before),
            "after": dict(line.after),
        }
        for line in lines
    ]
    if rows:
        session.execute(insert(AuditEntry), rows)
