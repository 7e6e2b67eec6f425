"""Named locks: one process at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.operations import Lock


def acquire(session: Session, name: str, owner: str, now: datetime, lease: timedelta) -> bool:
    """Take the lock `name` until `now + lease`; False if it is held, even by `owner`."""
    insert = insert_into(session, Lock)
    taken = insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"owner": insert.excluded.owner, "expires_at": insert.excluded.expires_at},
        where=Lock.expires_at <= now,
    ).returning(Lock.name)
    values = [{"name": name, "owner": owner, "expires_at": now + lease}]
    return session.scalars(taken, values).first() is not None


def renew(session: Session, name: str, owner: str, now: datetime, lease: timedelta) -> bool:
    """Extend the lock; False if another owner has taken it."""
    held = update(Lock).where(Lock.name == name, Lock.owner == owner)
    return session.scalar(held.values(expires_at=now + lease).returning(Lock.name)) is not None


def release(session: Session, name: str, owner: str) -> None:
    """Release the lock, if `owner` holds it."""
    session.execute(delete(Lock).where(Lock.name == name, Lock.owner == owner))
