"""Where Moodle keeps each activity: a copy of its ids, made anew whenever the site is read."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bridge.store.tables.curricula import CourseModule

Key = tuple[str, str]
"""Curriculum and activity."""


def replace_all(session: Session, curriculum: str, cmids: Mapping[str, int]) -> None:
    """Course module ids by activity key: all that can be opened of the curriculum now."""
    mine = CourseModule.curriculum == curriculum
    stored = select(CourseModule.activity, CourseModule.cmid).where(mine)
    if {row.activity: row.cmid for row in session.execute(stored)} == cmids:
        return
    session.execute(delete(CourseModule).where(mine))
    if cmids:
        rows = [
            {"curriculum": curriculum, "activity": key, "cmid": cmids[key]} for key in sorted(cmids)
        ]
        session.execute(insert(CourseModule), rows)


def cmids_of(session: Session) -> dict[Key, int]:
    """The course module id of every activity we know of; one query."""
    rows = session.execute(select(CourseModule))
    return {(row.curriculum, row.activity): row.cmid for (row,) in rows}
