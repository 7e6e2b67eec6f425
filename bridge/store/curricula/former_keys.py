"""Renames of keys that were seen in the curricula: `previously` may not say them any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.curricula import FormerKey

RenamedKey = tuple[str, str, str]
"""Curriculum, kind (such as `milestone`) and former key."""


def known_renames(session: Session) -> dict[RenamedKey, str]:
    """Return the key that came after each former key. One query."""
    columns = (FormerKey.curriculum, FormerKey.kind, FormerKey.former, FormerKey.current)
    return {(path, kind, old): new for path, kind, old, new in session.execute(select(*columns))}


def remember(session: Session, renames: Mapping[RenamedKey, str], now: datetime) -> None:
    """Store renames. The latest one of a former key counts."""
    rows = [
        {"curriculum": path, "kind": kind, "former": old, "current": new, "seen_at": now}
        for (path, kind, old), new in sorted(renames.items())
    ]
    if not rows:
        return
    insert = insert_into(session, FormerKey)
    changed = {"current": insert.excluded.current, "seen_at": insert.excluded.seen_at}
    key = ["curriculum", "kind", "former"]
    session.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), rows)
