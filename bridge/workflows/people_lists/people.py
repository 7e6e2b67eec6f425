"""Who is meant by a list of numbers, emails and ticks, and what would happen to each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from sqlalchemy.orm import Session

from bridge.store.members import lookup
from bridge.store.members.lookup import FoundMember, Meant, Scope
from bridge.workflows.people_lists.entries import Entry, read_entries

S = TypeVar("S", bound=str)
T = TypeVar("T")

UnclearState = Literal["not-found", "ambiguous", "twice"]
"""The states of an entry that doesn't say who is meant, or says it again.

Each kind of list has its own states for those who are meant (`S`). `new` is recorded. `own`: it's
the person who records. `left`: they have left the union.
"""
ORDER = (
    "new", "already", "overlaps", "later", "none", "not-found", "ambiguous", "left", "own", "twice",
)  # fmt: skip
"""The states of all kinds of lists, as a page counts them."""
MAX_PEOPLE = 1000
"""How many people a list may have."""


@dataclass(frozen=True, slots=True)
class Line(Generic[S, T]):
    """One entry. `line`: where it was typed, 0 if it was ticked. `others`: who may be meant.

    `stored`: what the member has already, such as the sign-off.
    """

    text: str
    line: int
    state: UnclearState | S
    member: FoundMember | None = None
    others: tuple[FoundMember, ...] = ()
    other_spelling: bool = False
    stored: T | None = None


@dataclass(frozen=True, slots=True)
class Preview(Generic[S, T]):
    """All lines. `too_many`: the list is longer than `MAX_PEOPLE`; only its beginning is here."""

    lines: Sequence[Line[S, T]]
    too_many: bool = False

    @property
    def counts(self) -> Mapping[UnclearState | S, int]:
        """How many lines are in each state, in the order of the states."""
        found = Counter(each.state for each in self.lines)
        return {state: found[state] for state in sorted(found, key=ORDER.index)}

    @property
    def new(self) -> list[int]:
        """The IDs of those who are recorded."""
        return [each.member.id for each in self.lines if each.state == "new" and each.member]

    @property
    def meant(self) -> list[int]:
        """The IDs of everyone who is certainly meant, recorded now or before."""
        known = ("new", "already")
        return [each.member.id for each in self.lines if each.state in known and each.member]


@dataclass(frozen=True, slots=True)
class People:
    """The people that someone typed (`text`) or ticked (IDs), and those that they may mean.

    `own`: the members that are the person who records.
    """

    text: str
    ticked: Collection[int] = ()
    scope: Scope = lookup.EVERYONE
    own: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Who may be meant by each entry, with its line and text, and by each tick."""

    found: Sequence[tuple[int, str, Meant]]
    too_many: bool

    @property
    def ids(self) -> set[int]:
        """The IDs of all who may be meant."""
        return {each.id for _, _, who in self.found for each in who.members}


def find_people(session: Session, people: People) -> FoundPeople:
    """Look up everyone. Three queries at most, however many they are."""
    entries = _at_most_twice(read_entries(people.text))
    ticked = list(dict.fromkeys(people.ticked))
    different = list(dict.fromkeys(each.text for each in entries))
    too_many = len(different) + len(ticked) > MAX_PEOPLE
    kept = set(different[:MAX_PEOPLE])
    entries = [each for each in entries if each.text in kept]
    ticked = ticked[: MAX_PEOPLE - len(kept)]
    texts = {part for each in entries for part in (each.text, *each.parts)}
    meant = lookup.find_meant(session, texts, people.scope) if texts else {}
    chosen = lookup.by_ids(session, ticked, people.scope) if ticked else {}
    found = [*_typed(entries, meant), *((0, _shown(m), Meant((m,))) for m in chosen.values())]
    return FoundPeople(found, too_many)


def preview_of(
    people: FoundPeople,
    judge: Callable[[FoundMember], S],
    stored: Mapping[int, T],
) -> Preview[S, T]:
    """What would happen to each entry. `judge`: the state of a member who is certainly meant.

    `stored`: what members have already, by ID.
    """
    return Preview(list(_lines(people.found, judge, stored)), people.too_many)


def _at_most_twice(entries: Sequence[Entry]) -> list[Entry]:
    """Without what was typed more than twice: the second already says so."""
    seen: Counter[str] = Counter()
    kept = []
    for each in entries:
        seen[each.text] += 1
        if seen[each.text] <= 2:
            kept.append(each)
    return kept


def _typed(
    entries: Sequence[Entry], meant: Mapping[str, Meant]
) -> Iterator[tuple[int, str, Meant]]:
    """Each entry, or its parts if it isn't one number."""
    for each in entries:
        if each.names and not meant[each.text].members:
            yield each.line, each.text, _named(meant[each.parts[0]], each.names)
        elif each.parts and not meant[each.text].members:
            yield from ((each.line, part, meant[part]) for part in each.parts)
        elif len(each.parts) > 1 and all(meant[part].members for part in each.parts):
            yield each.line, each.text, _either(meant, each)
        else:
            yield each.line, each.text, meant[each.text]


def _either(meant: Mapping[str, Meant], entry: Entry) -> Meant:
    """An entry that is one number and also several."""
    texts = (entry.text, *entry.parts)
    found = {member.id: member for text in texts for member in meant[text].members}
    return Meant(tuple(found.values()))


def _named(who: Meant, names: Sequence[str]) -> Meant:
    """Those of them whose names these are."""
    given = {each.casefold() for each in names}
    return replace(who, members=tuple(each for each in who.members if given <= _names_of(each)))


def _names_of(member: FoundMember) -> set[str]:
    return set(f"{member.first_name} {member.last_name}".casefold().split())


def _lines(
    found: Sequence[tuple[int, str, Meant]],
    judge: Callable[[FoundMember], S],
    stored: Mapping[int, T],
) -> Iterator[Line[S, T]]:
    seen: dict[int, int] = {}
    for line, text, who in found:
        if len(who.members) != 1:
            state: UnclearState | S = "ambiguous" if who.members else "not-found"
            yield Line(text, line, state, others=who.members)
            continue
        [member] = who.members
        if line and seen.get(member.id) == line:
            continue  # their number and their email on one line
        state = "twice" if member.id in seen else judge(member)
        seen.setdefault(member.id, line)
        spelling, kept = who.other_spelling, stored.get(member.id)
        yield Line(text, line, state, member, other_spelling=spelling, stored=kept)


def _shown(member: FoundMember) -> str:
    return member.number or member.email
