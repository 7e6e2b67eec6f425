"""How often someone has completed a topic. Depends on its arguments only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bridge.curriculum.topics import WHOLE, Topic

Completion = tuple[tuple[int, ...], date]
"""The sessions of it, and the day of the last one."""


@dataclass(frozen=True, slots=True)
class Attended:
    """A session that someone attended: its ID, its part ('' if the topic had none), its day."""

    session_id: int
    part: str
    day: date


def completions(topic: Topic, attended: Iterable[Attended]) -> list[Completion]:
    """Each time the topic was completed, in order. A refresher is a completion of its own.

    With `all-parts`, the second completion takes the second time of every part, and so on.
    """
    by_part: defaultdict[str, list[Attended]] = defaultdict(list)
    for each in sorted(attended, key=lambda each: (each.day, each.session_id)):
        by_part[_current(topic, each.part)].append(each)
    if topic.credit == "none":
        return []
    if not topic.parts:
        return [_completion([each]) for each in by_part[WHOLE]]
    parts = [by_part[each.key] for each in topic.parts]
    match topic.credit:
        case "any-part":
            return sorted(
                (_completion([each]) for part in parts for each in part), key=lambda each: each[1]
            )
        case "all-parts":
            return [_completion(each) for each in zip(*parts, strict=False)]
        case _:
            assert_never(topic.credit)


def _current(topic: Topic, part: str) -> str:
    """The part's key now; WHOLE if the topic has no parts any more."""
    found = topic.part(part)
    return found.key if found else (WHOLE if not topic.parts else part)


def _completion(attended: Iterable[Attended]) -> Completion:
    found = list(attended)
    return tuple(sorted(each.session_id for each in found)), max(each.day for each in found)
