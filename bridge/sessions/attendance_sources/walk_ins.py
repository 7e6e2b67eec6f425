"""People who came without being registered: the leader adds them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.sessions import attendance
from bridge.sessions.attendance import Mark
from bridge.sessions.earning.credits import Recorder
from bridge.store.members.queries import members_with_email
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord


def person_for(session: Session, recorder: Recorder, record: PersonRecord) -> int:
    """The person with this address: a member's, or one who is added. It says nothing about which.

    Call it in a transaction before the session is locked.
    """
    members = members_with_email(session, record.email)
    if len(members) == 1:
        return records.person_of_member(session, members[0].id, recorder.now)
    return records.find_or_add(session, record, recorder.now, "committee").id


def add_walk_in(session: Session, recorder: Recorder, session_id: int, person_id: int) -> bool:
    """Record that someone attended; return False if that is known. Raises as `record` does."""
    mark = Mark(person_id, attended=True)
    return attendance.record(session, recorder, session_id, "leader", [mark]) > 0
