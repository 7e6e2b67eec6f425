"""Who attended: from a leader, a CSV file or the code. Attendance earns credits.

The leader's word beats the CSV, which beats the code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import live_sessions
from bridge.sessions.earning.credits import Recorder, update_credits
from bridge.sessions.earning.marks import Source, marks_of
from bridge.sessions.tables import Attendance, LiveSession
from bridge.store.dialect import insert_into
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord


@dataclass(frozen=True, slots=True)
class Mark:
    """What a source says about a person. `minutes`: how long they attended, if it says so."""

    person_id: int
    attended: bool
    minutes: int | None = None


def record(
    session: Session, recorder: Recorder, session_id: int, source: Source, marks: Collection[Mark]
) -> int:
    """Record attendance, or correct it; return how many marks are new or different.

    What it earns is credited and evaluated in the same transaction, also if no mark is new; a
    credit that it no longer earns is withdrawn. Raises SessionError before the session starts.
    """
    live = live_sessions.lock(session, session_id)
    check_started(live, recorder.now)
    stored = marks_of(session, live, source, [each.person_id for each in marks])
    changed = [each for each in marks if _is_new(each, stored.get(each.person_id))]
    before = {person: _said(live, each) for person, each in stored.items()}
    if changed:
        _store(session, recorder, live, source, changed)
        _audit(session, recorder, live, source, before, changed)
    update_credits(session, recorder, live, {each.person_id for each in marks})
    return len(changed)


def check_started(live: LiveSession, now: datetime) -> None:
    """Raises SessionError before the session starts, and for one that doesn't take place."""
    if live.state != "open" or live.starts_at > now:
        raise SessionError(Message("attendance is recorded once the session has started."))


def forget(
    session: Session,
    recorder: Recorder,
    session_id: int,
    source: Source,
    person_ids: Collection[int],
) -> list[int]:
    """Take back what a source says about people; return the IDs of those that it had marked.

    Raises SessionError before the session starts.
    """
    live = live_sessions.lock(session, session_id)
    check_started(live, recorder.now)
    stored = marks_of(session, live, source, person_ids)
    before = {person: _said(live, each) for person, each in stored.items()}
    for row in stored.values():
        session.delete(row)
    session.flush()
    lines = [
        AuditRecord(None, said, {"session": live.id, "source": source, "attended": None}, person)
        for person, said in before.items()
    ]
    audit_log.write_all(session, recorder.actor, "attendance", lines, recorder.now)
    update_credits(session, recorder, live, before.keys())
    return sorted(before)


def _store(
    session: Session,
    recorder: Recorder,
    live: LiveSession,
    source: Source,
    marks: Collection[Mark],
) -> None:
    rows = [
        {"session_id": live.id, "person_id": each.person_id, "source": source,
         "attended": each.attended, "minutes": each.minutes, "recorded_by": recorder.actor,
         "recorded_at": recorder.now}
        for each in marks
    ]  # fmt: skip
    insert = insert_into(session, Attendance)
    new = {name: insert.excluded[name]
           for name in ("attended", "minutes", "recorded_by", "recorded_at")}  # fmt: skip
    keys = ["session_id", "person_id", "source"]
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=new), rows)


def _is_new(mark: Mark, stored: Attendance | None) -> bool:
    return stored is None or (stored.attended, stored.minutes) != (mark.attended, mark.minutes)


def _said(live: LiveSession, row: Attendance) -> dict[str, object]:
    """What the activity log keeps of a mark that is replaced or taken back."""
    minutes = {} if row.minutes is None else {"minutes": row.minutes}
    return {"session": live.id, "source": row.source, "attended": row.attended, **minutes}


def _audit(
    session: Session,
    recorder: Recorder,
    live: LiveSession,
    source: Source,
    before: Mapping[int, Mapping[str, object]],
    marks: Collection[Mark],
) -> None:
    because = {"reason": recorder.reason} if recorder.reason else {}
    lines = [
        AuditRecord(
            None, before.get(each.person_id, {}),
            {"session": live.id, "source": source, "attended": each.attended, **because},
            person_id=each.person_id,
        )
        for each in marks
    ]  # fmt: skip
    audit_log.write_all(session, recorder.actor, "attendance", lines, recorder.now)
