"""Saved versions of curriculum files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.curricula import CurriculumVersion


def save_version(
    session: Session, curriculum: str, file: str, text: str, note: str, actor: str, now: datetime
) -> int:
    """Save a version of a file; return its ID. NUL, which PostgreSQL can't store, becomes �."""
    storable = text.replace("\0", "\ufffd")
    row = CurriculumVersion(
        curriculum=curriculum, file=file, text=storable, note=note, actor=actor, at=now
    )
    session.add(row)
    session.flush()
    return row.id


def versions_of(
    session: Session, curriculum: str, file: str, *, before: int | None = None, limit: int = 50
) -> Sequence[CurriculumVersion]:
    """Return versions of a file, newest first; with `before`, those older than that ID."""
    query = select(CurriculumVersion).where(
        CurriculumVersion.curriculum == curriculum, CurriculumVersion.file == file
    )
    if before is not None:
        query = query.where(CurriculumVersion.id < before)
    return session.scalars(query.order_by(CurriculumVersion.id.desc()).limit(limit)).all()


def rename(session: Session, curriculum: str, old: str, new: str) -> None:
    """Move the versions of a file to its new name."""
    same_file = (CurriculumVersion.curriculum == curriculum, CurriculumVersion.file == old)
    session.execute(update(CurriculumVersion).where(*same_file).values(file=new))


def files_of(session: Session, curriculum: str) -> set[str]:
    """Return the names of all files with saved versions."""
    query = select(CurriculumVersion.file).where(CurriculumVersion.curriculum == curriculum)
    return set(session.scalars(query.distinct()))


def find_version(session: Session, version: int) -> CurriculumVersion | None:
    """Return a version by its ID, None if it doesn't exist."""
    return session.get(CurriculumVersion, version)
