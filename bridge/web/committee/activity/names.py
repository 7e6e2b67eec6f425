"""What the members, people, sessions and consultations of some entries are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.consultations.tables import Consultation
from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language
from bridge.membership.emails import email_key
from bridge.membership.names import full_name
from bridge.sessions.live_sessions import title_of
from bridge.sessions.tables import LiveSession
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person

Values = Mapping[str, object]


class Entry(Protocol):
    """An entry of the activity log."""

    @property
    def actor(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def member_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def before(self) -> Values: ...
    @property
    def after(self) -> Values: ...


@dataclass(frozen=True, slots=True)
class Names:
    """Names by ID, of those that still exist. `addresses`: by address in lower case.

    An address has a name only if one member or person has it, or the settings name someone.
    """

    members: Mapping[int, str] = field(default_factory=dict)
    persons: Mapping[int, str] = field(default_factory=dict)
    sessions: Mapping[int, str] = field(default_factory=dict)
    consultations: Mapping[int, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)


NO_NAMES = Names()


def read_names(
    session: Session,
    entries: Sequence[Entry],
    config: Config,
    curricula: Sequence[Curriculum],
    language: Language,
) -> Names:
    """The names that the sentences of these entries need. Four queries at most."""
    actors = {email_key(each.actor) for each in entries if "@" in each.actor}
    members = _members(session, _ids(entries, "member"), actors)
    persons = _persons(session, _ids(entries, "person"), actors - {key for _, key, _ in members})
    return Names(
        {number: name for number, _, name in members},
        {number: name for number, _, name in persons},
        _sessions(session, entries, curricula, language),
        _consultations(session, entries),
        _contacts(config) | _by_address([*members, *persons], actors),
    )


def number_in(values: Values, name: str) -> int:
    """A number among the values of an entry; 0 if there is none."""
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def numbers_in(values: Values, name: str) -> list[int]:
    """A list of numbers among the values of an entry."""
    value = values.get(name)
    return [each for each in value if isinstance(each, int)] if isinstance(value, list) else []


def actor_number(actor: str, kind: str) -> int:
    """The ID of an actor such as `member:12`; 0 for others."""
    named, _, number = actor.partition(":")
    return int(number) if named == kind and number.isdecimal() else 0


def _ids(entries: Iterable[Entry], kind: str) -> set[int]:
    found: set[int] = set()
    for each in entries:
        found.add(actor_number(each.actor, kind))
        if kind == "member":
            found |= {each.member_id or 0, number_in(each.after, "moved_from")}
            found |= {number_in(values, "member_id") for values in (each.before, each.after)}
        else:
            found.add(each.person_id or 0)
            found |= {*numbers_in(each.before, "leaders"), *numbers_in(each.after, "leaders")}
    return found - {0}


Found = tuple[int, str, str]
"""ID, address in lower case, and name."""


def _members(session: Session, ids: Iterable[int], addresses: Iterable[str]) -> list[Found]:
    wanted = Member.id.in_(sorted(ids)) | Member.email_key.in_(sorted(addresses))
    query = select(Member.id, Member.email_key, Member.first_name, Member.last_name).where(wanted)
    return [
        (row.id, row.email_key, full_name(row.first_name, row.last_name))
        for row in session.execute(query)
    ]


def _persons(session: Session, ids: Iterable[int], addresses: Iterable[str]) -> list[Found]:
    """An address without proof says nothing about who someone is."""
    proved = Person.email_key.in_(sorted(addresses)) & (Person.proof != "")
    query = select(Person.id, Person.email_key, Person.name)
    found = session.execute(query.where(Person.id.in_(sorted(ids)) | proved))
    return [(row.id, row.email_key, row.name or row.email_key) for row in found]


def _by_address(found: Iterable[Found], wanted: Iterable[str]) -> dict[str, str]:
    names: dict[str, set[str]] = {key: set() for key in wanted}
    for _, key, name in found:
        if key in names:
            names[key].add(name)
    return {key: name for key, several in names.items() if len(several) == 1 for name in several}


def _contacts(config: Config) -> dict[str, str]:
    """The chairs, as the settings name them, with their addresses."""
    chairs = (region.chair for region in config.regions.values())
    return {email_key(each.email): each.name for each in chairs if each}


def _sessions(
    session: Session, entries: Iterable[Entry], curricula: Sequence[Curriculum], language: Language
) -> dict[int, str]:
    ids = {number_in(each.after, "session") for each in entries} - {0}
    if not ids:
        return {}
    rows = session.scalars(select(LiveSession).where(LiveSession.id.in_(sorted(ids))))
    return {row.id: title_of(row, curricula, language) for row in rows}


def _consultations(session: Session, entries: Iterable[Entry]) -> dict[int, str]:
    ids = {number_in(each.after, "consultation") for each in entries} - {0}
    if not ids:
        return {}
    query = select(Consultation.id, Consultation.title).where(Consultation.id.in_(sorted(ids)))
    return {row.id: row.title for row in session.execute(query)}
