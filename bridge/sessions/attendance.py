"""Who attended: from a leader, a CSV file or the code. Attendance earns credits.

The leader's word beats the CSV, which beats the code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.topics import Topic, names_of
from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import live_sessions
from bridge.sessions.completions import Attended, completions
from bridge.sessions.notices.thanks import schedule_thanks
from bridge.sessions.tables import Attendance, LiveSession, SessionLeader
from bridge.store.dialect import insert_into
from bridge.store.learning import credits
from bridge.store.learning.credits import CreditRecord
from bridge.store.members.locking import lock_members
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.persons import proof
from bridge.store.tables.learning import Credit
from bridge.store.tables.persons import Person
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import Correction, follow_up, settle
from bridge.workflows.dependent_awards import about_credit, dependents

Source = Literal["code", "csv", "leader"]
SOURCES: tuple[Source, ...] = get_args(Source)
"""Each beats those before it."""
CREDIT_SOURCE = "sessions"
CORRECTED = "The attendance was corrected."


@dataclass(frozen=True, slots=True)
class Mark:
    """What a source says about a person. `minutes`: how long they attended, if it says so."""

    person_id: int
    attended: bool
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who records, and what is needed to see at once what it earns. `now`: in the union's zone.

    `reason`: why what was recorded before is corrected.
    """

    curricula: Sequence[Curriculum]
    actor: str
    now: datetime
    reason: str = ""


def record(
    session: Session, recorder: Recorder, session_id: int, source: Source, marks: Collection[Mark]
) -> int:
    """Record attendance, or correct it; return how many marks are new or different.

    What it earns is credited and evaluated in the same transaction; a credit that it no longer
    earns is withdrawn. Raises SessionError before the session starts.
    """
    live = live_sessions.lock(session, session_id)
    check_started(live, recorder.now)
    changed = _changed(session, live, source, marks)
    if not changed:
        return 0
    rows = [
        {"session_id": live.id, "person_id": each.person_id, "source": source,
         "attended": each.attended, "minutes": each.minutes, "recorded_by": recorder.actor,
         "recorded_at": recorder.now}
        for each in changed
    ]  # fmt: skip
    insert = insert_into(session, Attendance)
    new = {name: insert.excluded[name]
           for name in ("attended", "minutes", "recorded_by", "recorded_at")}  # fmt: skip
    keys = ["session_id", "person_id", "source"]
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=new), rows)
    people = {each.person_id for each in changed}
    _audit(session, recorder, live, source, changed)
    update_credits(session, recorder, live, people)
    return len(changed)


def check_started(live: LiveSession, now: datetime) -> None:
    """Raises SessionError before the session starts, and for one that doesn't take place."""
    if live.state != "open" or live.starts_at > now:
        raise SessionError(Message("attendance is recorded once the session has started."))


def forget(
    session: Session, recorder: Recorder, session_id: int, source: Source, person_id: int
) -> bool:
    """Take back what a source says about a person; return False if it said nothing."""
    live = live_sessions.lock(session, session_id)
    mine = (Attendance.session_id == live.id, Attendance.person_id == person_id)
    row = session.scalar(select(Attendance).where(*mine, Attendance.source == source))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    _audit(session, recorder, live, source, [])
    update_credits(session, recorder, live, {person_id})
    return True


def attended_by(
    session: Session, session_ids: Collection[int], person_ids: Collection[int] | None = None
) -> dict[tuple[int, int], Attendance]:
    """(Session, person) -> the mark that counts: that of the strongest source."""
    query = select(Attendance).where(Attendance.session_id.in_(session_ids))
    if person_ids is not None:
        query = query.where(Attendance.person_id.in_(person_ids))
    found: dict[tuple[int, int], Attendance] = {}
    for row in sorted(session.scalars(query), key=_strength):
        found[row.session_id, row.person_id] = row
    return found


def update_credits(
    session: Session, recorder: Recorder, live: LiveSession, person_ids: Collection[int]
) -> None:
    """Credit what these people have earned in the session's topic, and withdraw what they haven't.

    Only members who are certain. Leading counts once the session is over.
    """
    found = live_sessions.find_topic(recorder.curricula, live.curriculum, live.topic)
    people = session.scalars(select(Person).where(Person.id.in_(person_ids)))
    members = {
        person.id: member for person in people
        if (member := proof.certain_member(session, person)) is not None
    }  # fmt: skip
    if found is None or not members:
        return
    curriculum, topic = found
    lock_members(session, sorted(members.values()))
    sessions = _sessions_of(session, curriculum, topic)
    marks = attended_by(session, sessions, members)
    led = _led(session, sessions, members, recorder.now)
    for person_id, member_id in members.items():
        mine = [
            Attended(each, part, sessions[each].starts.date())
            for (each, person), mark in marks.items() if person == person_id and mark.attended
            for part in [sessions[each].part]
        ]  # fmt: skip
        earned = completions(topic, mine)
        new = _match(session, recorder, member_id, curriculum, topic, "session", earned)
        schedule_thanks(session, live, member_id, new, recorder.now)
        lead = [((each,), sessions[each].starts.date()) for each in led[person_id]]
        _match(session, recorder, member_id, curriculum, topic, "led", lead)
    assess(session, recorder.curricula, set(members.values()), recorder.now)
    settle(session, recorder.curricula, set(members.values()), recorder.actor, recorder.now)


def _match(
    session: Session,
    recorder: Recorder,
    member_id: int,
    curriculum: Curriculum,
    topic: Topic,
    kind: Literal["session", "led"],
    earned: Iterable[tuple[tuple[int, ...], date]],
) -> list[str]:
    """Make a member's credits for a topic those that were earned; return the new source IDs."""
    mine = (
        Credit.member_id == member_id, Credit.curriculum == curriculum.key, Credit.kind == kind,
        Credit.key.in_(names_of(topic)), Credit.source == CREDIT_SOURCE,
        Credit.withdrawn_at.is_(None),
    )  # fmt: skip
    stored = {_session_ids(each): each for each in session.scalars(select(Credit).where(*mine))}
    wanted = dict(earned)
    new = []
    for ids in sorted(wanted.keys() - stored.keys()):
        parts = (kind, "+".join(map(str, ids)))
        source_id = credits.next_source_id(session, member_id, *parts)
        credit = CreditRecord(
            member_id=member_id, curriculum=curriculum.key, kind=kind, key=topic.key,
            occurred_on=wanted[ids], source=CREDIT_SOURCE, source_id=source_id,
            recorded_by=recorder.actor, evidence={"sessions": list(ids)},
        )  # fmt: skip
        credits.record(session, credit, recorder.now)
        new.append(source_id)
    _withdraw(session, recorder, [stored[ids] for ids in stored.keys() - wanted.keys()])
    return new


def _withdraw(session: Session, recorder: Recorder, gone: Sequence[Credit]) -> None:
    """Withdraw what was not earned after all; a person decides about awards that depend on it."""
    if not gone:
        return
    actor, now, reason = recorder.actor, recorder.now, recorder.reason or CORRECTED
    depending = dependents(session, recorder.curricula, gone, now)
    credits.withdraw_all(session, [each.id for each in gone], reason, actor, now)
    lacking = [(award, about_credit(each)) for each in gone for award in depending[each.id]]
    follow_up(session, recorder.curricula, lacking, Correction(actor, now, reason))


def _session_ids(credit: Credit) -> tuple[int, ...]:
    return tuple(cast("list[int]", credit.evidence.get("sessions", [])))


def _sessions_of(session: Session, curriculum: Curriculum, topic: Topic) -> dict[int, LiveSession]:
    """All sessions of a topic that take or took place, also under its former key."""
    same = (LiveSession.curriculum == curriculum.key, LiveSession.topic.in_(names_of(topic)))
    rows = session.scalars(select(LiveSession).where(*same, LiveSession.state == "open"))
    return {each.id: each for each in rows}


def _led(
    session: Session,
    sessions: Mapping[int, LiveSession],
    person_ids: Collection[int],
    now: datetime,
) -> defaultdict[int, list[int]]:
    """The sessions that each person has led. They are over."""
    over = [each.id for each in sessions.values() if each.ends_at <= now]
    mine = (SessionLeader.session_id.in_(over), SessionLeader.person_id.in_(person_ids))
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in session.scalars(select(SessionLeader).where(*mine)):
        found[row.person_id].append(row.session_id)
    return found


def _changed(
    session: Session, live: LiveSession, source: Source, marks: Collection[Mark]
) -> list[Mark]:
    people = [each.person_id for each in marks]
    mine = (Attendance.session_id == live.id, Attendance.person_id.in_(people))
    rows = session.scalars(select(Attendance).where(*mine, Attendance.source == source))
    stored = {each.person_id: (each.attended, each.minutes) for each in rows}
    return [each for each in marks if stored.get(each.person_id) != (each.attended, each.minutes)]


def _strength(row: Attendance) -> int:
    return SOURCES.index(cast(Source, row.source))


def _audit(
    session: Session, recorder: Recorder, live: LiveSession, source: Source, marks: Iterable[Mark]
) -> None:
    because = {"reason": recorder.reason} if recorder.reason else {}
    lines = [
        AuditRecord(
            None, {}, {"session": live.id, "source": source, "attended": each.attended, **because},
            person_id=each.person_id,
        )
        for each in marks
    ]  # fmt: skip
    audit_log.write_all(session, recorder.actor, "attendance", lines, recorder.now)
