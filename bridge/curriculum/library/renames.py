"""Chains of renames: `previously` says one step, and the store remembers the earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from bridge.curriculum.former_keys import all_keys, former_keys
from bridge.curriculum.model import Curriculum, Link, Milestone, Page, Quiz
from bridge.curriculum.topics import Topic, TopicPart

RenamedKind = Literal["milestone", "activity", "topic", "part"]
RenamedKey = tuple[str, str, str]
"""Curriculum, kind (a `RenamedKind`) and former key. That of a part begins with its topic's."""
Renames = Mapping[RenamedKey, str]
"""The next key of each former key."""
Steps = Mapping[str, str]
"""The next key by former key: of the things of one kind in one curriculum."""
Item = Milestone | Page | Link | Quiz | Topic | TopicPart
AnyItem = TypeVar("AnyItem", bound=Item)


@dataclass(frozen=True, slots=True)
class KnownRenames:
    """Renames that the database remembers. `unapplied`: those that no `apply` has seen yet."""

    steps: Renames
    unapplied: frozenset[RenamedKey] = frozenset()


NO_RENAMES = KnownRenames({})
ReadRenames = Callable[[], "KnownRenames | None"]


def written_renames(curricula: Iterable[Curriculum]) -> Renames:
    """The renames that the YAML files say."""
    of_items: dict[RenamedKey, str] = {
        (curriculum.key, kind, former): item.key
        for curriculum in curricula
        for kind, item in _items(curriculum)
        for former in former_keys(item)
    }
    return of_items | {
        (curriculum.key, "part", f"{topic.key}/{former}"): f"{topic.key}/{part.key}"
        for curriculum in curricula
        for topic in curriculum.topics
        for part in topic.parts
        for former in former_keys(part)
    }


def with_known_renames(
    curricula: Collection[Curriculum], known: KnownRenames
) -> tuple[Curriculum, ...]:
    """The curricula, in which each thing also has the keys it had before its latest rename.

    `known`: renames that the files may not say any more. What a file says wins, and one that was
    taken back is left out.
    """
    gone = taken_back(curricula, known)
    steps = {former: key for former, key in known.steps.items() if former not in gone}
    return tuple(_complete(each, steps) if steps else each for each in curricula)


def new_renames(curricula: Iterable[Curriculum], known: KnownRenames) -> Renames:
    """The renames in curricula, with their chains, that aren't known yet.

    One that was applied is known, until another one is applied.
    """
    written = written_renames(curricula)
    return {
        former: key
        for former, key in written.items()
        if former not in known.steps
        or (former in known.unapplied and key not in _later_keys(former, known.steps, written))
    }


def _later_keys(former: RenamedKey, known: Renames, written: Renames) -> list[str]:
    """The keys that came after a known one."""
    path, kind, _ = former
    steps = {
        old: new for (*place, old), new in {**written, **known}.items() if place == [path, kind]
    }
    return _chain(former[2], steps)[1:]


def taken_back(curricula: Iterable[Curriculum], known: KnownRenames) -> frozenset[RenamedKey]:
    """Renames that were a mistake: the file doesn't say them any more, and none was applied.

    The thing that was said to be renamed is still there, or again under its former key: otherwise,
    it may have been renamed again.
    """
    curricula = tuple(curricula)
    written = written_renames(curricula)
    there = {
        (curriculum.key, kind, item.key)
        for curriculum in curricula
        for kind, item in _items(curriculum)
    } | {
        (curriculum.key, "part", f"{topic.key}/{part.key}")
        for curriculum in curricula
        for topic in curriculum.topics
        for part in topic.parts
    }
    return frozenset(
        former
        for former in known.unapplied - written.keys()
        if former in there or (*former[:2], known.steps[former]) in there
    )


def _items(
    curriculum: Curriculum,
) -> Iterator[tuple[RenamedKind, Item]]:
    for milestone in curriculum.milestones:
        yield "milestone", milestone
        for activity in milestone.course.activities:
            yield "activity", activity
    for topic in curriculum.topics:
        yield "topic", topic


def _complete(curriculum: Curriculum, known: Renames) -> Curriculum:
    milestones = _formers_of(curriculum, "milestone", known)
    activities = _formers_of(curriculum, "activity", known)
    topics = _formers_of(curriculum, "topic", known)
    return replace(
        curriculum,
        milestones=tuple(
            _with_earlier(_with_activities(each, activities), milestones)
            for each in curriculum.milestones
        ),
        topics=tuple(
            _with_parts(_with_earlier(each, topics), curriculum.key, known)
            for each in curriculum.topics
        ),
    )


def _with_activities(milestone: Milestone, formers: Mapping[str, list[str]]) -> Milestone:
    sections = tuple(
        replace(each, activities=tuple(_with_earlier(one, formers) for one in each.activities))
        for each in milestone.course.sections
    )
    return replace(milestone, course=replace(milestone.course, sections=sections))


def _with_parts(topic: Topic, path: str, known: Renames) -> Topic:
    """The topic with all former keys of its parts, also those under its own former keys."""
    prefixes = tuple(f"{name}/" for name in all_keys(topic))
    steps = {
        former.partition("/")[2]: key.partition("/")[2]
        for (each, kind, former), key in known.items()
        if (each, kind) == (path, "part") and former.startswith(prefixes)
    }
    formers = _formers(topic.parts, steps)
    return replace(topic, parts=tuple(_with_earlier(each, formers) for each in topic.parts))


def _with_earlier(item: AnyItem, formers: Mapping[str, list[str]]) -> AnyItem:
    return replace(item, earlier=(*item.earlier, *formers.get(item.key, ())))


def _formers_of(curriculum: Curriculum, kind: RenamedKind, known: Renames) -> dict[str, list[str]]:
    """The former keys of everything of a kind that aren't in its file, by current key."""
    items = [item for each, item in _items(curriculum) if each == kind]
    mine = {
        former: key
        for (path, each, former), key in known.items()
        if (path, each) == (curriculum.key, kind)
    }
    return _formers(items, mine)


def _formers(items: Sequence[Item], known: Steps) -> dict[str, list[str]]:
    """The former keys that aren't in the file, by current key. `known`: the steps remembered."""
    written = {former: item.key for item in items for former in former_keys(item)}
    current = {item.key for item in items}
    steps = {old: key for old, key in known.items() if old not in current} | written
    chains = sorted((_chain(former, steps) for former in steps.keys() - written.keys()), key=len)
    return {key: [first for first, *_, last in chains if last == key] for key in sorted(current)}


def _chain(key: str, steps: Steps) -> list[str]:
    """A former key, and each key that came after it."""
    chain = [key]
    while (key := steps.get(key, key)) not in chain:
        chain.append(key)
    return chain
