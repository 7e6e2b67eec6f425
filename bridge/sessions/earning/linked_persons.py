"""People who attended as guests get their credits once they are linked to a member, or merged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.foundations.deadlines.local_time import find_zone
from bridge.foundations.feature import Context
from bridge.sessions.earning.credits import Recorder, update_credits_of
from bridge.sessions.tables import Attendance, SessionLeader
from bridge.store.database import Database
from bridge.store.tables.operations import AuditEntry

LOOK_BACK = timedelta(hours=1)
ACTIONS = ("person-linked", "person-merged")
JOB = "sessions"


def evaluate_linked(context: Context, person_ids: Collection[int], actor: str) -> None:
    """Evaluate these people, in the transaction that links or merges them."""
    recorder = Recorder(context.curricula, actor, context.now)
    update_credits_of(context.session, recorder, person_ids)


def catch_up(
    config: Config, curricula: Sequence[Curriculum], database: Database, now: datetime
) -> None:
    """Evaluate those who were linked lately: an address that is confirmed, or signs up, links too.

    It also finds those whose attendance another process recorded at the same moment.
    """
    attended = select(Attendance.person_id).where(Attendance.person_id == AuditEntry.person_id)
    led = select(SessionLeader.person_id).where(SessionLeader.person_id == AuditEntry.person_id)
    lately = (AuditEntry.at > now - LOOK_BACK, AuditEntry.action.in_(ACTIONS))
    query = select(AuditEntry.person_id).where(*lately, or_(attended.exists(), led.exists()))
    with database.reading() as session:
        found = {each for each in session.scalars(query) if each is not None}
    if found:
        local = now.astimezone(find_zone(config.timezone))
        with database.transaction() as session:
            update_credits_of(session, Recorder(curricula, JOB, local), found)
