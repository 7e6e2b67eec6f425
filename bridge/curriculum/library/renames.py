"""Chains of renames: `previously` says one step, and the store remembers the earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal, TypeVar

from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.model import Curriculum, Link, Milestone, Page, Quiz
from bridge.curriculum.topics import Topic

RenamedKind = Literal["milestone", "activity", "topic"]
Renames = Mapping[tuple[str, str, str], str]
"""Current keys, by curriculum, kind and former key."""
ReadRenames = Callable[[], "Renames | None"]
NO_RENAMES: Renames = {}
Steps = Mapping[str, str]
"""The next key by former key: of the things of one kind in one curriculum."""
Item = Milestone | Page | Link | Quiz | Topic
AnyItem = TypeVar("AnyItem", bound=Item)


def written_renames(curricula: Iterable[Curriculum]) -> Renames:
    """The renames that the YAML files say."""
    return {
        (curriculum.key, kind, former): item.key
        for curriculum in curricula
        for kind, item in _items(curriculum)
        for former in former_keys(item)
    }


def with_known_renames(curricula: Iterable[Curriculum], known: Renames) -> tuple[Curriculum, ...]:
    """The curricula, in which each thing also has the keys it had before its latest rename.

    `known`: renames that the files may not say any more. What a file says wins.
    """
    return tuple(_complete(each, known) if known else each for each in curricula)


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
        topics=tuple(_with_earlier(each, topics) for each in curriculum.topics),
    )


def _with_activities(milestone: Milestone, formers: Mapping[str, list[str]]) -> Milestone:
    sections = tuple(
        replace(each, activities=tuple(_with_earlier(one, formers) for one in each.activities))
        for each in milestone.course.sections
    )
    return replace(milestone, course=replace(milestone.course, sections=sections))


def _with_earlier(item: AnyItem, formers: Mapping[str, list[str]]) -> AnyItem:
    return replace(item, earlier=(*item.earlier, *formers.get(item.key, ())))


def _formers_of(curriculum: Curriculum, kind: RenamedKind, known: Renames) -> dict[str, list[str]]:
    """The former keys of everything of a kind that isn't in its file, by current key."""
    items = [item for each, item in _items(curriculum) if each == kind]
    written = {former: item.key for item in items for former in former_keys(item)}
    current = {item.key for item in items}
    steps = {
        former: key
        for (path, each, former), key in known.items()
        if (path, each) == (curriculum.key, kind) and former not in current
    } | written
    chains = sorted((_chain(former, steps) for former in steps.keys() - written.keys()), key=len)
    return {key: [first for first, *_, last in chains if last == key] for key in sorted(current)}


def _chain(key: str, steps: Steps) -> list[str]:
    """A former key, and each key that came after it."""
    chain = [key]
    while (key := steps.get(key, key)) not in chain:
        chain.append(key)
    return chain
