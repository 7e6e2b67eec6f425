"""Record attendance as a meeting program's file says, for those it certainly means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.sessions import attendance, live_sessions
from bridge.sessions.attendance import Mark
from bridge.sessions.attendance_sources.codes import is_enough
from bridge.sessions.attendance_sources.meeting_csv import Participant
from bridge.sessions.earning.credits import Recorder
from bridge.sessions.earning.marks import marks_of
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.tables import Attendance, Registration
from bridge.store.members.matching import email_key
from bridge.store.persons import records
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person

BATCH = 500
Doubt = Literal["unknown", "ambiguous", "contradiction", "own"]
"""unknown: nobody is called so. ambiguous: several are. contradiction: the address is unknown, or
someone else's, and a name is known. own: the person who imports the file."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Someone in the file who isn't recorded: a person must decide."""

    participant: Participant
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Registered:
    """Someone on the roster. `addresses`: as compared."""

    person_id: int
    name: str
    addresses: frozenset[str]
    has_seat: bool


@dataclass(frozen=True, slots=True)
class CsvResult:
    """`changed`: how many are new or different. `walk_ins`: known people without a seat, who wait
    for the leader's word. `short`: the registered ones who didn't stay long enough. `gone`: the
    names of those whom an earlier file had, and this one doesn't certainly mean."""

    changed: int
    attended: int
    short: Sequence[Participant] = ()
    walk_ins: Sequence[Participant] = ()
    doubtful: Sequence[Doubtful] = field(default_factory=list)
    gone: Sequence[str] = ()


def import_attendance(
    session: Session,
    recorder: Recorder,
    session_id: int,
    participants: Sequence[Participant],
    own: Collection[int] = (),
) -> CsvResult:
    """Record attendance instead of what an earlier file said; the same file changes nothing.

    `own`: persons who can't record theirs. Someone is meant by their address, or by a name that
    exactly one registered person has. Raises SessionError before the session starts.
    """
    live = live_sessions.lock(session, session_id)
    before = marks_of(session, live, "csv")
    people = _registered(session, session_id)
    known = _known_addresses(session, participants, recorder.now)
    found, doubtful = match(participants, people, known)
    doubtful += [Doubtful(each, "own") for person, each in found.items() if person in own]
    seated = {each.person_id for each in people if each.has_seat}
    marks, short, walk_ins = [], [], []
    for person, each in found.items():
        if person in own:
            continue
        enough = is_enough(recorder, live, each.minutes) or _counted(before.get(person), each)
        attended = (enough and person in seated) or _counted(before.get(person), each)
        marks.append(Mark(person, attended, each.minutes))
        if person not in seated and not attended:
            walk_ins.append(each)
        elif not enough:
            short.append(each)
    changed = attendance.record(session, recorder, session_id, "csv", marks)
    missing = before.keys() - found.keys() - set(own)
    forgotten = attendance.forget(session, recorder, session_id, "csv", missing)
    return CsvResult(
        changed + len(forgotten), sum(each.attended for each in marks), short, walk_ins, doubtful,
        _names(session, forgotten),
    )  # fmt: skip


def _counted(before: Attendance | None, now: Participant) -> bool:
    """Whether the same was said before and counted: then it still does, as it was earned."""
    return before is not None and before.attended and before.minutes == now.minutes


def _names(session: Session, person_ids: Collection[int]) -> list[str]:
    named = select(Person.name).where(Person.id.in_(person_ids)).order_by(Person.name_key)
    return list(session.scalars(named))


def match(
    participants: Iterable[Participant], people: Sequence[Registered], known: Mapping[str, int]
) -> tuple[dict[int, Participant], list[Doubtful]]:
    """Who in the file is which person, and the others. `known`: the person of each known address.

    Rows of one person under different names are added up.
    """
    found: dict[int, Participant] = {}
    doubtful: list[Doubtful] = []
    by_address = {address: each.person_id for each in people for address in each.addresses}
    for each in participants:
        named = [one.person_id for one in people if _alike(one.name, each.name)]
        person = by_address.get(_key(each), known.get(_key(each)))
        if person is None and each.email and named:
            doubtful.append(Doubtful(each, "contradiction"))
        elif person is None and len(named) != 1:
            doubtful.append(Doubtful(each, "ambiguous" if named else "unknown"))
        else:
            person = named[0] if person is None else person
            before = found.get(person)
            found[person] = each if before is None else before.together_with(each)
    return found, doubtful


def _alike(one: str, other: str) -> bool:
    first, second = (" ".join(each.casefold().split()) for each in (one, other))
    return bool(first) and first == second


def _registered(session: Session, session_id: int) -> list[Registered]:
    query = (
        select(Registration, Person, Member.email_key)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Member, Member.id == Person.member_id)
        .where(Registration.session_id == session_id)
    )
    return [
        Registered(
            person.id, person.name, frozenset(filter(None, (person.email_key, address))),
            registration.state in HOLDS_SEAT,
        )
        for registration, person, address in session.execute(query)
    ]  # fmt: skip


def _known_addresses(
    session: Session, participants: Iterable[Participant], now: datetime
) -> dict[str, int]:
    """The person with each of these addresses, registered or not. A member gets one if need be.

    Addresses that several have aren't in it.
    """
    keys = sorted({email_key(each.email) for each in participants if each.email})
    members, persons = Counter[str](), Counter[str]()
    found: dict[str, int] = {}
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        for key, person_id in session.execute(
            select(Person.email_key, Person.id).where(Person.email_key.in_(some))
        ):
            persons[key] += 1
            found[key] = person_id
        for key, member_id in session.execute(
            select(Member.email_key, Member.id).where(Member.email_key.in_(some))
        ).all():
            members[key] += 1
            if key not in persons:
                found[key] = records.person_of_member(session, member_id, now)
    return {key: person for key, person in found.items() if persons[key] <= 1 and members[key] <= 1}


def _key(participant: Participant) -> str:
    return email_key(participant.email) if participant.email else ""
