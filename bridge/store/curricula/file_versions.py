"""Kept copies of what the committee wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.tables.curricula import CurriculumVersion


def save_version(
    session: Session, curriculum: str, file: str, text: str, note: str, actor: str, now: datetime
) -> int:
    """Keep a copy of a file as it was saved; returns its id."""
    row = CurriculumVersion(
        curriculum=curriculum, file=file, text=text, note=note, actor=actor, at=now
    )
    session.add(row)
    session.flush()
    return row.id


def versions_of(
    session: Session, curriculum: str, file: str, *, before: int | None = None, limit: int = 50
) -> Sequence[CurriculumVersion]:
    """The copies of one file, newest first; with `before`, those older than that id."""
    query = select(CurriculumVersion).where(
        CurriculumVersion.curriculum == curriculum, CurriculumVersion.file == file
    )
    if before is not None:
        query = query.where(CurriculumVersion.id < before)
    return session.scalars(query.order_by(CurriculumVersion.id.desc()).limit(limit)).all()


def rename(session: Session, curriculum: str, old: str, new: str) -> None:
    """The copies of a file under its new name."""
    its_own = (CurriculumVersion.curriculum == curriculum, CurriculumVersion.file == old)
    session.execute(update(CurriculumVersion).where(*its_own).values(file=new))


def files_of(session: Session, curriculum: str) -> set[str]:
    """The names of the files that copies are kept of."""
    query = select(CurriculumVersion.file).where(CurriculumVersion.curriculum == curriculum)
    return set(session.scalars(query.distinct()))


def find_version(session: Session, version: int) -> CurriculumVersion | None:
    """One copy by its id."""
    return session.get(CurriculumVersion, version)
