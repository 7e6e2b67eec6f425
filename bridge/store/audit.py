"""Who did what to whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.store.tables import Audit


def write(
    session: Session,
    who: str,
    action: str,
    member_id: int | None,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
) -> None:
    """Add one line. `before` and `after` hold what changed, as JSON can carry it.

    Personal data belongs only in `before` and `after`: `forget_member` empties those.
    """
    row = Audit(
        at=now,
        who=who,
        action=action,
        member_id=member_id,
        before=dict(before),
        after=dict(after),
    )
    session.add(row)
