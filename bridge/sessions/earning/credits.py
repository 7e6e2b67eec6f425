"""Credits for attending and leading. What was earned stays, whatever becomes of `sessions.yaml`.

A credit is withdrawn only if one of its sessions no longer counts for the member: the attendance
or the leaders were corrected, or the session doesn't take place, has a new date or another topic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.topics import Topic, names_of
from bridge.messages import Message
from bridge.sessions.earning.completions import Attended, Completion, completions
from bridge.sessions.earning.marks import attended_by, is_by_oneself
from bridge.sessions.live_sessions import find_topic
from bridge.sessions.notices.thanks import schedule_thanks
from bridge.sessions.tables import Attendance, LiveSession, SessionLeader
from bridge.store.learning import credits
from bridge.store.learning.credits import CreditRecord
from bridge.store.members.locking import lock_members
from bridge.store.persons import proof
from bridge.store.tables.learning import Credit
from bridge.store.tables.persons import Person
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import Correction, follow_up, settle
from bridge.workflows.dependent_awards import about_credit, dependents

CREDIT_SOURCE = "sessions"
CORRECTED = str(Message("The attendance was corrected."))
NOT_LEADING = str(Message("The leaders of the session were corrected."))
CANCELLED = str(Message("The session was cancelled."))
POSTPONED = str(Message("The session was postponed."))
NEW_DATE = str(Message("The session has a new date."))
OTHER_TOPIC = str(Message("The session is about another topic."))
OWN_REASONS = (CORRECTED, NOT_LEADING, CANCELLED, POSTPONED, NEW_DATE, OTHER_TOPIC)
Kind = Literal["session", "led"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who records, and what is needed to see at once what it earns. `now`: in the union's zone.

    `reason`: why what was recorded before is corrected.
    """

    curricula: Sequence[Curriculum]
    actor: str
    now: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What counts for whom. `sessions`: those that take or took place, by ID.

    `counted`: (kind, person) -> the sessions that they attended or led. `marks`: (session, person).
    `leaders`: of each session that is over.
    """

    sessions: Mapping[int, LiveSession]
    counted: Mapping[tuple[Kind, int], set[int]]
    marks: Mapping[tuple[int, int], Attendance]
    leaders: Mapping[int, set[int]]


def update_credits(
    session: Session, recorder: Recorder, live: LiveSession, person_ids: Collection[int]
) -> None:
    """Credit what these people have earned in the session's topic, and withdraw what they haven't.

    Only members who are certain. Leading counts once the session is over.
    """
    members = _certain_members(session, person_ids)
    if not members:
        return
    lock_members(session, sorted(members.values()))
    found = find_topic(recorder.curricula, live.curriculum, live.topic)
    names = set(names_of(found[1])) if found else {live.topic}
    stored = _stored(session, set(members.values()), live, names)
    about = {each for credit in stored for each in session_ids(credit)}
    by_member: defaultdict[tuple[int, str], list[Credit]] = defaultdict(list)
    for credit in stored:
        by_member[credit.member_id, credit.kind].append(credit)
    facts = _facts(session, live, names, about, [each.id for each in members], recorder.now)
    for person, member in members.items():
        for kind in KINDS:
            mine = by_member[member, kind]
            kept = _keep(
                session, recorder, facts, mine, facts.counted.get((kind, person.id), set())
            )
            if found is not None:
                rest = _rest(facts, person, kind, mine, names) - kept
                new = _add(
                    session, recorder, member, *found, kind, _earned(facts, found[1], kind, rest)
                )
                schedule_thanks(
                    session, live, member, new if kind == "session" else [], recorder.now
                )
    assess(session, recorder.curricula, set(members.values()), recorder.now)
    settle(session, recorder.curricula, set(members.values()), recorder.actor, recorder.now)


def reconsider(session: Session, recorder: Recorder, live: LiveSession) -> None:
    """Evaluate everyone who attended or led, after the state, the date or the topic has changed."""
    marked = select(Attendance.person_id).where(Attendance.session_id == live.id)
    people = set(session.scalars(marked))
    if live.ends_at <= recorder.now:
        led = select(SessionLeader.person_id).where(SessionLeader.session_id == live.id)
        people.update(session.scalars(led))
    if people:
        update_credits(session, recorder, live, people)


def update_credits_of(session: Session, recorder: Recorder, person_ids: Collection[int]) -> None:
    """Evaluate everything that these people attended or led, such as after linking or merging."""
    topics: dict[tuple[str, str], LiveSession] = {}
    people: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for table in (Attendance, SessionLeader):
        query = (
            select(LiveSession, table.person_id)
            .join(table, table.session_id == LiveSession.id)
            .where(table.person_id.in_(person_ids))
            .order_by(LiveSession.id)
        )
        for live, person in session.execute(query):
            topics.setdefault((live.curriculum, live.topic), live)
            people[live.curriculum, live.topic].add(person)
    for key, live in topics.items():
        update_credits(session, recorder, live, people[key])


def session_ids(credit: Credit) -> tuple[int, ...]:
    """The sessions that earned a credit."""
    return tuple(cast("list[int]", credit.evidence.get("sessions", [])))


def _certain_members(session: Session, person_ids: Collection[int]) -> dict[Person, int]:
    query = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)
    people = session.scalars(query, execution_options={"populate_existing": True}).all()
    found = {each: proof.certain_member(session, each) for each in people}
    return {each: member for each, member in found.items() if member is not None}


def _stored(
    session: Session, member_ids: Collection[int], live: LiveSession, names: Collection[str]
) -> list[Credit]:
    """The credits for the topic, and those for this session under the topic that it had before.

    Also those that a person has withdrawn: their sessions don't earn another one by themselves.
    """
    query = select(Credit).where(
        Credit.member_id.in_(member_ids), Credit.source == CREDIT_SOURCE, Credit.kind.in_(KINDS),
        Credit.withdrawn_reason.not_in(OWN_REASONS),
    ).order_by(Credit.id)  # fmt: skip
    return [
        each for each in session.scalars(query)
        if (each.curriculum == live.curriculum and each.key in names)
        or live.id in session_ids(each)
    ]  # fmt: skip


def _facts(
    session: Session,
    live: LiveSession,
    names: Collection[str],
    about: Collection[int],
    person_ids: Collection[int],
    now: datetime,
) -> _Facts:
    """What counts in the topic's sessions, and in those that the stored credits are about."""
    in_topic = and_(LiveSession.curriculum == live.curriculum, LiveSession.topic.in_(names))
    rows = session.scalars(select(LiveSession).where(or_(in_topic, LiveSession.id.in_(about))))
    sessions = {each.id: each for each in rows}
    held = {each.id for each in sessions.values() if each.state == "open"}
    over = {each for each in held if sessions[each].ends_at <= now}
    counted: defaultdict[tuple[Kind, int], set[int]] = defaultdict(set)
    marks = attended_by(session, held, person_ids)
    for (number, person), mark in marks.items():
        if mark.attended:
            counted["session", person].add(number)
    leaders: defaultdict[int, set[int]] = defaultdict(set)
    named = SessionLeader.session_id.in_(held), SessionLeader.person_id.in_(person_ids)
    for row in session.scalars(select(SessionLeader).where(*named)):
        leaders[row.session_id].add(row.person_id)
        if row.session_id in over:
            counted["led", row.person_id].add(row.session_id)
    return _Facts(sessions, counted, marks, leaders)


def _keep(
    session: Session,
    recorder: Recorder,
    facts: _Facts,
    stored: Iterable[Credit],
    counted: Collection[int],
) -> set[int]:
    """Withdraw the credits of which a session no longer counts; return the others' sessions."""
    kept: set[int] = set()
    for credit in stored:
        if credit.withdrawn_at is not None:
            continue
        problem = next(filter(None, (_problem(facts, recorder, credit, each, counted)
                                     for each in session_ids(credit))), "")  # fmt: skip
        if problem:
            _withdraw(session, recorder, credit, problem)
        else:
            kept.update(session_ids(credit))
    return kept


def _withdraw(session: Session, recorder: Recorder, credit: Credit, problem: str) -> None:
    """Withdraw what was not earned after all; a person decides about awards that depend on it."""
    depending = dependents(session, recorder.curricula, [credit], recorder.now)[credit.id]
    credits.withdraw(session, credit.id, problem, recorder.actor, recorder.now)
    correction = Correction(recorder.actor, recorder.now, recorder.reason or problem)
    lacking = [(award, about_credit(credit)) for award in depending]
    follow_up(session, recorder.curricula, lacking, correction)


def _problem(
    facts: _Facts, recorder: Recorder, credit: Credit, number: int, counted: Collection[int]
) -> str:
    """Why a session no longer counts for a credit; '' if it does."""
    live = facts.sessions.get(number)
    if live is None:
        return CORRECTED
    if live.state != "open":
        return POSTPONED if live.state == "postponed" else CANCELLED
    if live.starts_at > recorder.now:
        return NEW_DATE
    found = find_topic(recorder.curricula, credit.curriculum, credit.key)
    if live.topic not in (names_of(found[1]) if found else (credit.key,)):
        return OTHER_TOPIC
    if number not in counted:
        return NOT_LEADING if credit.kind == "led" else CORRECTED
    return ""


def _rest(
    facts: _Facts, person: Person, kind: Kind, stored: Iterable[Credit], names: Collection[str]
) -> set[int]:
    """The topic's sessions that can earn a new credit."""
    found = {
        each for each in facts.counted.get((kind, person.id), ())
        if facts.sessions[each].topic in names
    }  # fmt: skip
    withdrawn = {
        (number, credit.withdrawn_at)
        for credit in stored
        if credit.withdrawn_at and credit.withdrawn_reason not in OWN_REASONS
        for number in session_ids(credit)
    }
    if kind == "led":
        return found - {number for number, _ in withdrawn}
    marks = {number: facts.marks[number, person.id] for number in found}
    decided = {
        number for number, at in withdrawn if number in marks and marks[number].recorded_at <= at
    }
    own = {each for each in found if is_by_oneself(marks[each], person, facts.leaders)}
    return found - decided - own


def _earned(facts: _Facts, topic: Topic, kind: Kind, numbers: Iterable[int]) -> list[Completion]:
    rows = [facts.sessions[each] for each in sorted(numbers)]
    if kind == "led":
        return [((each.id,), each.starts.date()) for each in rows]
    return completions(topic, [Attended(each.id, each.part, each.starts.date()) for each in rows])


def _add(
    session: Session,
    recorder: Recorder,
    member_id: int,
    curriculum: Curriculum,
    topic: Topic,
    kind: Kind,
    earned: Iterable[Completion],
) -> list[str]:
    """Record credits; return their source IDs."""
    new = []
    for ids, day in sorted(earned):
        parts = (kind, "+".join(map(str, ids)))
        source_id = credits.next_source_id(session, member_id, *parts)
        credit = CreditRecord(
            member_id=member_id, curriculum=curriculum.key, kind=kind, key=topic.key,
            occurred_on=day, source=CREDIT_SOURCE, source_id=source_id,
            recorded_by=recorder.actor, evidence={"sessions": list(ids)},
        )  # fmt: skip
        credits.record(session, credit, recorder.now)
        new.append(source_id)
    return new
