"""The marks that count: those of the strongest source, for the present date of the session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, cast, get_args

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bridge.sessions.tables import Attendance, LiveSession
from bridge.store.members.matching import email_key
from bridge.store.tables.persons import Person

Source = Literal["code", "csv", "leader"]
SOURCES: tuple[Source, ...] = get_args(Source)
"""Each beats those before it."""
OF_PRESENT_DATE: ColumnElement[bool] = Attendance.recorded_at >= LiveSession.starts_at
"""SQL condition: a mark is about the present date of its session. Nothing is recorded before the
start, and a session gets a new date only in the future: older marks are about an earlier date."""
FRESH = {"populate_existing": True}
"""Marks are stored by an upsert, past the objects that the session has."""


def attended_by(
    session: Session, session_ids: Collection[int], person_ids: Collection[int] | None = None
) -> dict[tuple[int, int], Attendance]:
    """(Session, person) -> the mark that counts: that of the strongest source."""
    query = (
        select(Attendance)
        .join(LiveSession, LiveSession.id == Attendance.session_id)
        .where(Attendance.session_id.in_(session_ids), OF_PRESENT_DATE)
    )
    if person_ids is not None:
        query = query.where(Attendance.person_id.in_(person_ids))
    found: dict[tuple[int, int], Attendance] = {}
    fresh = session.scalars(query, execution_options=FRESH)
    for row in sorted(fresh, key=_strength):
        found[row.session_id, row.person_id] = row
    return found


def marks_of(
    session: Session, live: LiveSession, source: Source, person_ids: Iterable[int] | None = None
) -> dict[int, Attendance]:
    """What a source says about each person on the present date of a session."""
    query = select(Attendance).where(
        Attendance.session_id == live.id, Attendance.source == source,
        Attendance.recorded_at >= live.starts_at,
    )  # fmt: skip
    if person_ids is not None:
        query = query.where(Attendance.person_id.in_(person_ids))
    fresh = session.scalars(query, execution_options=FRESH)
    return {each.person_id: each for each in fresh}


def is_by_oneself(mark: Attendance, person: Person, leaders: Mapping[int, Collection[int]]) -> bool:
    """Whether people recorded themselves, which shows once two entries of theirs are one.

    By the address that they sign in with, or by a code that they could see as a leader. `leaders`:
    the leaders of each session.
    """
    if mark.source == "code":
        return person.id in leaders.get(mark.session_id, ())
    own = {person.email_key}
    if person.before_link:
        own.add(email_key(str(person.before_link["email"])))
    return email_key(mark.recorded_by) in own


def _strength(row: Attendance) -> int:
    return SOURCES.index(cast(Source, row.source))
