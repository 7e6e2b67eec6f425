"""Course module IDs of activities: a cache, rebuilt whenever the site is read."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bridge.store.tables.curricula import CourseModule

ActivityKey = tuple[str, str]
"""Curriculum and activity."""


def replace_all(session: Session, curriculum: str, cmids: Mapping[str, int]) -> None:
    """Store the course module IDs of a curriculum, by activity key, in place of the former ones."""
    same_curriculum = CourseModule.curriculum == curriculum
    stored = select(CourseModule.activity, CourseModule.cmid).where(same_curriculum)
    if {row.activity: row.cmid for row in session.execute(stored)} == cmids:
        return
    session.execute(delete(CourseModule).where(same_curriculum))
    if cmids:
        rows = [
            {"curriculum": curriculum, "activity": key, "cmid": cmids[key]} for key in sorted(cmids)
        ]
        session.execute(insert(CourseModule), rows)


def cmids_of(session: Session) -> dict[ActivityKey, int]:
    """Return the course module ID of every known activity. One query."""
    rows = session.execute(select(CourseModule))
    return {(row.curriculum, row.activity): row.cmid for (row,) in rows}
