"""Who is registered for a session, and who has attended; what someone is registered for.

And, for their record, the attended parts of series that aren't complete yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.topics import Topic
from bridge.foundations.feature import Context, RecordLine, RecordRequest, RecordSource
from bridge.foundations.owners import Owner
from bridge.messages import Message
from bridge.sessions import live_sessions
from bridge.sessions.earning.completions import Attended, completions
from bridge.sessions.earning.marks import OF_PRESENT_DATE, SOURCES, attended_by
from bridge.sessions.live_sessions import find_topic, is_to_come, title_of
from bridge.sessions.rules import COMING, HOLDS_SEAT, Format, RegistrationState
from bridge.sessions.tables import Attendance, LiveSession, Registration
from bridge.store.persons import proof, records
from bridge.store.tables.persons import Person

PART_KIND = "session-part"
"""The kind of lines on a record for parts of a series that isn't complete yet."""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A person. `format` and `state`: '' for someone who attended without being registered.

    `attended`: None if nobody has said so. `source`: who says it: leader, csv or code, or ''.
    """

    person_id: int
    name: str
    email: str
    format: Format | str
    state: RegistrationState | str
    joined: bool
    attended: bool | None
    source: str
    minutes: int | None

    @property
    def leaders_word(self) -> str:
        """What the leader has said: yes, no, or ''."""
        if self.source != "leader":
            return ""
        return "yes" if self.attended else "no"

    @property
    def is_no_show(self) -> bool:
        """Whether someone with a seat did not attend."""
        return self.state in HOLDS_SEAT and self.attended is False

    @property
    def is_open(self) -> bool:
        """Whether nobody has said if someone with a seat attended."""
        return self.state in HOLDS_SEAT and self.attended is None


def roster(session: Session, session_id: int) -> list[RosterLine]:
    """Everyone registered or attending, by name. Three queries."""
    mine = Registration.session_id == session_id
    registered = {
        each.person_id: each for each in session.scalars(select(Registration).where(mine))
    }
    marks = {person: mark for (_, person), mark in attended_by(session, [session_id]).items()}
    ids = registered.keys() | marks.keys()
    people = session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name_key))
    return [_line(each, registered.get(each.id), marks.get(each.id)) for each in people]


def attended_members(context: Context, session_id: int) -> Collection[int] | None:
    """The members who attended a session and are certain; None if there is none. Four queries."""
    if live_sessions.find(context.session, session_id) is None:
        return None
    marks = attended_by(context.session, [session_id])
    people = {person for (_, person), mark in marks.items() if mark.attended}
    return frozenset(proof.certain_members(context.session, people).values())


def held_sessions(
    context: Context, limit: int, regions: Collection[str] | None
) -> list[LiveSession]:
    """The newest sessions that have started, of these regions (None: of all). One query."""
    query = select(LiveSession).where(
        LiveSession.state == "open", LiveSession.starts_at <= context.now
    )
    if regions is not None:
        query = query.where(LiveSession.region.in_(regions))
    newest = query.order_by(LiveSession.starts_at.desc(), LiveSession.id.desc()).limit(limit)
    return list(context.session.scalars(newest))


def _line(person: Person, found: Registration | None, mark: Attendance | None) -> RosterLine:
    return RosterLine(
        person.id, person.name, person.email,
        found.format if found else "",
        cast(RegistrationState, found.state) if found else "",
        found is not None and found.joined_at is not None,
        mark.attended if mark else None, mark.source if mark else "",
        mark.minutes if mark else None,
    )  # fmt: skip


def registered(context: Context, owner: Owner) -> Sequence[tuple[LiveSession, Registration]]:
    """What someone is registered for and isn't over, in the order of the start. One query."""
    person = _mine(owner, context.session)
    if person is None:
        return []
    mine = (Registration.person_id == person, Registration.state.in_(COMING))
    query = (
        select(LiveSession, Registration)
        .join(Registration, Registration.session_id == LiveSession.id)
        .where(*mine, is_to_come(context.now), LiveSession.state != "cancelled")
        .order_by(LiveSession.starts_at, LiveSession.id)
    )
    return [(live, registration) for live, registration in context.session.execute(query)]


def _mine(owner: Owner, session: Session) -> int | None:
    """The owner's person, who has their registrations."""
    if owner.person_id is not None or owner.member_id is None:
        return owner.person_id
    return records.find_of_member(session, owner.member_id)


def _part_lines(context: Context, request: RecordRequest) -> Sequence[RecordLine]:
    """The attended parts that no credit has counted yet, newest first. One query."""
    by_topic: defaultdict[tuple[str, str], list[LiveSession]] = defaultdict(list)
    topics: dict[tuple[str, str], Topic] = {}
    for live in _attended_parts(context.session, request.member_id):
        found = find_topic(context.curricula, live.curriculum, live.topic)
        if found is not None:
            key = (found[0].key, found[1].key)
            topics[key] = found[1]
            by_topic[key].append(live)
    lines = [
        line for key, sessions in by_topic.items()
        for line in _lines_of(context, topics[key], sessions)
    ]  # fmt: skip
    asked = [line for line in lines if line.on <= request.last_day]
    return sorted(asked, key=lambda line: (line.at, line.title), reverse=True)[: request.limit]


def _attended_parts(session: Session, member_id: int) -> list[LiveSession]:
    """The sessions of parts that a member has attended, by the strongest source of each."""
    query = (
        select(LiveSession, Attendance.source, Attendance.attended)
        .join(Attendance, Attendance.session_id == LiveSession.id)
        .join(Person, Person.id == Attendance.person_id)
        .where(
            Person.member_id == member_id,
            LiveSession.part != "",
            LiveSession.state == "open",
            OF_PRESENT_DATE,
        )
        .order_by(LiveSession.starts, LiveSession.id)
    )
    rows = sorted(session.execute(query), key=lambda row: SOURCES.index(row.source))
    counts = {live.id: (live, attended) for live, _, attended in rows}
    return [live for live, attended in counts.values() if attended]


def _lines_of(
    context: Context, topic: Topic, sessions: Sequence[LiveSession]
) -> Iterator[RecordLine]:
    """A line for each attended session that isn't in a completed series."""
    if topic.credit != "all-parts":
        return
    parts = {each.id: topic.part(each.part) for each in sessions}
    days = [Attended(each.id, each.part, each.starts.date()) for each in sessions]
    counted = {number for ids, _ in completions(topic, days) for number in ids}
    rest = [each for each in sessions if each.id not in counted and parts[each.id]]
    done = len({parts[each.id] for each in rest})
    for each in rest:
        yield RecordLine(
            kind=PART_KIND, on=each.starts.date(), curriculum=each.curriculum, key=topic.key,
            title=title_of(each, context.curricula, context.language),
            result=Message("%(count)s of %(parts)s parts", count=done, parts=len(topic.parts)),
        )  # fmt: skip


PARTS = RecordSource({PART_KIND: Message("Parts of sessions")}, _part_lines)
