"""Renames of keys that were seen in the curricula: `previously` may not say them any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from bridge.curriculum.library.renames import KnownRenames, RenamedKey, Renames
from bridge.store.dialect import insert_into
from bridge.store.tables.curricula import FormerKey


def known_renames(session: Session) -> KnownRenames:
    """Return the key that came after each former key. One query."""
    columns = (
        FormerKey.curriculum, FormerKey.kind, FormerKey.former, FormerKey.current,
        FormerKey.applied,
    )  # fmt: skip
    rows = session.execute(select(*columns)).all()
    steps = {(path, kind, old): new for path, kind, old, new, _ in rows}
    unapplied = {(path, kind, old) for path, kind, old, _, applied in rows if not applied}
    return KnownRenames(steps, frozenset(unapplied))


def remember(session: Session, renames: Renames, now: datetime, *, applied: bool = False) -> None:
    """Store renames. The latest one of a former key counts. `applied`: see `FormerKey`."""
    rows = [
        {"curriculum": path, "kind": kind, "former": old, "current": new, "seen_at": now,
         "applied": applied}
        for (path, kind, old), new in sorted(renames.items())
    ]  # fmt: skip
    if not rows:
        return
    insert = insert_into(session, FormerKey)
    changed = {name: insert.excluded[name] for name in ("current", "seen_at", "applied")}
    key = ["curriculum", "kind", "former"]
    session.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), rows)


def forget(session: Session, renames: Collection[RenamedKey]) -> None:
    """Delete renames that were never applied."""
    key = tuple_(FormerKey.curriculum, FormerKey.kind, FormerKey.former)
    session.execute(delete(FormerKey).where(key.in_(renames), FormerKey.applied.is_(False)))
